#include "reports/table.hpp"

#include <algorithm>
#include <cassert>

#include "models/base/text.hpp"

namespace ridgeline::reports {
namespace {

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths;
  for (const Column& column : table.columns) widths.push_back(count_characters(column.header));
  for (const auto* rows : {&table.rows, &table.footer}) {
    for (const Row& row : *rows) {
      assert(row.size() == widths.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], count_characters(row[i]));
      }
    }
  }
  return widths;
}

bool starts_group(const Table& table, std::size_t i) {
  return i == 0 || table.columns[i].group.empty() ||
         table.columns[i].group != table.columns[i - 1].group;
}

/// One past the last column of the group that begins at `begin`.
std::size_t group_end(const Table& table, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < table.columns.size() && !starts_group(table, end)) ++end;
  return end;
}

std::string gap(const Table& table, std::size_t i) {
  return i == 0 ? "" : starts_group(table, i) ? "  " : " ";
}

/// Makes room for the headings of groups by widening their first column.
void widen_for_groups(const Table& table, std::vector<std::size_t>& widths) {
  for (std::size_t begin = 0; begin < widths.size(); begin = group_end(table, begin)) {
    const std::size_t end = group_end(table, begin);
    std::size_t span = end - begin - 1;
    for (std::size_t i = begin; i < end; ++i) span += widths[i];
    const std::size_t wanted = count_characters(table.columns[begin].group);
    if (wanted > span) widths[begin] += wanted - span;
  }
}

std::string end_line(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

std::string row_text(const Table& table, const std::vector<std::size_t>& widths, const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths[i] - count_characters(row[i]), ' ');
    line += gap(table, i);
    line += table.columns[i].align == Align::left ? row[i] + padding : padding + row[i];
  }
  return end_line(std::move(line));
}

/// "---- cycles ----" above the columns of each group; nothing if there are none.
std::string group_line(const Table& table, const std::vector<std::size_t>& widths) {
  const auto has_group = [](const Column& column) { return !column.group.empty(); };
  if (std::none_of(table.columns.begin(), table.columns.end(), has_group)) return {};
  std::string line;
  for (std::size_t begin = 0; begin < widths.size(); begin = group_end(table, begin)) {
    const std::size_t end = group_end(table, begin);
    std::size_t span = end - begin - 1;
    for (std::size_t i = begin; i < end; ++i) span += widths[i];
    line += gap(table, begin);
    const std::string& name = table.columns[begin].group;
    const std::size_t rest = span - count_characters(name);
    if (name.empty() || rest < 4) {
      line += name + std::string(rest, ' ');
      continue;
    }
    const std::size_t left = (rest - 2) / 2;
    line += std::string(left, '-') + ' ' + name + ' ' + std::string(rest - 2 - left, '-');
  }
  return end_line(std::move(line));
}

}  // namespace

std::string to_text(const Table& table) {
  std::vector<std::size_t> widths = widths_of(table);
  widen_for_groups(table, widths);
  Row headers;
  std::size_t line_width = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    headers.push_back(table.columns[i].header);
    line_width += gap(table, i).size() + widths[i];
  }
  const std::string rule = std::string(line_width, '-') + '\n';
  std::string text = group_line(table, widths) + row_text(table, widths, headers) + rule;
  for (const Row& row : table.rows) text += row_text(table, widths, row);
  if (!table.footer.empty()) text += rule;
  for (const Row& row : table.footer) text += row_text(table, widths, row);
  return text;
}

}  // namespace ridgeline::reports

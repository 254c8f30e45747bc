#include "reports/markdown.hpp"

#include "reports/format.hpp"

namespace ridgeline::reports {
namespace {

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) {
    line += ' ';
    char before = 0;
    for (const char c : cell) {
      if (c == '|' && before != '\\') line += '\\';
      line += c;
      before = c;
    }
    line += " |";
  }
  return line + '\n';
}

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>|~&$";
  std::string escaped;
  for (const char c : printable(text)) {
    if (kMarkup.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string to_markdown(const Table& table) {
  std::vector<std::string> headers, rules;
  for (const Column& column : table.columns) {
    headers.push_back(column.header);
    rules.emplace_back(column.align == Align::left ? "---" : "---:");
  }
  std::string text = markdown_row(headers) + markdown_row(rules);
  for (const auto* rows : {&table.rows, &table.footer}) {
    for (const auto& row : *rows) text += markdown_row(row);
  }
  return text;
}

}  // namespace ridgeline::reports

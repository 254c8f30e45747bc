#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "models/base/error.hpp"
#include "models/base/text.hpp"
#include "models/papers/scalesim.hpp"

namespace ridgeline::papers {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// One line of the table, its fields by the names of their columns.
class Line {
 public:
  Line(const std::string& file, std::size_t number, const std::vector<std::string_view>& columns,
       std::string_view text)
      : file_(file), number_(number), columns_(columns), fields_(split(text, ',')) {
    if (fields_.size() != columns.size()) {
      fail(fmt::format("has {} fields, the header has {}", fields_.size(), columns.size()));
    }
  }

  [[nodiscard]] std::string text(std::string_view column) const {
    const auto found = std::ranges::find(columns_, column);
    if (found == columns_.end()) fail(fmt::format("the header has no column '{}'", column));
    return std::string(fields_[static_cast<std::size_t>(found - columns_.begin())]);
  }
  template <class T>
  [[nodiscard]] T number(std::string_view column, T least,
                         T most = std::numeric_limits<T>::max()) const {
    const std::string value = text(column);
    const std::optional<T> parsed = parse_number<T>(value);
    if (!parsed || !(*parsed >= least) || *parsed > most) {
      const std::string allowed = most < std::numeric_limits<T>::max()
                                      ? fmt::format("from {} to {}", least, most)
                                      : fmt::format("of at least {}", least);
      fail(fmt::format("{}: '{}' is no number {}", column, shortened(value), allowed));
    }
    return *parsed;
  }
  [[nodiscard]] int positive(std::string_view column, int most = 65536) const {
    return number(column, 1, most);
  }
  [[nodiscard]] std::int64_t count(std::string_view column) const {
    return number(column, std::int64_t{1});
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw InputError({.file = file_, .place = fmt::format("line {}", number_), .what = what});
  }

 private:
  const std::string& file_;
  std::size_t number_;
  const std::vector<std::string_view>& columns_;
  std::vector<std::string_view> fields_;
};

constexpr int kMany = std::numeric_limits<int>::max();

/// Rows and columns of the matrices that a convolution becomes are counted as int.
void check_extents(const Line& line, const ScalesimLayer& layer) {
  const auto product = [&](std::initializer_list<double> extents, const char* of) {
    double elements = 1;
    for (const double extent : extents) elements *= extent;
    if (elements >= kMany)
      line.fail(fmt::format("{} are {:.4g}, which is {} or more", of, elements, kMany));
  };
  product({double(layer.C), double(layer.R), double(layer.S)}, "the words of a filter");
  product({double(layer.H), double(layer.W)}, "the words of a channel");
}

ScalesimRow row_of(const Line& line) {
  ScalesimRow row{
      .layer = {.network = line.text("net"),
                .name = line.text("layer"),
                .H = line.positive("ifmap_h"),
                .W = line.positive("ifmap_w"),
                .R = line.positive("filt_h"),
                .S = line.positive("filt_w"),
                .C = line.positive("channels"),
                .M = line.positive("num_filters"),
                .stride = line.positive("stride")},
      .rows = line.positive("array_rows", 1024),
      .cols = line.positive("array_cols", 1024),
      .dataflow = line.text("dataflow"),
      .published = {.folds = static_cast<std::int64_t>(line.positive("row_folds", kMany)) *
                             line.positive("col_folds", kMany),
                    .cycles = Cycles(line.count("demand_rows")),
                    .mapping_efficiency = line.number("mapping_eff_pct", 0.0),
                    .ifmap_reads = line.count("ifmap_sram_reads"),
                    .filter_reads = line.count("filter_sram_reads")},
      .source = line.text("source")};
  if (row.layer.R > row.layer.H || row.layer.S > row.layer.W) {
    line.fail("the filter is larger than the ifmap");
  }
  check_extents(line, row.layer);
  const std::vector<std::string> known{"ws", "os", "is"};
  if (std::ranges::find(known, row.dataflow) == known.end()) {
    line.fail(fmt::format("dataflow: '{}' is none of ws, os, is", shortened(row.dataflow)));
  }
  return row;
}

}  // namespace

std::vector<ScalesimRow> parse_scalesim_csv(std::string_view text, const std::string& file) {
  std::vector<std::string_view> lines = split(text, '\n');
  for (std::string_view& line : lines)
    if (line.ends_with('\r')) line.remove_suffix(1);
  const std::vector<std::string_view> columns = split(lines.front(), ',');
  std::vector<ScalesimRow> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].empty()) rows.push_back(row_of(Line(file, i + 1, columns, lines[i])));
  }
  if (rows.empty())
    throw InputError({.file = file, .what = "has no row", .allowed = "a header and a line a row"});
  return rows;
}

}  // namespace ridgeline::papers

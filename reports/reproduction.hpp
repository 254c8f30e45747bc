#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "reports/gnuplot_figure.hpp"

/// A published table beside ours: plain values, and pure functions that print them. Whoever
/// reproduces a paper fills in a Reproduction; nothing here knows where the figures come from.
namespace ridgeline::reports {

/// How far our figure may lie from the published one: absolute + relative x |published|. With both
/// zero it must be equal.
struct Tolerance {
  double relative = 0;  ///< 0.02 is 2 %
  double absolute = 0;  ///< half a unit of the last digit, where a paper rounds
  bool operator==(const Tolerance&) const = default;
};

/// One published figure and ours.
struct Figure {
  std::vector<std::string> what;  ///< a text for each of Reproduction::columns
  double published = 0;
  double ours = 0;
  std::optional<Tolerance> tolerance{};  ///< none: shown for comparison only
  bool recalled = false;  ///< the published one is quoted from memory: said so, and never judged
};

enum class Verdict { pass, miss, not_judged, recalled };
[[nodiscard]] Verdict verdict_of(const Figure& figure);
/// (ours - published) / |published|; nothing if the published figure is 0.
[[nodiscard]] std::optional<double> relative_difference(const Figure& figure);

/// What else a study shows beside the figures: a table, a drawing of characters, or both.
struct Section {
  struct Number {
    double value = 0;
    int decimals = 0;  ///< that tables show; JSON has all
  };
  using Cell = std::variant<std::string, Number>;
  std::string title{};    ///< one line
  std::string drawing{};  ///< lines of at most 100 characters
  std::vector<std::string> columns{};
  std::vector<std::vector<Cell>> rows{};
};

struct Reproduction {
  std::string name;    ///< as `ridgeline reproduce` takes it
  std::string title;   ///< one line
  std::string source;  ///< which paper, table and convention
  /// What tells figures apart, the coarsest first: long tables are summed up by the first one.
  std::vector<std::string> columns;
  std::vector<Figure> figures;
  std::vector<std::string> notes{};  ///< a sentence or more each
  std::vector<Section> sections{};
  std::vector<GnuplotFigure> drawings{};  ///< for papers, drawn where files are asked for
};

struct ReproductionCounts {
  std::size_t passed = 0, missed = 0, not_judged = 0, recalled = 0;
};
[[nodiscard]] ReproductionCounts counts_of(std::span<const Figure> figures);

/// "networks: alexnet, MACs: 10 published, 12 ours (+20.00 %), tolerance 2 %" for each figure that
/// misses its tolerance.
[[nodiscard]] std::vector<std::string> misses_of(const Reproduction& reproduction);

/// Text and Markdown print a table of more figures than `kLongTable` by groups of its first
/// column, with the figures that miss and those furthest off, unless every row is asked for.
inline constexpr std::size_t kLongTable = 40;
enum class Rows { summed_up, all };

struct ReproductionFormat {
  std::string name;       ///< "text", as --format takes it
  std::string extension;  ///< "txt"
  std::string summary;
  std::string (*render)(std::span<const Reproduction>, Rows);
};
/// Every format; the first is the default.
[[nodiscard]] const std::vector<ReproductionFormat>& reproduction_formats();

[[nodiscard]] std::string reproductions_text(std::span<const Reproduction> all, Rows rows);
/// A heading of level 3, a table and the notes of each.
[[nodiscard]] std::string reproductions_markdown(std::span<const Reproduction> all, Rows rows);
/// Schema ridgeline.reproduction/1; every row, and the sections.
[[nodiscard]] std::string reproductions_json(std::span<const Reproduction> all, Rows rows);
/// A row a figure, every row.
[[nodiscard]] std::string reproductions_csv(std::span<const Reproduction> all, Rows rows);

/// How tables and messages write a figure's parts.
[[nodiscard]] std::string figure_text(double value);         ///< "861,339,936", "0.72"
[[nodiscard]] std::string difference_text(const Figure& f);  ///< "0", "+0.31 %"
[[nodiscard]] std::string tolerance_text(const Figure& f);   ///< "exact", "2 %", "0.5", ""
[[nodiscard]] std::string verdict_text(Verdict verdict);     ///< "ok", "MISSED", "", "recalled"
[[nodiscard]] std::string name_text(const Figure& f);        ///< "alexnet, MACs"
[[nodiscard]] std::string cell_text(const Section::Cell& cell);

}  // namespace ridgeline::reports

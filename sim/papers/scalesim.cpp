#include "models/papers/scalesim.hpp"

#include <fmt/format.h>

#include "sim/papers/papers.hpp"

/// SCALE-Sim, Samajdar et al., ISPASS 2020: what models/papers/scalesim.hpp compares, as a table.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Tolerance;

void put_row(std::vector<Figure>& figures, const ScalesimComparison& one) {
  const ScalesimRow& row = one.row;
  const auto put = [&](const char* what, auto theirs, auto ours, const Tolerance& tolerance) {
    figures.push_back({{row.layer.network, row.layer.name,
                        fmt::format("{}x{} {}", row.rows, row.cols, row.dataflow), what},
                       static_cast<double>(theirs),
                       static_cast<double>(ours),
                       tolerance});
  };
  const ScalesimFigures& theirs = row.published;
  const ScalesimFigures& ours = one.ours;
  constexpr Tolerance kExact;
  // Half a unit of the last decimal that is printed, and room for the binary fraction.
  constexpr Tolerance kPrinted{.absolute = 0.5e-6 + 1e-10};
  put("folds", theirs.folds, ours.folds, kExact);
  put("cycles", theirs.cycles.count(), ours.cycles.count(), kExact);
  put("mapping efficiency, %", theirs.mapping_efficiency, ours.mapping_efficiency, kPrinted);
  put("ifmap reads, words", theirs.ifmap_reads, ours.ifmap_reads, kExact);
  put("filter reads, words", theirs.filter_reads, ours.filter_reads, kExact);
}

reports::Reproduction compared(const std::vector<ScalesimRow>& rows, std::string source) {
  reports::Reproduction result{
      .name = {},
      .title = {},
      .source = std::move(source),
      .columns = {"network", "layer", "array", "quantity"},
      .figures = {},
      .notes = {"cycles are its demand rows, one more than the index of the last cycle that it "
                "reports; reads are words of the buffer",
                "where we differ from it, and why: docs/model.md, \"SCALE-Sim beside it\""}};
  for (const ScalesimComparison& one : compare_scalesim(rows)) put_row(result.figures, one);
  return result;
}

reports::Reproduction figures() {
  return compared(
      parse_scalesim_csv(scalesim_csv(), "scalesim_rows.cpp"),
      "SCALE-Sim (Samajdar et al., ISPASS 2020), code of 2025-08-15: its layers of SqueezeNet "
      "v1.1 and AlexNet on systolic arrays, a layer one tile");
}

reports::Reproduction figures_of(const SourceText& published) {
  return compared(parse_scalesim_csv(published.text, published.path),
                  "SCALE-Sim's figures as given in " + published.path + ", a layer one tile");
}

}  // namespace

Paper scalesim() {
  return {"scalesim", "SqueezeNet v1.1 and AlexNet on systolic arrays, beside SCALE-Sim", &figures,
          &figures_of};
}

}  // namespace ridgeline::papers

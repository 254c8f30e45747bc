#include <fmt/format.h>

#include "models/base/grouped.hpp"
#include "reports/format.hpp"
#include "reports/quantization_report.hpp"
#include "reports/report.hpp"
#include "reports/run_text.hpp"
#include "reports/table.hpp"

namespace ridgeline::reports {
namespace {

std::vector<std::string> row_of(const LayerStats& layer, const std::string& shape) {
  return {shortened(printable(layer.name), 40),
          op_text(layer),
          shortened(printable(layer.dataflow), 8),
          shape,
          grouped(layer.check.compared),
          grouped(layer.check.mismatches),
          fmt::format("{:.3g}", layer.check.max_abs_error),
          check_text(layer.check)};
}

}  // namespace

std::string render_check(const RunStats& run) {
  Table table{.columns = {{"layer", Align::left},
                          {"op", Align::left},
                          {"flow", Align::left},
                          {"ofmap", Align::left},
                          {"compared"},
                          {"mismatches"},
                          {"largest error"},
                          {"check", Align::left}}};
  for (const LayerStats& layer : run.layers) {
    table.rows.push_back(row_of(layer, shape_text(layer.output_shape)));
  }
  table.footer.push_back(row_of(total_of(run), ""));
  return heading_text(run) + '\n' + to_text(table) + '\n' + quantization_table(run) +
         quantization_summary(run) + check_summary(run) + classes_text(run);
}

}  // namespace ridgeline::reports

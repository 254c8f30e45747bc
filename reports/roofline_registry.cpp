#include "reports/roofline_report.hpp"

namespace ridgeline::reports {

const std::vector<RooflineFormat>& roofline_formats() {
  static const std::vector<RooflineFormat> all{
      {"text", "txt", "tables and plots for the terminal", &render_roofline_text},
      {"json", "json", "schema ridgeline.roofline/1", &render_roofline_json},
      {"csv", "csv", "a row a layer and the total, every level", &render_roofline_csv},
      {"md", "md", "Markdown tables", &render_roofline_markdown}};
  return all;
}

}  // namespace ridgeline::reports

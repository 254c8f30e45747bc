#include "reports/report.hpp"

namespace ridgeline::reports {

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"text", "txt", "aligned table, a row a layer, and a summary", &render_text},
      {"json", "json", "schema ridgeline.run/1", &render_json},
      {"csv", "csv", "a row a layer and the total", &render_csv},
      {"html", "html", "interactive page in one file, without network", &render_html},
      {"trace", "trace.json", "timeline for Perfetto, Chrome trace events", &render_trace, true},
      {"vcd", "vcd", "timeline for GTKWave, IEEE 1364", &render_vcd, true},
      {"md", "md", "Markdown table, a row a layer", &render_markdown},
      {.name = "accelergy",
       .extension = "accelergy.yaml",
       .summary = "ERT, ART, action counts and energy estimation of Accelergy, a file each",
       .render = &render_accelergy,
       .only_named = true,
       .files = &accelergy_files}};
  return all;
}

}  // namespace ridgeline::reports

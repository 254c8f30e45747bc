#include "reports/report.hpp"

namespace ridgeline::reports {

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"text", "txt", "aligned table, a row a layer, and a summary", &render_text},
      {"json", "json", "schema ridgeline.run/1", &render_json},
      {"csv", "csv", "a row a layer and the total", &render_csv}};
  return all;
}

}  // namespace ridgeline::reports

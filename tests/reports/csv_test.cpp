#include <catch2/catch.hpp>

#include <algorithm>

#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

/// Reads CSV as RFC 4180 defines it.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      records.back().back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      records.back().emplace_back();
    } else if (c == '\r' && !quoted) {
      REQUIRE(text.at(++i) == '\n');
      records.emplace_back(1);
    } else {
      records.back().back() += c;
    }
  }
  REQUIRE(records.back() == std::vector<std::string>(1));  // the last record is ended, too
  records.pop_back();
  return records;
}

std::string field(const std::vector<std::vector<std::string>>& records, std::size_t row,
                  const std::string& header) {
  const auto found = std::find(records[0].begin(), records[0].end(), header);
  REQUIRE(found != records[0].end());
  return records.at(row).at(static_cast<std::size_t>(found - records[0].begin()));
}

TEST_CASE("The CSV report has a header with units, a record a layer and the total") {
  RunStats run = sample_run();
  run.layers[1].overlapped = Cycles(12);
  run.layers[1].residency.ifmap = true;
  run.layers[0].sparsity = {.ifmap_words = 8, .zero_ifmap_words = 2, .energy_saved = Energy(5)};
  const auto records = parse_csv(render_csv(run));
  REQUIRE(records.size() == 4);
  for (const auto& record : records) CHECK(record.size() == records[0].size());
  CHECK(field(records, 1, "layer") == "conv1");
  CHECK(field(records, 1, "pad_top") == "1");
  CHECK(field(records, 1, "pad_left") == "0");
  CHECK(field(records, 1, "latency_us") == "2.2");
  CHECK(field(records, 1, "utilization") == "0.5397727272727273");
  CHECK(field(records, 2, "P") == "5");
  CHECK(field(records, 2, "vector_stall_cycles") == "200");
  CHECK(field(records, 2, "dram_energy_mac_equivalents") == "176000");
  CHECK(field(records, 2, "overlapped_cycles") == "12");
  CHECK(field(records, 2, "ifmap_on_chip") == "true");
  CHECK(field(records, 2, "ofmap_on_chip") == "false");
  CHECK(field(records, 3, "ofmap_on_chip").empty());
  CHECK(field(records, 1, "zero_ifmap_words") == "2");
  CHECK(field(records, 1, "zero_ifmap_fraction") == "0.25");
  CHECK(field(records, 3, "energy_saved_mac_equivalents") == "5");
  CHECK(field(records, 2, "macs_gated") == "0");
  CHECK(field(records, 3, "layer") == "total");
  CHECK(field(records, 3, "P").empty());
  CHECK(field(records, 3, "total_cycles") == "1300");
  CHECK(field(records, 3, "dram_read_bytes") == "2220");
  CHECK(field(records, 3, "total_energy_mac_equivalents") == "747160");
  CHECK(field(records, 3, "compared") == "880");
}

TEST_CASE("The CSV report quotes names, and its energy columns carry the table's unit") {
  RunStats run = sample_run();
  run.network = "squeezenext:width=1.0,blocks=2-4-14-1";
  run.layers[0].name = "say \"hi\",\r\nbye";
  run.arch.energy.unit = "pJ";
  const auto records = parse_csv(render_csv(run));
  REQUIRE(records.size() == 4);
  CHECK(field(records, 1, "network") == run.network);
  CHECK(field(records, 1, "layer") == run.layers[0].name);
  CHECK(field(records, 1, "mac_energy_pJ") == "19000");
}

}  // namespace
}  // namespace ridgeline::reports

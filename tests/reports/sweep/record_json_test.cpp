#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "reports/sweep/record_json.hpp"
#include "tests/support/synthetic_sweep.hpp"

namespace ridgeline::reports {
namespace {

/// The record that is read from the line of `record`, which must be a line.
PointRecord read_back(const SweepHeader& header, const PointRecord& record) {
  const std::string line = to_json_line(header, record);
  REQUIRE(line.find('\n') == line.size() - 1);
  return parse_record(header, std::string_view(line).substr(0, line.size() - 1));
}

TEST_CASE("Lines of records read back as the same records, failed points and all") {
  for (const bool layers : {true, false}) {
    const SweepHeader header = synthetic_sweep(100, layers);
    int failed = 0;
    for (std::uint64_t i = 0; i < header.points; ++i) {
      const PointRecord record = synthetic_point(header, i);
      failed += record.result ? 0 : 1;
      CHECK(read_back(header, record) == record);
    }
    CHECK(failed > 0);
  }
}

TEST_CASE("Extreme figures and hostile texts read back bit for bit") {
  SweepHeader header = synthetic_sweep(2, true);
  PointRecord record = synthetic_point(header, 1);
  REQUIRE(record.result);
  record.point = record.key = UINT64_MAX;
  record.values = {"1e5", "-0.25", "007", kHostile, std::string("a\0b", 3), "true"};
  for (const double value : {5e-324, 1.7976931348623157e308, -0.0, 1.0 / 3, 1e22, 123456789.0}) {
    record.result->energy.leakage = Energy(value);
    record.result->area_mm2 = value;
    record.layers[0].utilization = value;
    const PointRecord read = read_back(header, record);
    CHECK(read == record);
    CHECK(std::signbit(read.result->area_mm2) == std::signbit(value));
  }
  record.result->macs = Macs(INT64_MIN);
  record.layers.clear();
  CHECK(read_back(header, record) == record);
  record.result.reset();
  record.failed = kHostile;
  CHECK(read_back(header, record) == record);
  CHECK(to_json_line(header, record).find("\xC3\xA9\\udcff\\u0001") != std::string::npos);
}

TEST_CASE("Lines of records are JSON with the keys of reports of runs") {
  const SweepHeader header = synthetic_sweep(2, true);
  PointRecord record = synthetic_point(header, 1);
  record.values[4] = "two\nlines \xC3\xA9";
  record.key = 0x0123456789abcdef;
  record.layers.pop_back();
  const auto json = nlohmann::json::parse(to_json_line(header, record));
  CHECK(json["point"] == 1);
  CHECK(json["key"] == "0123456789abcdef");
  CHECK(json["set"]["arch.pe_array.rows"] == 4);
  CHECK(json["set"]["dataflow"] == record.values[4]);
  CHECK(json["cycles"]["total"] == record.result->cycles.total().count());
  CHECK(json["energy_pj"]["dram"] == record.result->energy.dram.count());
  CHECK(json["buffer_bytes"] == 8192);
  CHECK(json["layers"].size() == 1);
  CHECK(json["layers"][0][0] == "first");
  CHECK(json["layers"][0][2][0] == "layer1");
  CHECK(json["layers"][0][2].size() == 10);
}

TEST_CASE("Torn lines and those of other sweeps are refused with their column") {
  const SweepHeader header = synthetic_sweep(2, true);
  const std::string line = to_json_line(header, synthetic_point(header, 1));
  for (std::size_t size = 0; size < line.size() - 1; ++size) {
    CHECK_THROWS_AS(parse_record(header, std::string_view(line).substr(0, size)), InputError);
  }
  CHECK_THROWS_AS(parse_record(header, line + "{"), InputError);
  SweepHeader other = header;
  other.columns[1].key = "arch.pe_array.columns";
  try {
    (void)parse_record(other, line);
    FAIL("a line of another sweep was read");
  } catch (const InputError& error) {
    CHECK(error.problem().place == "column 67");
    CHECK(error.problem().what.find("arch.pe_array.columns") != std::string::npos);
  }
}

}  // namespace
}  // namespace ridgeline::reports

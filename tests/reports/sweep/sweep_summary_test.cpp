#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "models/base/error.hpp"
#include "models/numeric/random.hpp"
#include "reports/sweep/sweep_csv.hpp"
#include "reports/sweep/sweep_summary.hpp"
#include "reports/sweep/sweep_tables.hpp"
#include "tests/support/synthetic_sweep.hpp"

namespace ridgeline::reports {
namespace {

SweepSummary summary_of(const SweepHeader& header, const std::vector<PointRecord>& records,
                        SummaryLimits limits = {}) {
  SweepSummary summary(header, limits);
  for (const PointRecord& record : records) summary.add(record);
  return summary;
}

std::vector<PointRecord> synthetic_points(const SweepHeader& header) {
  std::vector<PointRecord> records;
  for (std::uint64_t i = 0; i < header.points; ++i) records.push_back(synthetic_point(header, i));
  return records;
}

/// Whether no other point beats `record`, by comparing it with each.
bool on_front(const SweepHeader& header, const PointRecord& record,
              const std::vector<PointRecord>& records) {
  return std::ranges::none_of(records, [&](const PointRecord& other) {
    bool better = false;
    for (const Metric metric : header.front) {
      const double a = metric_of(*other.result, metric), b = metric_of(*record.result, metric);
      if (a > b) return false;
      better = better || a < b;
    }
    return better;
  });
}

TEST_CASE("The front of a summary is that of all pairs, equal costs counted") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    SplitMix64 random(seed);
    SweepHeader header = synthetic_sweep(100, false);
    header.front = {Metric::latency, Metric::pes};
    if (seed % 2 == 0) header.front.push_back(Metric::buffer_bytes);
    // Few values, so that many costs are equal.
    const double values = seed % 3 == 0 ? 4 : 40;
    std::vector<PointRecord> records;
    for (std::uint64_t i = 0; i < 1 + seed * 3; ++i) {
      PointRecord record{.point = i, .values = synthetic_point(header, i).values};
      record.result = PointResult{.latency = Microseconds(std::floor(random.uniform() * values)),
                                  .pes = static_cast<int>(random.uniform() * values),
                                  .buffer = Bytes(static_cast<int>(random.uniform() * values))};
      records.push_back(std::move(record));
    }
    const SweepSummary summary = summary_of(header, records);
    std::map<std::vector<double>, std::pair<std::uint64_t, std::uint64_t>> wanted;  // first, count
    for (const PointRecord& record : records) {
      if (!on_front(header, record, records)) continue;
      auto& entry =
          wanted.try_emplace(summary.costs(*record.result), record.point, 0).first->second;
      ++entry.second;
    }
    std::vector<std::pair<std::uint64_t, std::uint64_t>> got, all;
    for (const FrontPoint& one : summary.front()) got.emplace_back(one.record.point, one.points);
    for (const auto& [costs, entry] : wanted) all.push_back(entry);
    CHECK(got == all);
  }
}

TEST_CASE("The page's rows are the front, the best and a sample by number") {
  const SweepHeader header = synthetic_sweep(3000, false);
  const std::vector<PointRecord> records = synthetic_points(header);
  const SweepSummary summary = summary_of(header, records, {.rows = 500, .best = 20});
  const std::vector<SummaryRow> rows = summary.rows();
  REQUIRE(rows.size() == 500);
  std::vector<std::uint64_t> shown, wanted;
  for (const SummaryRow& row : rows) shown.push_back(row.point);
  CHECK(std::ranges::is_sorted(shown));
  for (const FrontPoint& one : summary.front()) wanted.push_back(one.record.point);
  for (const PointRecord& record : summary.best()) wanted.push_back(record.point);
  for (const std::uint64_t point : wanted) CHECK(std::ranges::binary_search(shown, point));
  // Not the first 500, nor from one part of the sweep.
  CHECK(shown[250] > 1200);
  CHECK(shown[250] < 1800);
  // With room for all, all are there.
  const std::size_t results = records.size() - summary.failed();
  CHECK(summary_of(header, records).rows().size() == results);
  CHECK(summary_of(header, records, {.rows = 0}).rows().size() >= summary.front().size());
}

TEST_CASE("The best are the lowest of the first metric") {
  const SweepHeader header = synthetic_sweep(2000, false);
  std::vector<PointRecord> records = synthetic_points(header);
  for (PointRecord& record : records) {
    if (!record.result) continue;  // few values, so that many are equal
    record.result->latency = Microseconds(std::floor(record.result->latency.count() / 1e5));
  }
  const SweepSummary summary = summary_of(header, records, {.best = 7});
  std::erase_if(records, [](const PointRecord& record) { return !record.result; });
  std::ranges::stable_sort(records, {}, [](const PointRecord& r) { return r.result->latency; });
  REQUIRE(summary.best().size() == 7);
  for (std::size_t i = 0; i < 7; ++i) CHECK(summary.best()[i] == records[i]);
}

TEST_CASE("Failures are counted by their reason") {
  SweepHeader header = synthetic_sweep(3000, false);
  std::vector<PointRecord> records;
  for (std::uint64_t i = 0; i < header.points; ++i) {
    PointRecord record{.point = i};
    record.failed = i % 3 == 0 ? "often" : "reason " + std::to_string(i % 2 == 0 ? 0 : i);
    records.push_back(std::move(record));
  }
  const SweepSummary summary = summary_of(header, records);
  CHECK(summary.failed() == 3000);
  const std::vector<Failure> failures = summary.failures();
  CHECK(failures.size() == 1000);
  CHECK(failures[0].reason == "often");
  CHECK(failures[0].points == 1000);
  CHECK(failures[1].reason == "reason 0");
  CHECK(failures[1].points == 1000);
  CHECK(summary_text(summary).find("other reasons") != std::string::npos);
}

TEST_CASE("Sensitivity of a^2 b over equal ranges is four fifths to one") {
  SweepHeader header{
      .name = "known",
      .axes = {"a", "b", "none"},
      .columns = {{.key = "a", .axis = 0, .numbers = true, .values = {"1", "2", "4"}},
                  {.key = "b", .axis = 1, .numbers = true, .values = {"1", "2", "4"}},
                  {.key = "x", .axis = 2, .values = {"p", "p", "q"}},
                  {.key = "y", .axis = 2, .values = {"u", "v", "u"}}},
      .front = {Metric::latency, Metric::area}};
  std::vector<PointRecord> records;
  for (std::size_t i = 0; i < 27; ++i) {
    PointRecord record{.point = i};
    const std::size_t level[3]{i / 9, i / 3 % 3, i % 3};
    for (const SweepHeader::Column& c : header.columns)
      record.values.push_back(c.values[level[c.axis]]);
    record.result = PointResult{};
    record.result->latency = Microseconds(5 * std::exp2(2.0 * double(level[0]) + double(level[1])));
    record.result->area_mm2 = 3.7;
    records.push_back(record);
  }
  records.push_back(records.back());
  records.back().result->latency = Microseconds(0);  // has no logarithm
  const SweepSummary summary = summary_of(header, records);
  const std::vector<AxisSensitivity> axes = summary.sensitivity()[0].axes();
  REQUIRE(axes.size() == 3);
  CHECK(axes[0].share == Approx(0.8));
  CHECK(axes[1].share == Approx(0.2));
  CHECK(axes[2].share == Approx(0).margin(1e-12));
  CHECK(axes[0].spread == Approx(16));
  CHECK(axes[1].spread == Approx(4));
  CHECK(axes[2].spread == Approx(1));
  CHECK(axes[0].levels[1].points == 9);
  CHECK(axes[0].levels[1].geometric_mean == Approx(5 * 4 * 2));
  CHECK(axes[2].levels.size() == 3);  // the pairs differ, though single values do not
  CHECK(summary.sensitivity()[0].left_out() == 1);
  for (const AxisSensitivity& axis : summary.sensitivity()[1].axes()) {
    CHECK(axis.share == 0);
    CHECK(axis.spread == 1);
  }
  CHECK(sensitivity_csv(summary).find("latency_us,none,") != std::string::npos);
  CHECK(sensitivity_csv(summary).find(",q; u,") != std::string::npos);
  SweepHeader single = header;
  single.columns.pop_back();  // without y, two values of the axis are the same
  CHECK(AxisLevels(single).sizes() == std::vector<std::size_t>{3, 3, 2});
  PointRecord foreign = records.front();
  foreign.values[0] = "3";
  SweepSummary other(header);
  CHECK_THROWS_AS(other.add(foreign), InputError);
}

TEST_CASE("CSV of points and layers") {
  SweepHeader header{.axes = {"a"},
                     .columns = {{.key = "arch.pe_array.rows", .numbers = true, .values = {"8"}},
                                 {.key = "dataflow", .values = {"ws"}}},
                     .front = {Metric::latency, Metric::energy}};
  header.energy_unit = "MAC";
  PointRecord record{.point = 7, .key = 0xab, .values = {"8", "w,\"s"}};
  record.result = PointResult{};
  record.result->latency = Microseconds(0.1);
  record.result->cycles.compute = Cycles(40);
  record.result->cycles.dram_stall = Cycles(10);
  record.result->energy.mac = Energy(3);
  record.result->energy.dram = Energy(1e22);
  record.result->pes = 64;
  record.layers = {{.network = "n",
                    .name = "l\"1",
                    .op = "conv",
                    .dataflow = "ws",
                    .bound = Bound::dram,
                    .macs = Macs(5),
                    .cycles = Cycles(6),
                    .energy = Energy(0.5),
                    .dram = Bytes(7),
                    .glb = Bytes(8),
                    .utilization = 0.25}};
  const PointRecord failed{
      .point = 9, .key = 1, .values = {"8", "ws"}, .result = {}, .failed = "no,room"};
  const PointCsv points(header);
  std::string text = points.header();
  points.put_row(text, record);
  points.put_row(text, failed);
  CHECK(
      text ==
      "point,key,arch.pe_array.rows,dataflow,latency_us,total_cycles,compute_cycles,"
      "fill_drain_cycles,stationary_load_cycles,glb_stall_cycles,dram_stall_cycles,"
      "vector_stall_cycles,total_energy_mac_equivalents,mac_energy_mac_equivalents,"
      "rf_energy_mac_equivalents,noc_energy_mac_equivalents,glb_energy_mac_equivalents,"
      "dram_energy_mac_equivalents,vector_energy_mac_equivalents,leakage_energy_mac_equivalents,"
      "edp_mac_equivalents_us,dram_read_bytes,dram_write_bytes,glb_read_bytes,glb_write_bytes,"
      "utilization,area_mm2,pes,buffer_bytes,macs,parameters,failed\r\n"
      "7,00000000000000ab,8,\"w,\"\"s\",0.1,50,40,0,0,0,10,0,1e+22,3,0,0,0,1e+22,0,0,1e+21,0,0,0,0,"
      "0,0,64,0,0,0,\r\n"
      "9,0000000000000001,8,ws,,,,,,,,,,,,,,,,,,,,,,,,,,,,\"no,room\"\r\n");
  const LayerCsv layers(header);
  std::string rows = layers.header();
  layers.put_rows(rows, record);
  layers.put_rows(rows, failed);
  CHECK(rows ==
        "point,network,layer,op,dataflow,bound,macs,total_cycles,total_energy_mac_equivalents,"
        "dram_bytes,glb_bytes,utilization\r\n"
        "7,n,\"l\"\"1\",conv,ws,dram,5,6,0.5,7,8,0.25\r\n");
}

TEST_CASE("The text of a summary names what was found") {
  const SweepHeader header = synthetic_sweep(100'000, false);
  std::vector<PointRecord> records;
  for (std::uint64_t i = 0; i < 2000; ++i) records.push_back(synthetic_point(header, i * 50));
  const SweepSummary summary = summary_of(header, records);
  const std::string text = summary_text(summary);
  for (const char* part :
       {"synthetic", "2000 points of 100000, 5 axes", "Why points failed",
        "Pareto front of latency (us), energy (MAC equivalents)", "Best by latency (us)",
        "Sensitivity", "share %", "point  rows  cols  kib  bytes_per_cycle"}) {
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find('\x01') == std::string::npos);
  CHECK(text.find(" more in front.csv") != std::string::npos);
  const std::string markdown = summary_markdown(summary);
  CHECK(markdown.find("## Pareto front") != std::string::npos);
  CHECK(markdown.find("</script>") == std::string::npos);
}

TEST_CASE("Tables name settings as shortly as they differ") {
  SweepHeader header = synthetic_sweep(1, false);
  header.columns[0].key = "arch.dram.words";
  header.columns[1].key = "arch.words";
  header.columns[2].key = "network.dram.words";
  const Table table = best_table(SweepSummary(header), 1);
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= 4; ++i) names.push_back(table.columns[i].header);
  CHECK(names == std::vector<std::string>{"arch.dram.words", "arch.words", "network.dram.words",
                                          "bytes_per_cycle"});
}

}  // namespace
}  // namespace ridgeline::reports

#include "models/papers/scalesim.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "models/base/error.hpp"
#include "tests/arch_configs/config_files.hpp"
#include "tests/support/random_case.hpp"

using namespace ridgeline;
using namespace ridgeline::papers;

namespace {

/// What the formulae of SCALE-Sim's code give (operand_matrix.py, systolic_compute_*.py).
ScalesimFigures formulae(const ScalesimLayer& x, int R, int C, const std::string& dataflow) {
  const std::int64_t P = (x.H - x.R + x.stride + x.stride - 1) / x.stride;
  const std::int64_t Q = (x.W - x.S + x.stride + x.stride - 1) / x.stride;
  const std::int64_t window = std::int64_t{x.R} * x.S * x.C;
  const std::int64_t Sr = dataflow == "os" ? P * Q : window;
  const std::int64_t Sc = dataflow == "is" ? P * Q : x.M;
  const std::int64_t T = dataflow == "os" ? window : dataflow == "ws" ? P * Q : x.M;
  const std::int64_t row_folds = (Sr + R - 1) / R, col_folds = (Sc + C - 1) / C;
  const std::int64_t fold = dataflow == "os" ? T + R + C - 2 : T + 2 * R + C - 2;
  ScalesimFigures f{.folds = row_folds * col_folds, .cycles = Cycles(row_folds * col_folds * fold)};
  f.mapping_efficiency = 100.0 * static_cast<double>(Sr) / static_cast<double>(row_folds * R) *
                         static_cast<double>(Sc) / static_cast<double>(col_folds * C);
  f.ifmap_reads = P * Q * window * (dataflow == "is" ? 1 : col_folds);
  f.filter_reads = window * x.M;
  if (dataflow == "os") f.filter_reads *= row_folds;
  if (dataflow == "is") f.filter_reads *= col_folds;
  return f;
}

void check_matches(const ScalesimComparison& c) {
  INFO(c.row.layer.network << " " << c.row.layer.name << ", " << c.row.dataflow << ", "
                           << c.row.rows << " x " << c.row.cols);
  CHECK(c.ours.folds == c.row.published.folds);
  CHECK(c.ours.cycles == c.row.published.cycles);
  CHECK(c.ours.mapping_efficiency == Approx(c.row.published.mapping_efficiency).margin(0.6e-6));
  CHECK(c.ours.ifmap_reads == c.row.published.ifmap_reads);
  CHECK(c.ours.filter_reads == c.row.published.filter_reads);
  CHECK(c.matches());
}

}  // namespace

TEST_CASE("All of SCALE-Sim's rows are ours, exactly", "[papers]") {
  const std::vector<ScalesimRow> rows = parse_scalesim_csv(scalesim_csv(), "scalesim.csv");
  REQUIRE(rows.size() == 186);
  for (const ScalesimComparison& c : compare_scalesim(rows)) check_matches(c);
}

TEST_CASE("Random layers on random arrays give what SCALE-Sim's formulae say", "[papers]") {
  testing::Random random(1);
  std::vector<ScalesimRow> rows;
  for (int i = 0; i < 600; ++i) {
    ScalesimRow row{.layer = {.network = "random",
                              .name = std::to_string(i),
                              .H = random.between(1, 40),
                              .W = random.between(1, 40),
                              .C = random.between(1, 70),
                              .M = random.between(1, 70),
                              .stride = random.between(1, 5)},
                    .rows = random.between(1, 40),
                    .cols = random.between(1, 40),
                    .dataflow = random.pick({"ws", "os", "is"})};
    row.layer.R = random.between(1, std::min(row.layer.H, 7));
    row.layer.S = random.between(1, std::min(row.layer.W, 7));
    row.published = formulae(row.layer, row.rows, row.cols, row.dataflow);
    rows.push_back(row);
  }
  for (const ScalesimComparison& c : compare_scalesim(rows)) check_matches(c);
}

TEST_CASE("A row that is off in any figure does not match", "[papers]") {
  const std::vector<ScalesimRow> rows = parse_scalesim_csv(scalesim_csv(), "scalesim.csv");
  const ScalesimComparison good = compare_scalesim({&rows[7], 1}).front();
  const auto off = [&](auto change) {
    ScalesimComparison c = good;
    change(c.row.published);
    return !c.matches();
  };
  CHECK(good.matches());
  CHECK(off([](ScalesimFigures& f) { ++f.folds; }));
  CHECK(off([](ScalesimFigures& f) { f.cycles -= Cycles(1); }));
  CHECK(off([](ScalesimFigures& f) { f.mapping_efficiency += 1e-6; }));
  CHECK(off([](ScalesimFigures& f) { ++f.ifmap_reads; }));
  CHECK(off([](ScalesimFigures& f) { --f.filter_reads; }));
}

TEST_CASE("The systolic presets are the arrays that are compared", "[papers]") {
  for (const auto& [name, rows, cols] :
       {std::tuple{"systolic_8x8", 8, 8}, std::tuple{"systolic_16x16", 16, 16},
        std::tuple{"systolic_32x32", 32, 32}, std::tuple{"systolic_12x14", 12, 14}}) {
    const Architecture preset = config_files::load(name);
    const Architecture array = scalesim_array(rows, cols);
    CHECK(preset.pe_array == array.pe_array);
    CHECK(preset.global_buffer == array.global_buffer);
    CHECK(preset.dataflows == array.dataflows);
  }
}

TEST_CASE("A mistake in the table names its line", "[papers]") {
  const std::string table(scalesim_csv());
  const std::string header = table.substr(0, table.find('\n') + 1);
  const auto message = [&](const std::string& text) {
    try {
      static_cast<void>(parse_scalesim_csv(text, "rows.csv"));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  const std::string good = "n,l,8,8,3,3,4,5,1,8,8,ws,1,1,9,50.0,9,9,formula\n";
  CHECK(message(header + good) == "read");
  CHECK(message(header + "n,l,8\n") == "rows.csv: line 2: has 3 fields, the header has 19");
  CHECK(message(header + good + "n,l,0,8,3,3,4,5,1,8,8,ws,1,1,9,50.0,9,9,formula\n") ==
        "rows.csv: line 3: ifmap_h: '0' is no number from 1 to 65536");
  CHECK(message(header + "n,l,8,8,3,3,4,5,1,8,8,ws,1,1,0,50.0,9,9,formula\n") ==
        "rows.csv: line 2: demand_rows: '0' is no number of at least 1");
  CHECK(message(header + "n,l,60000,60000,3,3,4,5,1,8,8,ws,1,1,9,50.0,9,9,formula\n") ==
        "rows.csv: line 2: the words of a channel are 3.6e+09, which is 2147483647 or more");
  CHECK(message(header) == "rows.csv: has no row; allowed: a header and a line a row");
  CHECK_THROWS_WITH(
      scalesim_figures({.network = "n", .name = "l", .H = 40000, .W = 40000, .C = 9999}, 1, 1,
                       "is"),
      Catch::Contains("n: l: is cut into 15998400000000 folds; allowed: at most 100000000"));
  CHECK(message(header + "n,l,8,8,3,3,4,5,1,8,8,rs,1,1,9,50.0,9,9,formula\n") ==
        "rows.csv: line 2: dataflow: 'rs' is none of ws, os, is");
  CHECK(message(header + "n,l,2,8,3,3,4,5,1,8,8,ws,1,1,9,50.0,9,9,formula\n") ==
        "rows.csv: line 2: the filter is larger than the ifmap");
  CHECK(message("net,layer\na,b\n") == "rows.csv: line 2: the header has no column 'ifmap_h'");
}

#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <memory>
#include <sstream>

#include "models/base/error.hpp"
#include "sim/cli/sweep/results.hpp"
#include "tests/cli/program_runner.hpp"
#include "tests/support/synthetic_sweep.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;
using Rows = std::vector<std::vector<std::string>>;

RecordVisitor every_point(const SweepHeader& header) {
  return [header](const auto& visit) {
    for (std::uint64_t i = 0; i < header.points; ++i) visit(synthetic_point(header, i));
  };
}

/// What a query gives, as texts; "NULL" for nothing.
Rows query(const fs::path& path, const std::string& sql) {
  sqlite3* opened = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, sqlite3_close);
  Rows rows;
  const auto collect = [](void* to, int count, char** values, char**) {
    auto& row = static_cast<Rows*>(to)->emplace_back();
    for (int i = 0; i < count; ++i) row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
    return 0;
  };
  CAPTURE(sql);
  REQUIRE(sqlite3_exec(opened, sql.c_str(), collect, &rows, nullptr) == SQLITE_OK);
  return rows;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("Results of a sweep are files that depend on nothing but its records") {
  const ScratchFolder scratch;
  const SweepHeader header = synthetic_sweep(300, true);
  for (const char* folder : {"a", "b"}) {
    const fs::path path = scratch.path() / folder;
    fs::create_directory(path);
    const auto confirm = [&](const std::vector<PointRecord>& best) {
      CHECK(names_below(path).size() <= 6);  // temporary names only
      return std::vector<ConfirmedPoint>{{best[1].point, "best/1.html", best[0].result, ""},
                                         {best[2].point, "", std::nullopt, "starved"}};
    };
    write_results(path, header, every_point(header), {path / "sweep.db", confirm});
    CHECK(names_below(path) == Names{"confirmed.csv", "front.csv", "layers.csv", "points.csv",
                                     "sensitivity.csv", "summary.md", "summary.txt", "sweep.db",
                                     "sweep.html"});
  }
  for (const std::string& name : names_below(scratch.path() / "a")) {
    CAPTURE(name);
    const std::string bytes = bytes_of_file(scratch.path() / "a" / name);
    CHECK(bytes == bytes_of_file(scratch.path() / "b" / name));
    CHECK(bytes.size() > 100);
  }
  const std::string points = bytes_of_file(scratch.path() / "a" / "points.csv");
  CHECK(count_of(points, "\r\n") == 301 + count_of(points, "=a,\"\"b\"\"\r\n"));
  CHECK_THAT(bytes_of_file(scratch.path() / "a" / "sweep.html"), Contains("best/1.html"));
  const std::string confirmed = bytes_of_file(scratch.path() / "a" / "confirmed.csv");
  CHECK(count_of(confirmed, "\r\n") == 3);
  CHECK(count_of(confirmed, ",starved\r\n") == 1);
  CHECK_THAT(bytes_of_file(scratch.path() / "a" / "summary.txt"), Contains("starved"));
}

TEST_CASE("front.csv and the database have every point of the front, those of equal costs too") {
  const ScratchFolder scratch;
  SweepHeader header = synthetic_sweep(2000, false);
  header.front = {Metric::pes, Metric::buffer_bytes};
  const fs::path database = scratch.path() / "sweep.db";
  const auto summary = write_results(scratch.path(), header, every_point(header), {database, {}});
  // The array has 4 x 4 PEs and the buffer 8 KiB in the first hundred points alone.
  std::size_t wanted = 0;
  for (std::uint64_t i = 0; i < 100; ++i) wanted += synthetic_point(header, i).result ? 1 : 0;
  CHECK(summary.front().size() == 1);
  CHECK(summary.front_points() == wanted);
  const std::string front = bytes_of_file(scratch.path() / "front.csv");
  CHECK(count_of(front, ",4,4,8,") == wanted);
  CHECK(query(database, "SELECT count(*), max(point) < 100 FROM front")[0] ==
        std::vector<std::string>{std::to_string(wanted), "1"});
  CHECK_FALSE(fs::exists(scratch.path() / "layers.csv"));
}

TEST_CASE("The database holds what the records do") {
  const ScratchFolder scratch;
  const SweepHeader header = synthetic_sweep(200, true);
  const fs::path path = scratch.path() / "sweep.db";
  write_results(scratch.path(), header, every_point(header), {path, {}});
  std::uint64_t failed = 0, layers = 0;
  for (std::uint64_t i = 0; i < header.points; ++i) {
    const PointRecord record = synthetic_point(header, i);
    failed += record.result ? 0 : 1;
    layers += record.layers.size();
    const auto row =
        query(path,
              "SELECT \"arch.pe_array.rows\", dataflow, total_cycles, dram_read_bytes, failed FROM "
              "points WHERE point=" +
                  std::to_string(i))[0];
    CHECK(row[0] == record.values[0]);
    CHECK(row[1] == record.values[4]);
    CHECK(row[2] ==
          (record.result ? std::to_string(record.result->cycles.total().count()) : "NULL"));
    CHECK(row[3] ==
          (record.result ? std::to_string(record.result->bytes.dram_read.count()) : "NULL"));
    CHECK(row[4] == (record.result ? "NULL" : record.failed));
  }
  REQUIRE(failed > 0);
  CHECK(
      query(path,
            "SELECT count(*), sum(latency_us IS NULL), typeof(\"arch.pe_array.rows\") FROM points")
          [0] == std::vector<std::string>{"200", std::to_string(failed), "integer"});
  CHECK(query(path, "SELECT count(*), max(position) FROM layers")[0] ==
        std::vector<std::string>{std::to_string(layers), "2"});
  CHECK(query(path, "SELECT value FROM sweep WHERE name IN ('schema', 'failed') ORDER BY name") ==
        Rows{{std::to_string(failed)}, {"ridgeline.sweep_database/1"}});
  CHECK(query(path, "SELECT count(*), max(position), count(DISTINCT axis) FROM settings")[0] ==
        std::vector<std::string>{"60", "9", "5"});
  CHECK(query(path, "PRAGMA integrity_check") == Rows{{"ok"}});
  // Every digit.
  const PointRecord first = synthetic_point(header, 1);
  std::ostringstream text;
  text.precision(17);
  text << first.result->area_mm2;
  CHECK(query(path, "SELECT count(*) FROM points WHERE point=1 AND area_mm2=" + text.str()) ==
        Rows{{"1"}});
}

/// While it lives, no file may be larger than `bytes`.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

TEST_CASE("Results that cannot all be written leave no file, and older ones as they were") {
  const ScratchFolder scratch;
  scratch.put("points.csv", "old");
  const SweepHeader header = synthetic_sweep(2000, true);
  const auto write = [&](const fs::path& database) {
    write_results(scratch.path(), header, every_point(header), {database, {}});
  };
  CHECK_THROWS_WITH(write(scratch.path() / "no" / "x.db"), Contains("no/x.db: cannot be written"));
  CHECK_THROWS_WITH(write("/dev/null"), Contains("/dev/null: is a device or a pipe"));
  {
    // The database is larger than the tables of comma-separated values, which fit.
    const FileLimit limit(700'000);
    CHECK_THROWS_WITH(write(scratch.path() / "x.db"), Contains("x.db: cannot be written: "));
  }
  {
    const FileLimit limit(100'000);
    CHECK_THROWS_WITH(write(scratch.path() / "x.db"),
                      Contains(".csv: cannot be written: File too large"));
  }
  CHECK(names_below(scratch.path()) == Names{"points.csv"});
  CHECK(bytes_of_file(scratch.path() / "points.csv") == "old");
}

}  // namespace
}  // namespace ridgeline::cli

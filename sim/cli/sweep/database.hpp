#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/sweep/point_record.hpp"
#include "reports/sweep/sweep_columns.hpp"
#include "reports/sweep/sweep_summary.hpp"
#include "sim/cli/staged_files.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// A sweep as an SQLite database:
///   sweep     name, value: what it is, how many points it has (schema ridgeline.sweep_database/1)
///   settings  key, axis, position, value: every value that the sweep gives a setting
///   points    point, key, a column a setting by its key, the figures of points.csv, failed
///   front     point: those on the Pareto front
///   layers    point, position (from 0), the figures of layers.csv; if the sweep keeps layers
/// What does not apply is NULL.
namespace ridgeline::cli {

/// Writes one in one transaction, in memory that does not grow with it.
/// All members throw InputError naming the database if it cannot be written.
class SweepDatabase {
 public:
  /// In `file`, which is new; `path` is its name in messages.
  SweepDatabase(const StagedFile& file, std::filesystem::path path, const SweepHeader& header);
  SweepDatabase(const SweepDatabase&) = delete;
  SweepDatabase& operator=(const SweepDatabase&) = delete;
  ~SweepDatabase();

  void add(const PointRecord& record);
  void add_to_front(std::uint64_t point);
  /// The database is whole then; nothing more is added.
  void finish(const reports::SweepSummary& summary);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  void create_tables(const SweepHeader& header);
  void put_settings(const SweepHeader& header);
  void add_layers(const PointRecord& record);
  void execute(const std::string& sql);
  [[nodiscard]] Statement prepare(const std::string& sql);
  /// Runs a statement whose parameters are bound, and makes it ready for the next row.
  void run(const Statement& statement);
  void bind(const Statement& statement, int at, const reports::Cell& cell);
  void check(int result) const;

  std::filesystem::path path_;
  std::vector<reports::PointColumn> point_columns_;
  std::vector<reports::LayerColumn> layer_columns_;
  std::unique_ptr<sqlite3, Close> database_{};
  Statement point_{}, front_{}, layer_{};
};

}  // namespace ridgeline::cli

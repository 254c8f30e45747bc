#include "sim/cli/sweep/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "reports/format.hpp"
#include "reports/sweep/json_text.hpp"
#include "sim/cli/options.hpp"

namespace ridgeline::cli {
namespace {

/// A name in SQL, whatever it has in it.
std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

/// "?,?,?".
std::string placeholders(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ",?";
  return text;
}

constexpr std::string_view kCreatePoints = "CREATE TABLE points(point INTEGER PRIMARY KEY,key TEXT";

/// Types of cells that the columns hold.
template <class Columns, class Sample>
std::string figure_definitions(const Columns& columns, const Sample& sample) {
  constexpr std::string_view kTypes[]{" INTEGER", " REAL", " TEXT"};  // by the cell's alternative
  std::string sql;
  for (const auto& column : columns) {
    sql += ',' + sql_name(column.name);
    sql += kTypes[column.of(sample).index()];
  }
  return sql;
}

}  // namespace

void SweepDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}
void SweepDatabase::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SweepDatabase::SweepDatabase(const StagedFile& file, std::filesystem::path path,
                             const SweepHeader& header)
    : path_(std::move(path)),
      point_columns_(reports::point_columns(header)),
      layer_columns_(reports::layer_columns(header)) {
  if (file.temporary().empty()) {
    fail(reports::printable(path_.string()), "is a device or a pipe", "the name of a file");
  }
  sqlite3* opened = nullptr;
  const int result =
      sqlite3_open_v2(file.temporary().c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  database_.reset(opened);
  check(result);
  // The file is new, nobody else sees it, and it is put away if anything fails: no journal.
  execute("PRAGMA journal_mode=OFF");
  execute("PRAGMA synchronous=OFF");
  execute("PRAGMA locking_mode=EXCLUSIVE");
  execute("BEGIN");
  create_tables(header);
  put_settings(header);
  const std::size_t columns = 3 + header.columns.size() + point_columns_.size();
  point_ = prepare(fmt::format("INSERT INTO points VALUES({})", placeholders(columns)));
  front_ = prepare("INSERT INTO front VALUES(?)");
  if (header.layers) {
    layer_ = prepare(
        fmt::format("INSERT INTO layers VALUES({})", placeholders(2 + layer_columns_.size())));
  }
}

SweepDatabase::~SweepDatabase() = default;

void SweepDatabase::create_tables(const SweepHeader& header) {
  execute("CREATE TABLE sweep(name TEXT PRIMARY KEY,value)");
  execute("CREATE TABLE settings(key TEXT,axis TEXT,position INTEGER,value NUMERIC)");
  std::string points(kCreatePoints);
  for (const SweepHeader::Column& column : header.columns) {
    // Of a NUMERIC column SQLite stores texts that are numbers as such.
    points += ',' + sql_name(column.key) + (column.numbers ? " NUMERIC" : " TEXT");
  }
  points += figure_definitions(point_columns_, PointResult{});
  execute(points + ",failed TEXT)");
  execute("CREATE TABLE front(point INTEGER PRIMARY KEY REFERENCES points)");
  if (!header.layers) return;
  execute("CREATE TABLE layers(point INTEGER REFERENCES points,position INTEGER" +
          figure_definitions(layer_columns_, LayerRecord{}) +
          ",PRIMARY KEY(point,position)) WITHOUT ROWID");
}

void SweepDatabase::put_settings(const SweepHeader& header) {
  const Statement setting = prepare("INSERT INTO settings VALUES(?,?,?,?)");
  for (const SweepHeader::Column& column : header.columns) {
    for (std::size_t i = 0; i < column.values.size(); ++i) {
      bind(setting, 1, std::string_view(column.key));
      bind(setting, 2, std::string_view(header.axes[column.axis]));
      bind(setting, 3, static_cast<std::int64_t>(i));
      bind(setting, 4, std::string_view(column.values[i]));
      run(setting);
    }
  }
}

void SweepDatabase::add(const PointRecord& record) {
  std::string key;
  reports::put_hex(key, record.key);
  int at = 0;
  bind(point_, ++at, static_cast<std::int64_t>(record.point));
  bind(point_, ++at, std::string_view(key));
  for (const std::string& value : record.values) bind(point_, ++at, std::string_view(value));
  for (const reports::PointColumn& column : point_columns_) {
    ++at;
    if (record.result) bind(point_, at, column.of(*record.result));
  }
  if (!record.result) bind(point_, ++at, std::string_view(record.failed));
  run(point_);
  if (layer_) add_layers(record);
}

void SweepDatabase::add_layers(const PointRecord& record) {
  std::int64_t position = 0;
  for (const LayerRecord& layer : record.layers) {
    int at = 0;
    bind(layer_, ++at, static_cast<std::int64_t>(record.point));
    bind(layer_, ++at, position++);
    for (const reports::LayerColumn& column : layer_columns_) bind(layer_, ++at, column.of(layer));
    run(layer_);
  }
}

void SweepDatabase::add_to_front(std::uint64_t point) {
  bind(front_, 1, static_cast<std::int64_t>(point));
  run(front_);
}

void SweepDatabase::finish(const reports::SweepSummary& summary) {
  const SweepHeader& header = summary.header();
  const Statement row = prepare("INSERT INTO sweep VALUES(?,?)");
  const auto put = [&](std::string_view name, const reports::Cell& value) {
    bind(row, 1, name);
    bind(row, 2, value);
    run(row);
  };
  put("schema", "ridgeline.sweep_database/1");
  put("name", header.name);
  put("summary", header.summary);
  put("engine", header.engine);
  put("energy_unit", header.energy_unit);
  put("points", static_cast<std::int64_t>(summary.points()));
  put("failed", static_cast<std::int64_t>(summary.failed()));
  execute("COMMIT");
  for (Statement* statement : {&point_, &front_, &layer_}) statement->reset();
}

void SweepDatabase::execute(const std::string& sql) {
  check(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

SweepDatabase::Statement SweepDatabase::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr));
  return Statement(statement);
}

void SweepDatabase::run(const Statement& statement) {
  const int result = sqlite3_step(statement.get());
  if (result != SQLITE_DONE) check(result);
  check(sqlite3_reset(statement.get()));
  check(sqlite3_clear_bindings(statement.get()));
}

void SweepDatabase::bind(const Statement& statement, int at, const reports::Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) {
    check(sqlite3_bind_int64(statement.get(), at, *count));
  } else if (const auto* value = std::get_if<double>(&cell)) {
    check(sqlite3_bind_double(statement.get(), at, *value));
  } else {
    const std::string_view text = std::get<std::string_view>(cell);
    // What is bound lives until the statement has run.
    check(sqlite3_bind_text64(statement.get(), at, text.data(), text.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
}

void SweepDatabase::check(int result) const {
  if (result == SQLITE_OK) return;
  fail(reports::printable(path_.string()),
       fmt::format("cannot be written: {}", sqlite3_errmsg(database_.get())));
}

}  // namespace ridgeline::cli

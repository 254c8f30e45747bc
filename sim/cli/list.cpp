#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "models/base/grouped.hpp"
#include "models/base/text.hpp"
#include "models/mapping/dataflow.hpp"
#include "models/network/zoo/zoo.hpp"
#include "reports/format.hpp"
#include "reports/table.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

using Json = nlohmann::ordered_json;

/// One listing: the same entries as text and as JSON.
struct Listing {
  reports::Table table;
  std::string after{};  ///< text below the table
  Json json = Json::array();
};

std::vector<reports::Column> text_columns(std::initializer_list<const char*> headers) {
  std::vector<reports::Column> columns;
  for (const char* header : headers) columns.push_back({header, reports::Align::left});
  return columns;
}

Listing list_archs() {
  Listing listing{
      .table = {.columns = text_columns({"name", "PEs", "buffer B", "dataflows", "summary"})}};
  for (const ConfigFile& file : architecture_files()) {
    const Architecture arch = load_architecture(file.path);
    listing.table.rows.push_back(
        {reports::printable(file.name),
         fmt::format("{}x{}", arch.pe_array.rows, arch.pe_array.cols),
         grouped(arch.global_buffer.bytes.count()),
         reports::printable(fmt::format("{}", fmt::join(arch.dataflows, ","))),
         reports::printable(arch.summary)});
    listing.json.push_back({{"name", file.name},
                            {"rows", arch.pe_array.rows},
                            {"cols", arch.pe_array.cols},
                            {"global_buffer_bytes", arch.global_buffer.bytes.count()},
                            {"dataflows", arch.dataflows},
                            {"summary", arch.summary},
                            {"file", file.path}});
  }
  return listing;
}

/// "alpha: a; beta: b" as a line each.
std::string settings_text(const std::string& summary) {
  std::string text = "    ";
  for (std::size_t at = 0; at < summary.size(); ++at) {
    text += summary[at];
    if (summary[at] != ';') continue;
    text.back() = '\n';
    text += "     ";
  }
  return text + '\n';
}

Listing list_networks() {
  Listing listing{.table = {.columns = text_columns({"name", "what it is"})}};
  const auto put_json = [&](const zoo::Entry& entry, bool family) {
    listing.json.push_back({{"name", entry.name}, {"summary", entry.summary}, {"family", family}});
  };
  for (const zoo::Entry& entry : zoo::list()) {
    listing.table.rows.push_back({entry.name, entry.summary});
    put_json(entry, false);
  }
  listing.after = "\nFamilies, with the defaults of their settings (FAMILY:KEY=VALUE,...)\n";
  for (const zoo::Entry& entry : zoo::families()) {
    listing.after += "  " + entry.name + '\n' + settings_text(entry.summary);
    put_json(entry, true);
  }
  return listing;
}

Listing list_dataflows() {
  Listing listing{.table = {.columns = text_columns(
                                {"name", "stationary", "rows", "cols", "summary", "source"})}};
  for (const Dataflow& d : all_dataflows()) {
    listing.table.rows.push_back({d.name, d.stationary, d.rows, d.cols, d.summary, d.source});
    listing.json.push_back({{"name", d.name},
                            {"stationary", d.stationary},
                            {"rows", d.rows},
                            {"cols", d.cols},
                            {"summary", d.summary},
                            {"source", d.source}});
  }
  return listing;
}

Listing list_energy() {
  Listing listing{.table = {.columns = text_columns({"name", "unit", "node nm", "source"})}};
  for (const ConfigFile& file : energy_table_files()) {
    const EnergyTable table = load_energy_table(file.path);
    const std::string node = table.technology ? fmt::format("{}", table.technology->nm) : "";
    listing.table.rows.push_back({reports::printable(file.name), reports::printable(table.unit),
                                  node, shortened(table.source, 100)});
    Json json{
        {"name", file.name}, {"unit", table.unit}, {"source", table.source}, {"file", file.path}};
    if (table.technology) json["technology_nm"] = table.technology->nm;
    listing.json.push_back(std::move(json));
  }
  return listing;
}

int run_list(const Arguments& arguments) {
  const std::vector<std::string> kinds{"archs", "networks", "dataflows", "energy"};
  const std::vector<std::string> names{"KIND (archs, networks, dataflows or energy)"};
  const std::string kind = arguments.words(names, 1).front();
  const Listing listing = [&] {
    switch (choice("list", kind, kinds)) {
      case 0:
        return list_archs();
      case 1:
        return list_networks();
      case 2:
        return list_dataflows();
      default:
        return list_energy();
    }
  }();
  print(arguments.has("json")
            ? listing.json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n'
            : to_text(listing.table) + listing.after);
  return 0;
}

}  // namespace

Command list_command() {
  return {.name = "list",
          .summary = "print the architectures, networks, dataflows or energy tables",
          .usage = {"archs|networks|dataflows|energy [--json]"},
          .description = "Prints what can be named on the command line, one a line.",
          .options = {{"json", "", "print JSON"}},
          .examples = {"list archs", "list networks --json"},
          .run = &run_list};
}

}  // namespace ridgeline::cli

#include "sim/cli/reproduce.hpp"

#include <fmt/format.h>

#include "reports/format.hpp"
#include "reports/table.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/configs.hpp"
#include "sim/cli/figure_output.hpp"
#include "sim/cli/format_option.hpp"
#include "sim/cli/output.hpp"
#include "sim/papers/papers.hpp"

namespace ridgeline::cli {
namespace {

using papers::Paper;

constexpr const char* kAll = "all";

std::string list_text() {
  reports::Table table{
      .columns = {{"name", reports::Align::left}, {"what is published", reports::Align::left}}};
  for (const Paper& paper : papers::all_papers()) table.rows.push_back({paper.name, paper.title});
  return to_text(table) + "\n'ridgeline reproduce NAME' works one out, 'reproduce all' every one\n";
}

std::vector<const Paper*> read_papers(const std::string& name) {
  std::vector<std::string> names;
  std::vector<const Paper*> all;
  for (const Paper& paper : papers::all_papers()) {
    names.push_back(paper.name);
    all.push_back(&paper);
  }
  names.emplace_back(kAll);
  const std::size_t chosen = choice("reproduce", name, names);
  return chosen < all.size() ? std::vector{all[chosen]} : all;
}

/// One file a reproduction and format: they are written together or not at all.
void write_all(std::span<const reports::Reproduction> reproductions,
               const ReproduceRequest& request) {
  if (!request.out) return;
  std::vector<OutputFile> files;
  for (const reports::Reproduction& one : reproductions) {
    for (const auto* format : request.formats) {
      files.push_back({*request.out / (one.name + "." + format->extension),
                       format->render(std::span(&one, 1), request.rows)});
    }
  }
  write_reports(files);
}

/// Figures are files that gnuplot draws, and apart.
void read_formats(const Arguments& arguments, ReproduceRequest& request) {
  const std::vector<reports::ReproductionFormat>& known = reports::reproduction_formats();
  std::vector<std::string> names;
  for (const reports::ReproductionFormat& format : known) names.push_back(format.name);
  names.emplace_back(kFigureFormat);
  const std::vector<std::size_t> named = named_formats(arguments, names);
  for (const std::size_t i : named) {
    if (i < known.size()) {
      request.formats.push_back(&known[i]);
    } else {
      request.figures = true;
    }
  }
  if (request.figures && !arguments.has("out")) {
    fail("--format", "svg makes several files, with their data and scripts", "--out DIR beside it");
  }
  if (!named.empty()) return;
  for (const reports::ReproductionFormat& format : known) request.formats.push_back(&format);
  if (!arguments.has("out")) request.formats.resize(1);
}

/// The file that --published names, for a paper that can be compared with one.
std::optional<SourceText> read_published(const Arguments& arguments,
                                         const std::vector<const Paper*>& chosen) {
  if (!arguments.has("published")) return std::nullopt;
  std::string takers;
  for (const Paper& paper : papers::all_papers()) {
    if (paper.figures_of != nullptr) takers += (takers.empty() ? "" : ", ") + paper.name;
  }
  if (chosen.size() > 1 || chosen.front()->figures_of == nullptr)
    fail("--published", "is not for this reproduction", takers);
  constexpr std::size_t kLargest = std::size_t{64} << 20;
  SourceText published = read_input_file(arguments.value("published"), kLargest);
  published.path = reports::printable(published.path);
  return published;
}

int run_reproduce(const Arguments& arguments) {
  const std::vector<std::string> names{"NAME"};
  const std::vector<std::string> words = arguments.words(names, 0);
  if (words.empty() || arguments.has("list")) {
    for (const char* option : {"format", "rows", "out", "published"}) {
      if (arguments.has(option)) fail(fmt::format("--{}", option), "does not go with the list");
    }
    if (!words.empty()) fail("--list", "takes no NAME, got " + in_quotes(words.front()));
    print(list_text());
    return 0;
  }
  const std::vector<const Paper*> chosen = read_papers(words.front());
  ReproduceRequest request{
      .formats = {}, .rows = arguments.has("rows") ? reports::Rows::all : reports::Rows::summed_up};
  read_formats(arguments, request);
  if (arguments.has("out")) request.out = arguments.value("out");
  const std::optional<SourceText> published = read_published(arguments, chosen);
  std::vector<reports::Reproduction> reproductions;
  for (const Paper* paper : chosen) {
    if (watched()) say(fmt::format("reproducing {}", paper->name));
    reproductions.push_back(papers::reproduce(*paper, published));
  }
  return report(reproductions, request);
}

}  // namespace

int report(std::span<const reports::Reproduction> reproductions, const ReproduceRequest& request) {
  if (request.out) make_folder(*request.out);
  write_all(reproductions, request);
  const auto& printed =
      request.out ? reports::reproduction_formats().front() : *request.formats.front();
  print(printed.render(reproductions, request.rows));
  std::vector<std::string> misses;
  for (const reports::Reproduction& one : reproductions) {
    for (std::string& miss : misses_of(one)) misses.push_back(std::move(miss));
  }
  // The tables name them all.
  constexpr std::size_t kNamed = 10;
  for (std::size_t i = 0; i < misses.size() && i < kNamed; ++i) say("missed: " + misses[i]);
  if (misses.size() > kNamed) say(fmt::format("missed: {} more", misses.size() - kNamed));
  if (request.figures) {  // last, so that all else is done if there is no gnuplot
    for (const reports::Reproduction& one : reproductions)
      write_figures(one.drawings, one.name, *request.out);
  }
  return misses.empty() ? 0 : 1;
}

Command reproduce_command() {
  return {
      .name = "reproduce",
      .summary = "work out a published table again, beside the published figures",
      .usage = {"NAME|all [OPTIONS]", "[--list]"},
      .description =
          "Works out what a paper publishes and prints both, with the difference and the\n"
          "tolerance that each figure is held to. Exit code 1 if any misses its own. Without a\n"
          "NAME it lists what can be reproduced.",
      .options = {{"list", "", "list what can be reproduced"},
                  {"rows", "",
                   fmt::format("print every row (default: a table of more than {} by groups,\n"
                               "with the figures that miss and those furthest off)",
                               reports::kLongTable)},
                  {"published", "FILE",
                   "figures to compare with instead, as CSV with a header: of SCALE-Sim's\n"
                   "runs on any layers and arrays, for scalesim"},
                  {"out", "DIR", "write DIR/NAME.txt, .md and so on"},
                  {"format", "LIST",
                   format_help(
                       "several with commas go to --out (default: text, and with --out all\n"
                       "but figures):",
                       reports::reproduction_formats()) +
                       "\nsvg    figures for papers, of squeezenext: drawn by gnuplot"}},
      .examples = {"reproduce networks", "reproduce all --format md",
                   "reproduce networks --out out --format json,csv",
                   "reproduce squeezenext --out out --format text,svg",
                   "reproduce scalesim --published my_runs.csv"},
      .run = &run_reproduce};
}

}  // namespace ridgeline::cli

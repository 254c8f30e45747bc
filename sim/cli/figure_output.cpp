#include "sim/cli/figure_output.hpp"

#include <optional>
#include <vector>

#include "reports/format.hpp"
#include "sim/cli/child_program.hpp"
#include "sim/cli/options.hpp"
#include "sim/cli/output.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

/// Runs gnuplot on a script in `folder`; nothing if it cannot be started.
std::optional<ChildOutput> draw(const fs::path& folder, const std::string& script) {
  // A path, so that no name is taken for an option.
  return output_of({"gnuplot", "-e", "to_stdout = 1", "./" + script}, folder);
}

}  // namespace

void write_figures(const std::vector<reports::GnuplotFigure>& figures, const std::string& stem,
                   const fs::path& folder) {
  std::vector<OutputFile> sources, pictures;
  for (const reports::GnuplotFigure& figure : figures) {
    const std::string name = stem + "." + figure.name;
    sources.push_back({folder / (name + ".dat"), figure.data});
    sources.push_back({folder / (name + ".gp"), figure.script});
  }
  write_reports(sources);
  for (const reports::GnuplotFigure& figure : figures) {
    const std::string name = stem + "." + figure.name;
    const std::optional<ChildOutput> drawing = draw(folder, name + ".gp");
    if (!drawing) {
      fail("--format",
           "svg needs gnuplot, which is not there (Debian: gnuplot-nox); the data and scripts for "
           "it are written");
    }
    if (drawing->failed) fail(reports::printable(name + ".gp"), "gnuplot could not draw this");
    pictures.push_back({folder / (name + ".svg"), drawing->text});
  }
  write_reports(pictures);
}

}  // namespace ridgeline::cli

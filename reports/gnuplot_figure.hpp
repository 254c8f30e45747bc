#pragma once

#include <string>
#include <string_view>

/// Figures for papers: data and scripts for gnuplot 5, which whoever runs it may restyle. Pure
/// functions make them; who calls writes the files and runs gnuplot. Names from outside stand in
/// single quotes, in which gnuplot substitutes nothing, and files are named with "./", so that none
/// is taken for a command.
namespace ridgeline::reports {

/// A figure whose files are called STEM.NAME.dat, .gp and .svg and lie in one folder.
struct GnuplotFigure {
  std::string name;    ///< "roofline", "latency", "energy"
  std::string data;    ///< the .dat: columns with a heading, blocks two empty lines apart
  std::string script;  ///< the .gp: writes the .svg, or standard output if `to_stdout` is defined
};

/// How every script begins: terminal, output, `data` for the name of the data file, title, styles.
[[nodiscard]] std::string gnuplot_beginning(std::string_view title, std::string_view stem,
                                            std::string_view name);
/// A string of gnuplot's in single quotes, where only the quote itself has a meaning.
[[nodiscard]] std::string gnuplot_quoted(std::string_view text);
/// A field of a data file. There is no way to write a double quote inside one.
[[nodiscard]] std::string gnuplot_field(std::string_view text);

}  // namespace ridgeline::reports

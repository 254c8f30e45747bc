#include <fmt/format.h>

#include "reports/format.hpp"
#include "reports/markdown.hpp"
#include "reports/reproduction_tables.hpp"

namespace ridgeline::reports {
namespace {

constexpr std::size_t kWidth = 100;

std::string paragraph(std::string_view begin, const std::string& text) {
  const std::string indent(begin.size(), ' ');
  return wrapped(std::string(begin) + printable(text), kWidth, indent) + '\n';
}

std::string text_of(const Reproduction& reproduction, Rows rows) {
  const ReproductionTables tables = tables_of(reproduction, rows);
  std::string text =
      fmt::format("{}: {}\n", printable(reproduction.name), printable(reproduction.title)) +
      paragraph("source: ", reproduction.source) + '\n';
  if (tables.groups) text += to_text(*tables.groups) + '\n';
  text += to_text(tables.figures);
  if (tables.figures_left_out > 0) {
    text += fmt::format("{} more figures lie nearer; --rows prints every row\n",
                        tables.figures_left_out);
  }
  text += '\n' + paragraph("", tables.summary);
  for (const std::string& note : reproduction.notes) text += paragraph("note: ", note);
  for (const Section& section : reproduction.sections) {
    text += '\n' + paragraph("", section.title) + '\n' + section.drawing;
    if (section.columns.empty()) continue;
    if (!section.drawing.empty()) text += '\n';
    text += to_text(table_of(section));
  }
  return text;
}

std::string markdown_of(const Reproduction& reproduction, Rows rows) {
  const ReproductionTables tables = tables_of(reproduction, rows);
  std::string text = fmt::format("### {}\n\n`ridgeline reproduce {}`: {}.\n\nSource: {}\n\n",
                                 printable(reproduction.title), printable(reproduction.name),
                                 tables.summary, printable(reproduction.source));
  if (tables.groups) text += to_markdown(*tables.groups) + '\n';
  text += to_markdown(tables.figures);
  if (tables.figures_left_out > 0) {
    text += fmt::format("\n{} more figures lie nearer.\n", tables.figures_left_out);
  }
  if (!reproduction.notes.empty()) text += '\n';
  for (const std::string& note : reproduction.notes) {
    text += fmt::format("- {}\n", printable(note));
  }
  for (const Section& section : reproduction.sections) {
    text += fmt::format("\n**{}**\n", printable(section.title));
    if (!section.drawing.empty()) text += fmt::format("\n```text\n{}```\n", section.drawing);
    if (!section.columns.empty()) text += '\n' + to_markdown(table_of(section));
  }
  return text;
}

std::string joined(std::span<const Reproduction> all, Rows rows,
                   std::string (*render)(const Reproduction&, Rows)) {
  std::string text;
  for (const Reproduction& reproduction : all) {
    if (!text.empty()) text += '\n';
    text += render(reproduction, rows);
  }
  return text;
}

}  // namespace

std::string reproductions_text(std::span<const Reproduction> all, Rows rows) {
  return joined(all, rows, &text_of);
}

std::string reproductions_markdown(std::span<const Reproduction> all, Rows rows) {
  return joined(all, rows, &markdown_of);
}

}  // namespace ridgeline::reports

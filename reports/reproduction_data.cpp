#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format.hpp"
#include "reports/reproduction.hpp"

/// Reproductions for other programs: schema ridgeline.reproduction/1, to which keys are only ever
/// added, and CSV as RFC 4180 has it. Both hold every figure.
namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::miss:
      return "miss";
    case Verdict::recalled:
      return "recalled";
    case Verdict::not_judged:
      break;
  }
  return "not_judged";
}

Json figure_json(const Reproduction& reproduction, const Figure& figure) {
  Json json = Json::object();
  json["what"] = Json::object();
  for (std::size_t i = 0; i < figure.what.size(); ++i) {
    json["what"][reproduction.columns[i]] = figure.what[i];
  }
  json["published"] = figure.published;
  json["ours"] = figure.ours;
  json["difference"] = figure.ours - figure.published;
  const auto relative = relative_difference(figure);
  json["relative_difference"] = relative ? Json(*relative) : Json();
  json["tolerance"] = Json();
  if (figure.tolerance) {
    json["tolerance"] = {{"relative", figure.tolerance->relative},
                         {"absolute", figure.tolerance->absolute}};
  }
  json["verdict"] = verdict_name(verdict_of(figure));
  return json;
}

Json section_json(const Section& section) {
  Json json{{"title", section.title}};
  if (!section.drawing.empty()) json["drawing"] = section.drawing;
  if (section.columns.empty()) return json;
  json["columns"] = section.columns;
  json["rows"] = Json::array();
  for (const auto& row : section.rows) {
    Json& cells = json["rows"].emplace_back(Json::array());
    for (const Section::Cell& cell : row) {
      const auto* number = std::get_if<Section::Number>(&cell);
      cells.push_back(number != nullptr ? Json(number->value) : Json(std::get<std::string>(cell)));
    }
  }
  return json;
}

Json reproduction_json(const Reproduction& reproduction) {
  const ReproductionCounts counts = counts_of(reproduction.figures);
  Json json{{"name", reproduction.name},     {"title", reproduction.title},
            {"source", reproduction.source}, {"passed", counts.passed},
            {"missed", counts.missed},       {"not_judged", counts.not_judged},
            {"figures", Json::array()},      {"notes", reproduction.notes}};
  for (const Figure& f : reproduction.figures) {
    json["figures"].push_back(figure_json(reproduction, f));
  }
  if (counts.recalled > 0) json["recalled"] = counts.recalled;
  for (const Section& section : reproduction.sections) {
    json["sections"].push_back(section_json(section));
  }
  return json;
}

std::string number(std::optional<double> value) {
  return value ? fmt::format("{}", *value) : "";
}

}  // namespace

std::string reproductions_json(std::span<const Reproduction> all, Rows /*rows*/) {
  Json json{{"schema", "ridgeline.reproduction/1"}, {"reproductions", Json::array()}};
  for (const Reproduction& reproduction : all) {
    json["reproductions"].push_back(reproduction_json(reproduction));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string reproductions_csv(std::span<const Reproduction> all, Rows /*rows*/) {
  std::string text = csv_record(std::vector<std::string>{
      "reproduction", "what", "published", "ours", "difference", "relative_difference",
      "relative_tolerance", "absolute_tolerance", "verdict"});
  for (const Reproduction& reproduction : all) {
    for (const Figure& f : reproduction.figures) {
      const auto tolerance = [&](double Tolerance::*part) {
        return f.tolerance ? std::optional((*f.tolerance).*part) : std::nullopt;
      };
      text += csv_record(std::vector<std::string>{
          reproduction.name, name_text(f), number(f.published), number(f.ours),
          number(f.ours - f.published), number(relative_difference(f)),
          number(tolerance(&Tolerance::relative)), number(tolerance(&Tolerance::absolute)),
          verdict_name(verdict_of(f))});
    }
  }
  return text;
}

}  // namespace ridgeline::reports

#include "reports/run_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "models/base/error.hpp"
#include "models/base/json_reader.hpp"

namespace ridgeline::reports {
namespace {

constexpr const char* kSchema = "ridgeline.run/1";
constexpr IntegerBounds kCount{0, std::numeric_limits<std::int64_t>::max()};
constexpr RealBounds kAmount{0, std::numeric_limits<double>::max()};
constexpr LengthBounds kName{0, 10'000};
constexpr LengthBounds kLayers{0, 100'000};

std::int64_t count(const JsonField& object, std::string_view key) {
  return object.at(key).integer(kCount);
}
double amount(const JsonField& object, std::string_view key) {
  return object.at(key).number(kAmount);
}
std::string text(const JsonField& object, std::string_view key) {
  return object.at(key).text(kName);
}

/// A value as JSON writes it, but for strings: as they are.
std::string value_text(const JsonField& field) {
  return field.is_text() ? field.text(kName) : field.shown();
}

/// Every value below `field` with its pointer; lists of plain values as one text.
void flatten(const JsonField& field, std::vector<std::pair<std::string, std::string>>& into) {
  if (field.is_object()) {
    for (const JsonMember& member : field.members())
      flatten(JsonField(member.value, field.pointer() + pointer_step(member.key)), into);
    return;
  }
  if (!field.is_list()) {
    into.emplace_back(field.pointer(), value_text(field));
    return;
  }
  const std::vector<JsonField> items = field.items({0, kLayers.max});
  const auto is_plain = [](const JsonField& item) { return !item.is_object() && !item.is_list(); };
  if (!std::ranges::all_of(items, is_plain)) {
    for (const JsonField& item : items) flatten(item, into);
    return;
  }
  std::vector<std::string> texts;
  for (const JsonField& item : items) texts.push_back(value_text(item));
  into.emplace_back(field.pointer(), fmt::format("{}", fmt::join(texts, ", ")));
}

ReportSums sums_of(const JsonField& layer) {
  const JsonField cycles = layer.at("cycles"), energy = layer.at("energy_pj");
  const JsonField bytes = layer.at("bytes");
  ReportSums sums{.macs = count(layer, "macs"),
                  .cycles = count(cycles, "total"),
                  .latency_us = amount(layer, "latency_us"),
                  .utilization = layer.at("utilization").number({0, 1}),
                  .dram_bytes = count(bytes, "dram_read") + count(bytes, "dram_write"),
                  .energy = amount(energy, "total"),
                  .bound = text(layer.at("roofline"), "bound")};
  for (const JsonMember& member : cycles.members()) {
    if (member.key != "total") sums.causes.push_back({member.key, count(cycles, member.key)});
  }
  for (const JsonMember& member : energy.members()) {
    if (member.key != "total") sums.components.push_back({member.key, amount(energy, member.key)});
  }
  return sums;
}

std::string on_chip(const JsonField& layer) {
  std::vector<std::string> names;
  for (const char* name : {"ifmap", "residual", "ofmap"}) {
    const std::optional<JsonField> stays = layer.find(fmt::format("{}_on_chip", name));
    if (stays && stays->boolean()) names.emplace_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

ReportLayer layer_of(const JsonField& field, const std::string& precision) {
  ReportLayer layer{.name = text(field, "name"),
                    .op = text(field, "op"),
                    .dataflow = text(field, "dataflow"),
                    .precision = precision,
                    .on_chip = on_chip(field),
                    .sums = sums_of(field)};
  std::vector<std::pair<std::string, std::string>> extents;
  flatten(field.at("shape"), extents);
  for (const auto& [pointer, value] : extents) {
    layer.shape += fmt::format("{}{} {}", layer.shape.empty() ? "" : ", ",
                               pointer.substr(pointer.rfind('/') + 1), value);
  }
  if (const std::optional<JsonField> own = field.find("precision"))
    layer.precision = own->text(kName);
  const std::optional<JsonField> mapping = field.find("mapping");
  if (!mapping) return layer;
  layer.order = text(*mapping, "order");
  const JsonField tile = mapping->at("tile");
  for (const JsonMember& member : tile.members()) {
    layer.tile +=
        fmt::format("{}{} {}", layer.tile.empty() ? "" : " ", member.key, count(tile, member.key));
  }
  return layer;
}

}  // namespace

RunReport parse_run_report(const SourceText& source) {
  const JsonValue value =
      parse_json(source, {.bytes = std::size_t{64} << 20, .values = 10'000'000});
  const JsonField root(value);
  const std::string schema = text(root, "schema");
  if (schema != kSchema) {
    root.at("schema").fail("is not the report of a run, got " + root.at("schema").shown(),
                           fmt::format("\"{}\", as run --format json writes it", kSchema));
  }
  RunReport report{.file = source.path,
                   .network = text(root.at("network"), "name"),
                   .arch = text(root.at("arch"), "name"),
                   .energy_unit = text(root, "energy_unit")};
  for (const JsonMember& member : root.members()) {
    if (member.key == "layers" || member.key == "total" || member.key == "classes") continue;
    flatten(JsonField(member.value, pointer_step(member.key)), report.settings);
  }
  const std::string precision = text(root, "precision");
  for (const JsonField& layer : root.at("layers").items(kLayers))
    report.layers.push_back(layer_of(layer, precision));
  report.total = sums_of(root.at("total"));
  return report;
}

}  // namespace ridgeline::reports

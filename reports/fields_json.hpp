#pragma once

#include <nlohmann/json.hpp>

#include "models/base/units.hpp"

/// Values whose struct lists its fields (models/cost/run_stats.hpp) as JSON objects. For *.cpp of
/// reports that write JSON.
namespace ridgeline::reports {

template <class Rep>
Rep plain(Rep value) {
  return value;
}
template <class Unit, class Rep>
Rep plain(Quantity<Unit, Rep> value) {
  return value.count();
}

template <class Struct>
nlohmann::ordered_json fields_json(const Struct& value) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& field : Struct::fields()) json[field.name] = plain(value.*field.member);
  return json;
}

}  // namespace ridgeline::reports

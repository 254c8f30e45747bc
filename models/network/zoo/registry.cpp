#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.hpp"
#include "models/network/zoo/catalogue.hpp"
#include "models/network/zoo/zoo.hpp"

namespace ridgeline::zoo {
namespace {

/// Every family's file, in one catalogue; networks sorted by name.
Catalogue make_catalogue() {
  Catalogue all;
  for (const auto& file :
       {alexnet, course, mobilenet, squeezenet, squeezenext, tiny_darknet, vgg}) {
    Catalogue one = file();
    std::move(one.networks.begin(), one.networks.end(), std::back_inserter(all.networks));
    std::move(one.families.begin(), one.families.end(), std::back_inserter(all.families));
  }
  std::sort(all.networks.begin(), all.networks.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

const Catalogue& catalogue() {
  static const Catalogue all = make_catalogue();
  return all;
}

/// "squeezenet:version=1.0,ratio=0.125,input=227"
std::string defaults_of(const Family& family) {
  std::string text = family.name;
  char separator = ':';
  for (const Parameter& parameter : family.parameters) {
    text += fmt::format("{}{}={}", separator, parameter.key, parameter.default_value);
    separator = ',';
  }
  return text;
}

std::string meanings_of(const Family& family) {
  std::string text;
  for (const Parameter& parameter : family.parameters)
    text += fmt::format("; {}: {}", parameter.key, parameter.meaning);
  return text;
}

template <class Named>
const Named* find(const std::vector<Named>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

[[noreturn]] void fail_unknown(std::string_view name) {
  std::vector<std::string> names;
  for (const FixedNetwork& network : catalogue().networks) names.push_back(network.name);
  std::vector<std::string> families;
  for (const Family& family : catalogue().families) families.push_back(family.name);
  std::string allowed =
      fmt::format("{}, or {} with parameters", fmt::join(names, ", "), fmt::join(families, ", "));
  names.insert(names.end(), families.begin(), families.end());
  const std::string_view base = name.substr(0, name.find(':'));
  throw InputError({.what = fmt::format("unknown network '{}'", name),
                    .allowed = std::move(allowed),
                    .nearest = nearest_name(base, names)});
}

}  // namespace

std::vector<Entry> list() {
  std::vector<Entry> entries;
  for (const FixedNetwork& network : catalogue().networks)
    entries.push_back({network.name, network.summary});
  return entries;
}

std::vector<Entry> families() {
  std::vector<Entry> entries;
  for (const Family& family : catalogue().families)
    entries.push_back({defaults_of(family), family.summary + meanings_of(family)});
  return entries;
}

Network make(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos)
    if (const FixedNetwork* network = find(catalogue().networks, name))
      return network->build(network->name);
  const Family* family = find(catalogue().families, name.substr(0, colon));
  if (family == nullptr) fail_unknown(name);
  const std::string_view parameters =
      colon == std::string_view::npos ? std::string_view{} : name.substr(colon + 1);
  if (colon != std::string_view::npos && parameters.empty())
    throw InputError({.place = std::string(name),
                      .what = "no parameters after ':'",
                      .allowed = defaults_of(*family)});
  return family->build(Settings(std::string(name), parameters, family->parameters));
}

}  // namespace ridgeline::zoo

#include "models/arch/accelergy_names.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <optional>

#include "models/base/text.hpp"

namespace ridgeline {
namespace {

struct NamedAction {
  std::string_view path;
  AccelergyName name;
};
constexpr std::array<NamedAction, 24> kNames{{{"mac.random", {"mac", "mac_random"}},
                                              {"mac.reused", {"mac", "mac_reused"}},
                                              {"mac.gated", {"mac", "mac_gated"}},
                                              {"rf.ifmap.read", {"ifmap_spad", "read"}},
                                              {"rf.ifmap.write", {"ifmap_spad", "write"}},
                                              {"rf.filter.read", {"filter_spad", "read"}},
                                              {"rf.filter.write", {"filter_spad", "write"}},
                                              {"rf.psum.read", {"psum_spad", "read"}},
                                              {"rf.psum.write", {"psum_spad", "write"}},
                                              {"noc.ifmap", {"ifmap_noc", "transfer"}},
                                              {"noc.filter", {"filter_noc", "transfer"}},
                                              {"noc.psum", {"psum_noc", "transfer"}},
                                              {"glb.ifmap.read", {"ifmap_glb", "read"}},
                                              {"glb.ifmap.write", {"ifmap_glb", "write"}},
                                              {"glb.filter.read", {"filter_glb", "read"}},
                                              {"glb.filter.write", {"filter_glb", "write"}},
                                              {"glb.psum.read", {"psum_glb", "read"}},
                                              {"glb.psum.write", {"psum_glb", "write"}},
                                              {"glb.ofmap.read", {"ofmap_glb", "read"}},
                                              {"glb.ofmap.write", {"ofmap_glb", "write"}},
                                              {"dram.read", {"dram", "read"}},
                                              {"dram.write", {"dram", "write"}},
                                              {"vector", {"vector_unit", "compute"}},
                                              {"leakage", {"machine", "leak"}}}};

constexpr std::array<AccelergyAlias, 24> kAliases{{{"mac", "mac"},
                                                   {"intmac", "mac"},
                                                   {"ifmap_spad", "rf.ifmap"},
                                                   {"weights_spad", "rf.filter"},
                                                   {"filter_spad", "rf.filter"},
                                                   {"psum_spad", "rf.psum"},
                                                   {"rf", "rf"},
                                                   {"register_file", "rf"},
                                                   {"noc", "noc"},
                                                   {"ifmap_noc", "noc.ifmap"},
                                                   {"weights_noc", "noc.filter"},
                                                   {"filter_noc", "noc.filter"},
                                                   {"psum_noc", "noc.psum"},
                                                   {"shared_glb", "glb"},
                                                   {"global_buffer", "glb"},
                                                   {"glb", "glb"},
                                                   {"ifmap_glb", "glb.ifmap"},
                                                   {"weights_glb", "glb.filter"},
                                                   {"filter_glb", "glb.filter"},
                                                   {"psum_glb", "glb.psum"},
                                                   {"ofmap_glb", "glb.ofmap"},
                                                   {"dram", "dram"},
                                                   {"vector_unit", "vector"},
                                                   {"machine", "leakage"}}};

/// How many "[a..b]" stand for; 1 for a single index.
double instances_of(const YamlValue& where, std::string_view range) {
  const std::size_t dots = range.find("..");
  if (dots == std::string_view::npos) return 1;
  const auto first = parse_number<std::int64_t>(range.substr(0, dots));
  const auto last = parse_number<std::int64_t>(range.substr(dots + 2));
  constexpr std::int64_t kMost = 1'000'000'000;
  if (!first || !last || *first < 0 || *last < *first || *last > kMost) {
    where.fail(fmt::format("[{}] is no range of instances", shortened(range)),
               "[FIRST..LAST] in ascending order");
  }
  return static_cast<double>(*last - *first + 1);
}

}  // namespace

AccelergyComponentName component_of(const YamlValue& name) {
  const std::string& text = name.scalar("the name of a component");
  AccelergyComponentName component;
  std::string part;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      part.clear();
    } else if (text[i] == '[') {
      const std::size_t end = text.find(']', i);
      if (end == std::string::npos) name.fail("has a [ without ]: " + shortened(text));
      component.instances *= instances_of(name, std::string_view(text).substr(i + 1, end - i - 1));
      i = end;
    } else {
      part += text[i];
    }
  }
  component.name = part;
  return component;
}

AccelergyName accelergy_name(std::string_view path) {
  for (const NamedAction& named : kNames) {
    if (named.path == path) return named.name;
  }
  assert(false && "every action has a name");
  return {"", ""};
}

std::span<const AccelergyAlias> accelergy_aliases() {
  return kAliases;
}

std::span<const std::string_view> accelergy_actions(std::string_view path) {
  static constexpr std::array<std::string_view, 6> kMac{"compute",   "mac_random", "mac_reused",
                                                        "mac_gated", "idle",       "leak"};
  static constexpr std::array<std::string_view, 5> kMemory{"read", "write", "update", "idle",
                                                           "leak"};
  static constexpr std::array<std::string_view, 5> kNetwork{"transfer", "transfer_random",
                                                            "transfer_repeated", "idle", "leak"};
  static constexpr std::array<std::string_view, 3> kVector{"compute", "idle", "leak"};
  static constexpr std::array<std::string_view, 1> kMachine{"leak"};
  if (path.starts_with("mac")) return kMac;
  if (path.starts_with("noc")) return kNetwork;
  if (path == "vector") return kVector;
  if (path == "leakage") return kMachine;
  return kMemory;
}

std::vector<std::string> accelergy_paths(const std::string& component, const std::string& action) {
  if (component.starts_with("mac")) {
    if (action == "mac_reused") return {"mac.reused"};
    if (action == "mac_gated") return {"mac.gated"};
    return {"mac"};  // reused ones too, unless they have their own
  }
  if (component == "vector") return {component};
  const bool memory = action == "read" || action == "write";
  std::vector<std::string> paths;
  for (const std::string& path : energy_actions()) {
    if (!path.starts_with(component)) continue;
    if (memory ? path.ends_with("." + action) : path.starts_with("noc.")) paths.push_back(path);
  }
  return paths;
}

}  // namespace ridgeline

#include "sim/cli/configs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "models/arch/architecture_json.hpp"
#include "models/base/error.hpp"
#include "models/network/network_json.hpp"
#include "models/network/onnx/onnx_import.hpp"
#include "models/network/weight_matching.hpp"
#include "models/network/zoo/zoo.hpp"
#include "reports/format.hpp"
#include "sim/cli/options.hpp"

namespace ridgeline::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestConfig = std::size_t{16} << 20;
constexpr std::size_t kLargestModel = std::size_t{2047} << 20;  // protobuf's own limit is 2 GiB

[[noreturn]] void fail_read(const std::string& path, int error) {
  fail(reports::printable(path), "cannot be read: " + std::generic_category().message(error));
}

std::string read_all(int file, const std::string& path, std::size_t largest) {
  std::string text;
  while (text.size() <= largest) {
    constexpr std::size_t kChunk = 65536;
    const std::size_t size = text.size();
    text.resize(size + kChunk);
    const ssize_t got = ::read(file, text.data() + size, kChunk);
    const int error = errno;
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return text;
    if (got < 0 && error != EINTR) fail_read(path, error);
  }
  fail(reports::printable(path), fmt::format("is larger than {} MiB", largest >> 20));
}

SourceText read_file(const std::string& path) {
  return read_input_file(path, kLargestConfig);
}

std::vector<fs::path> config_folders() {
  std::vector<fs::path> folders{RIDGELINE_SOURCE_CONFIGS, RIDGELINE_INSTALLED_CONFIGS};
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(program.parent_path() / "../share/ridgeline/arch_configs");
  return folders;
}

/// NAME.json files of `subfolder` in every folder of configurations; the first folder wins.
std::vector<ConfigFile> config_files(const std::string& subfolder) {
  std::vector<ConfigFile> files;
  for (const fs::path& folder : config_folders()) {
    std::error_code error;
    for (fs::directory_iterator it(folder / subfolder, error), end; !error && it != end;
         it.increment(error)) {
      const fs::path& path = it->path();
      std::error_code ignored;
      if (path.extension() != ".json" || !fs::is_regular_file(path, ignored)) continue;
      files.push_back({path.stem().string(), path.string()});
    }
  }
  const auto by_name = [](const ConfigFile& a, const ConfigFile& b) { return a.name < b.name; };
  std::stable_sort(files.begin(), files.end(), by_name);
  const auto same_name = [](const ConfigFile& a, const ConfigFile& b) { return a.name == b.name; };
  files.erase(std::unique(files.begin(), files.end(), same_name), files.end());
  return files;
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".json");
}

/// The file that `name` means, given the `files` that are known by name. `where` begins the
/// message if there is none; a reader that looks up a name fills in where it stands.
SourceText find(const std::string& name, const std::vector<ConfigFile>& files,
                std::string_view where, std::string_view listing) {
  if (is_path(name)) return read_file(name);
  std::vector<std::string> names;
  for (const ConfigFile& file : files) {
    if (file.name == name) return read_file(file.path);
    names.push_back(file.name);
  }
  fail(where, in_quotes(name) + " is unknown",
       fmt::format("a name that 'ridgeline list {}' prints, or the path of a JSON file", listing),
       nearest_name(name, names));
}

LoadedNetwork read_network(const std::string& name) {
  if (name.ends_with(".json")) return {parse_network(read_file(name))};
  if (!name.ends_with(".onnx")) return {zoo::make(name)};
  TrainedNetwork trained = parse_onnx(read_input_file(name, kLargestModel));
  LoadedNetwork loaded{
      .network = std::move(trained.network),
      .weights = std::make_shared<const std::vector<NodeWeights>>(std::move(trained.weights)),
      .input = std::move(trained.input.layout)};
  const auto last = static_cast<NodeId>(loaded.network.nodes.size()) - 1;
  const auto output = std::ranges::find(trained.outputs, last, &ArrayOfNode::node);
  if (output != trained.outputs.end()) loaded.output = std::move(output->layout);
  return loaded;
}

}  // namespace

SourceText read_input_file(const std::string& path, std::size_t largest) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_read(path, errno);
  struct Closer {
    int file;
    ~Closer() { ::close(file); }
  } const closer{file};
  return {path, read_all(file, path, largest)};
}

std::vector<ConfigFile> architecture_files() {
  return config_files("");
}

std::vector<ConfigFile> energy_table_files() {
  return config_files("energy");
}

SourceText energy_table_source(const std::string& name) {
  return find(name, energy_table_files(), "", "energy");
}

EnergyTable load_energy_table(const std::string& name) {
  return parse_energy_table(find(name, energy_table_files(), "energy table", "energy"),
                            {.architecture = {}, .energy_table = energy_table_source});
}

Architecture load_architecture(const std::string& name) {
  const std::vector<ConfigFile> files = architecture_files();
  const SourceText source = find(name, files, "architecture", "archs");
  // A user's file may build on one that lies beside it.
  std::vector<ConfigFile> bases = files;
  if (is_path(name)) {
    std::error_code error;
    for (fs::directory_iterator it(fs::path(name).parent_path() / ".", error), end;
         !error && it != end; it.increment(error)) {
      if (it->path().extension() != ".json") continue;
      bases.push_back({it->path().stem().string(), it->path().string()});
    }
  }
  return parse_architecture(
      source,
      {.architecture = [&](const std::string& base) { return find(base, bases, "", "archs"); },
       .energy_table = energy_table_source});
}

LoadedNetwork load_network(const std::string& name) {
  LoadedNetwork loaded = read_network(name);
  if (loaded.network.nodes.size() > 1) return loaded;
  fail(reports::printable(name), "has no layer to run: it only looks at its input differently",
       "a network that computes something");
}

std::shared_ptr<const std::vector<NodeWeights>> load_weights(const std::string& path,
                                                             const Network& network) {
  const TrainedNetwork trained = parse_onnx(read_input_file(path, kLargestModel));
  return std::make_shared<const std::vector<NodeWeights>>(weights_for(network, trained, path));
}

std::vector<LayerMapping> load_mappings(const std::string& path, const MappingContext& context) {
  return parse_mappings(read_file(path), context);
}

}  // namespace ridgeline::cli

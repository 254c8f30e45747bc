#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/arch/architecture.hpp"
#include "models/mapping/mapping_json.hpp"
#include "models/network/network.hpp"
#include "models/network/trained_network.hpp"

/// Finding what a name on the command line means. A name with a '/' or ending in ".json" is a
/// file; any other is NAME.json in the folders of configurations: the source tree's, the
/// installed one, and the one beside the program. Everything here throws InputError.
namespace ridgeline::cli {

struct ConfigFile {
  std::string name;  ///< without ".json"
  std::string path;
};

/// Every architecture and every energy table that is found by its name, sorted.
[[nodiscard]] std::vector<ConfigFile> architecture_files();
[[nodiscard]] std::vector<ConfigFile> energy_table_files();

[[nodiscard]] Architecture load_architecture(const std::string& name);
[[nodiscard]] EnergyTable load_energy_table(const std::string& name);
/// The file of an energy table, for a reader that fills in where its name stands.
[[nodiscard]] SourceText energy_table_source(const std::string& name);
/// A network and, if it comes with them, its weights.
struct LoadedNetwork {
  Network network;
  std::shared_ptr<const std::vector<NodeWeights>> weights{};  ///< by NodeId; null: it has none
  /// Its input and output as its file has them, over the elements of the first and the last node;
  /// none if the file has feature maps NCHW.
  std::optional<Layout> input{}, output{};
};
/// A name that the zoo knows, an ONNX file or a JSON file.
[[nodiscard]] LoadedNetwork load_network(const std::string& name);
/// The weights that ONNX file `path` has for `network`.
[[nodiscard]] std::shared_ptr<const std::vector<NodeWeights>> load_weights(const std::string& path,
                                                                           const Network& network);
/// The bytes of any file of at most `largest` bytes.
[[nodiscard]] SourceText read_input_file(const std::string& path, std::size_t largest);
/// @throws InfeasibleError, too, for a mapping that does not fit.
[[nodiscard]] std::vector<LayerMapping> load_mappings(const std::string& path,
                                                      const MappingContext& context);

}  // namespace ridgeline::cli

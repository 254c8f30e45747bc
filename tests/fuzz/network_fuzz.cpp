#include "models/network/lowering.hpp"
#include "models/network/network_json.hpp"
#include "tests/fuzz/target.hpp"

void ridgeline::fuzzing::fuzz(const SourceText& source) {
  const Network network = parse_network(source);
  require(parse_network({"again", to_json_text(network)}) == network);
  require(!lower(network).tensors.empty());
}

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "models/base/grouped.hpp"
#include "reports/describe.hpp"
#include "reports/format.hpp"
#include "reports/run_text.hpp"

namespace ridgeline::reports {
namespace {

using Json = nlohmann::ordered_json;

const std::string& tensor_name(const LoweredNetwork& network, TensorId id) {
  return network.tensors[static_cast<std::size_t>(id)].name;
}

/// MACs and weights; zero on the vector unit.
struct Work {
  Macs macs;
  std::int64_t weights = 0;
};

Work work_of(const LoweredLayer& layer) {
  if (!runs_on_array(layer.kind)) return {};
  return {layer.shape.macs(), layer.shape.filter_elements()};
}

}  // namespace

std::string layer_text(const LoweredNetwork& network, const LoweredLayer& layer) {
  const ConvShape& s = layer.shape;
  const Window& w = s.window;
  const Work work = work_of(layer);
  std::string text =
      fmt::format("{} of {}\n", printable(layer.name), printable(network.network.name));
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<10} {}\n", name, value);
  };
  line("op", fmt::format("{}, on the {}", layer_kind_name(layer.kind),
                         runs_on_array(layer.kind) ? "PE array" : "vector unit"));
  if (!layer.fused.empty()) {
    line("fused", printable(fmt::format("{}", fmt::join(layer.fused, ", "))));
  }
  line("ifmap", fmt::format("{} from {}", shape_text(s.ifmap()),
                            printable(tensor_name(network, layer.input))));
  if (layer.residual) {
    line("added", printable(tensor_name(network, *layer.residual)));
  }
  line("ofmap", fmt::format("{} = {} words", shape_text(layer.output_shape),
                            grouped(layer.output_shape.elements())));
  line("loops",
       fmt::format("N {}, G {}, M {}, C {}, H {}, W {}, R {}, S {}, P {}, Q {}", s.N, s.G, s.M, s.C,
                   s.H, s.W, s.R(), s.S(), layer.output_shape.H, layer.output_shape.W));
  line("window",
       fmt::format("stride {} (down, across), pad {} (top, left, bottom, right), "
                   "dilation {}",
                   fmt::join(w.stride, ","), fmt::join(w.pad, ","), fmt::join(w.dilation, ",")));
  line("MACs", fmt::format("{}, without biases and BatchNorm", grouped(work.macs.count())));
  line("weights", fmt::format("{} words", grouped(work.weights)));
  return text;
}

std::string layer_json(const LoweredNetwork& network, const LoweredLayer& layer) {
  const ConvShape& s = layer.shape;
  const Work work = work_of(layer);
  const TensorShape& out = layer.output_shape;
  Json json{{"network", network.network.name},
            {"name", layer.name},
            {"op", layer_kind_name(layer.kind)},
            {"fused", layer.fused},
            {"input", tensor_name(network, layer.input)}};
  if (layer.residual) json["residual"] = tensor_name(network, *layer.residual);
  json["output"] = {out.N, out.C, out.H, out.W};
  json["shape"] = {{"N", s.N},
                   {"G", s.G},
                   {"M", s.M},
                   {"C", s.C},
                   {"H", s.H},
                   {"W", s.W},
                   {"R", s.R()},
                   {"S", s.S()},
                   {"P", out.H},
                   {"Q", out.W},
                   {"stride", s.window.stride},
                   {"pad", s.window.pad},
                   {"dilation", s.window.dilation}};
  json["macs"] = work.macs.count();
  json["weights"] = work.weights;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ridgeline::reports

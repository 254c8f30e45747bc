#include "models/network/zoo/zoo.hpp"
#include "sim/papers/papers.hpp"

/// Parameters and MACs of the SqueezeNet and SqueezeNext families. The exact figures are those of
/// the authors' own prototxt files (github.com/forresti/SqueezeNet at 51147dc,
/// github.com/amirgholami/SqueezeNext at 2dd29a9), counted by a script that shares nothing with
/// this program; imgclsmob publishes the same parameters of SqueezeNet.
namespace ridgeline::papers {
namespace {

using reports::Figure;
using reports::Tolerance;

struct SqueezeNext {
  const char* name;
  double weights;        ///< of convolutions and the fully connected layer
  double with_scale;     ///< and a scale and a shift for each channel of BatchNorm
  double macs;           ///< of convolutions and the fully connected layer
  double macs_of_paper;  ///< and one for each output of a scale
  double rounded;        ///< the same in millions, as the paper prints it; 0 if it does not
};

constexpr SqueezeNext kSqueezeNexts[] = {
    {"squeezenext_1.0_g_23", 531'520, 543'072, 224'191'552, 228'182'512, 0},
    {"squeezenext_1.0_23", 705'728, 717'280, 277'999'808, 281'990'768, 282},
    {"squeezenext_1.0_23v5", 915'648, 930'016, 224'916'480, 228'017'984, 228},
    {"squeezenext_2.0_23", 2'339'008, 2'361'728, 742'070'464, 749'257'568, 749},
    {"squeezenext_2.0_23v5", 3'194'560, 3'222'912, 702'592'000, 707'985'920, 708}};

struct Scales {
  double parameters = 0, outputs = 0;
};

Scales scales_of(const Network& network) {
  Scales scales;
  for (const Node& node : network.nodes) {
    if (!std::holds_alternative<BatchNormOp>(node.op)) continue;
    scales.parameters += 2.0 * node.shape.C;
    scales.outputs += static_cast<double>(node.shape.elements());
  }
  return scales;
}

void put_squeezenet(std::vector<Figure>& figures, const char* name, double parameters,
                    double macs) {
  const Network network = zoo::make(name);
  const std::int64_t ours = total_weights(network) + total_biases(network);
  figures.push_back({{name, "parameters"}, parameters, static_cast<double>(ours), Tolerance()});
  figures.push_back(
      {{name, "MACs"}, macs, static_cast<double>(total_macs(network).count()), Tolerance()});
}

void put_squeezenext(std::vector<Figure>& figures, const SqueezeNext& published) {
  const Network network = zoo::make(published.name);
  const Scales scales = scales_of(network);
  const auto weights = static_cast<double>(total_weights(network));
  const auto macs = static_cast<double>(total_macs(network).count());
  const auto put = [&](const char* what, double theirs, double ours) {
    figures.push_back({{published.name, what}, theirs, ours, Tolerance()});
  };
  put("weights", published.weights, weights);
  put("weights and scales", published.with_scale, weights + scales.parameters);
  put("MACs", published.macs, macs);
  put("MACs and scales", published.macs_of_paper, macs + scales.outputs);
  if (published.rounded == 0) return;
  constexpr double kMillion = 1e6;
  figures.push_back({{published.name, "MACs and scales, millions"},
                     published.rounded,
                     (macs + scales.outputs) / kMillion,
                     Tolerance{.absolute = 0.5}});
}

reports::Reproduction figures() {
  reports::Reproduction result{
      .name = {},
      .title = {},
      .source =
          "the authors' prototxt files of SqueezeNet (arXiv:1602.07360) and SqueezeNext "
          "(arXiv:1803.10615), input 227 x 227",
      .columns = {"network", "quantity"},
      .figures = {},
      .notes = {
          "weights and MACs are those of convolutions and fully connected layers, padding "
          "included; parameters are weights and biases",
          "\"and scales\": SqueezeNext's paper counts a scale and a shift for each channel of "
          "BatchNorm, and one MAC for each of its outputs; millions are its rounded "
          "figures, quoted at second hand"}};
  put_squeezenet(result.figures, "squeezenet_v1.0", 1'248'424, 861'339'936);
  put_squeezenet(result.figures, "squeezenet_v1.1", 1'235'496, 387'747'520);
  for (const SqueezeNext& published : kSqueezeNexts) put_squeezenext(result.figures, published);
  return result;
}

}  // namespace

Paper networks() {
  return {"networks", "Parameters and MACs of SqueezeNet and SqueezeNext", &figures};
}

}  // namespace ridgeline::papers

#include "sim/cli/input_option.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "models/base/text.hpp"
#include "reports/format.hpp"
#include "sim/cli/configs.hpp"

namespace ridgeline::cli {
namespace {

constexpr std::size_t kLargestInput = std::size_t{1} << 30;
constexpr std::size_t kClasses = 5;

/// One label a line; a line end after the last is none.
std::vector<std::string> read_labels(const std::string& path) {
  const SourceText source = read_input_file(path, std::size_t{16} << 20);
  std::vector<std::string> labels;
  for (std::size_t begin = 0; begin < source.text.size();) {
    const std::size_t end = std::min(source.text.find('\n', begin), source.text.size());
    std::string label = source.text.substr(begin, end - begin);
    if (label.ends_with('\r')) label.pop_back();
    if (label.empty() || !is_plain_text(label)) {
      fail(reports::printable(path),
           fmt::format("line {} is {}", labels.size() + 1,
                       label.empty() ? "empty" : in_quotes(label)),
           "one class a line, in UTF-8");
    }
    labels.push_back(std::move(label));
    begin = end + 1;
  }
  return labels;
}

bool has_classes(const Network& network) {
  const TensorShape& output = network.nodes.back().shape;
  return output.H == 1 && output.W == 1;
}

void check_labels(const std::string& path, std::size_t labels, const Network& network) {
  if (!has_classes(network)) {
    fail("--labels", fmt::format("the output of {} is a feature map, not classes", network.name),
         "networks that end in one value a class");
  }
  const int classes = network.nodes.back().shape.C;
  if (labels == static_cast<std::size_t>(classes)) return;
  fail(reports::printable(path), fmt::format("has {} lines", labels),
       fmt::format("{}, one for each class of {}", classes, network.name));
}

/// The network's own preprocessing, or that of the network that --preprocessing names, fitted as
/// --fit says.
std::optional<Preprocessing> preprocessing_of(const Arguments& arguments, const Network& network) {
  std::optional<Preprocessing> preprocessing = network.preprocessing;
  if (arguments.has("preprocessing")) {
    const std::string other = arguments.value("preprocessing");
    preprocessing = load_network(other).network.preprocessing;
    if (!preprocessing) {
      fail("--preprocessing", in_quotes(other) + " does not say how a picture becomes its input",
           "a network for which 'ridgeline show network' prints 'pictures'");
    }
  }
  if (!arguments.has("fit") || !preprocessing) return preprocessing;
  const std::vector<std::string> names(kPictureFitNames.begin(), kPictureFitNames.end());
  preprocessing->fit = static_cast<PictureFit>(choice("--fit", arguments.value("fit"), names));
  return preprocessing;
}

}  // namespace

std::vector<Option> input_options() {
  return {{"input", "FILE",
           "the network's input: a PPM or PNG picture, preprocessed as the network's\n"
           "description says, or a NumPy array NCHW, CHW or of the extents that an ONNX\n"
           "file states for its input, taken as it is; one picture is repeated for a\n"
           "larger --batch (default: a seeded picture)"},
          {"fit", "HOW",
           "what to do with a picture of another size: exact (refuse it), crop\n"
           "(scale and cut out the centre) or stretch (default: the network's own)"},
          {"preprocessing", "N", "prepare the picture as network N's description says"},
          {"labels", "FILE", "names of the classes, one a line: the report shows the best five"}};
}

std::vector<NetworkInput> read_input_of_each(const std::string& path, const Arguments& arguments,
                                             const std::vector<LoadedNetwork>& networks) {
  const SourceText source = read_input_file(path, kLargestInput);
  std::vector<NetworkInput> inputs;
  for (const LoadedNetwork& loaded : networks) {
    NetworkInput input = read_network_input(
        source, loaded.network, preprocessing_of(arguments, loaded.network), loaded.input);
    input.note = std::filesystem::path(path).filename().string() + ": " + input.note;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

InputRequest read_inputs(const Arguments& arguments, const std::vector<LoadedNetwork>& networks) {
  InputRequest request;
  for (const char* option : {"fit", "preprocessing"}) {
    if (arguments.has(option) && !arguments.has("input") && !arguments.has("calibrate")) {
      fail(fmt::format("--{}", option), "is for a picture", "together with --input or --calibrate");
    }
  }
  if (arguments.has("input"))
    request.inputs = read_input_of_each(arguments.value("input"), arguments, networks);
  if (arguments.has("labels")) {
    const std::string path = arguments.value("labels");
    request.labels = read_labels(path);
    for (const LoadedNetwork& loaded : networks)
      check_labels(path, request.labels.size(), loaded.network);
  }
  return request;
}

std::vector<ClassScore> classes_of(const InputRequest& request, const Network& network,
                                   const AnyTensor& output, const Quantization& quantization) {
  if ((request.inputs.empty() && request.labels.empty()) || !has_classes(network)) return {};
  const bool probabilities = std::holds_alternative<SoftmaxOp>(network.nodes.back().op);
  return top_classes(output, quantization, probabilities, kClasses, request.labels);
}

}  // namespace ridgeline::cli

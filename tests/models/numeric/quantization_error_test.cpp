#include "models/numeric/quantization_error.hpp"

#include <catch2/catch.hpp>

#include "tests/models/numeric/hand_made.hpp"

namespace ridgeline {
namespace {

const TensorShape kShape{1, 1, 1, 4};

/// A copy whose output has the words, against what fp32 gives.
QuantizationError error_of(std::vector<float> real, std::vector<std::int8_t> words,
                           const Quantization& q, std::optional<ClampOp> clamp = {},
                           const Quantization& input = {.scale = 77}) {
  Workload workload =
      hand_made::one_vector_layer(LayerKind::copy, ClampOp{}, kShape, Precision::int8);
  workload.layers.front().input = input;
  workload.layers.front().output = q;
  workload.real_outputs = {hand_made::tensor<float>(kShape, std::move(real))};
  LoweredLayer& layer = workload.lowered.layers.front();
  layer.relu = clamp.has_value();
  if (clamp) layer.clamp = *clamp;
  const LayerQuantization result =
      layer_quantization(workload, 0, hand_made::tensor<std::int8_t>(kShape, std::move(words)));
  CHECK(result.scale == q.scale);
  CHECK(result.zero_point == q.zero_point);
  CHECK(result.error.words == 4);
  return result.error;
}

}  // namespace

TEST_CASE("SQNR is the power of fp32's values over that of the differences") {
  const Quantization q{.scale = 0.5, .zero_point = 3};
  // Words 3 off the zero point: 1, 2, -1, 0.
  const QuantizationError error = error_of({1, 2.5F, -1, 0.25F}, {5, 7, 1, 3}, q);
  CHECK(error.signal == 1 + 6.25 + 1 + 0.0625);
  CHECK(error.noise == 0.25 + 0.0625);
  CHECK(error.sqnr_db() == Approx(10 * std::log10(8.3125 / 0.3125)));
  CHECK(error.saturated == 0);
}

TEST_CASE("Where nothing is lost, or nothing is there, SQNR is no number") {
  CHECK_FALSE(error_of({1, 2, 3, 4}, {1, 2, 3, 4}, {}).sqnr_db());
  CHECK_FALSE(error_of({0, 0, 0, 0}, {0, 0, 0, 0}, {}).sqnr_db());
  CHECK_FALSE(error_of({0, 0, 0, 0}, {0, 1, 0, 0}, {}).sqnr_db());
}

TEST_CASE("Words at their ends are saturated unless they are the nearest ones") {
  // Symmetric words end at -127 and 127. The last is at its end, and right.
  CHECK(error_of({130, -128, 127.4F, -127}, {127, -127, 127, -127}, {}).saturated == 2);
  // The machine's sum was beyond the end, though fp32's is not.
  CHECK(error_of({125, 0, 0, 0}, {127, 0, 0, 0}, {}).saturated == 1);
  // Where words reach -128, -127 is no end.
  CHECK(error_of({-140, -140, 0, 0}, {-127, -128, 0, 0}, {.whole_range = true}).saturated == 1);
}

TEST_CASE("Words at an end that something else explains are saturated only by what lies beyond") {
  const Quantization q{.scale = 1.5, .zero_point = -120, .whole_range = true};  // -12 to 370.5
  const ClampOp from_12{-12, 400}, to_370{-100, 370.5F};
  const std::vector<float> low{-11, -9, -12, -15};
  const std::vector<std::int8_t> lowest{-128, -128, -128, -128};
  CHECK(error_of(low, lowest, q).saturated == 3);
  CHECK(error_of(low, lowest, q, from_12).saturated == 1);
  const std::vector<float> high{369, 360, 370.5F, 380};
  const std::vector<std::int8_t> highest{127, 127, 127, 127};
  CHECK(error_of(high, highest, q).saturated == 3);
  CHECK(error_of(high, highest, q, from_12).saturated == 3);
  CHECK(error_of(high, highest, q, to_370).saturated == 1);
  // Where the end stands for zero, small values have become zeros, as they do in any words.
  const Quantization positive{.zero_point = -128, .whole_range = true};
  CHECK(error_of({1, 2, 0, -3}, lowest, positive).saturated == 1);
  // A copy whose words are its input's clamps nothing.
  CHECK(error_of(high, highest, q, {}, q).saturated == 1);
}

}  // namespace ridgeline

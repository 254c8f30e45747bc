#include "reports/sparsity_text.hpp"

#include <catch2/catch.hpp>

#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"

namespace ridgeline::reports {
namespace {

using Catch::Matchers::Contains;

/// The sample run, whose convolution skips, gates and codes.
RunStats sparse_run() {
  RunStats run = sample_run();
  run.activation_zeros = ZerosSource::measured;
  run.layers[0].sparsity = {.weights_counted = 216,
                            .zero_weights = 54,
                            .ifmap_words = 1083,
                            .zero_ifmap_words = 361,
                            .ofmap_words = 720,
                            .zero_ofmap_words = 360,
                            .macs_gated = 4860,
                            .cycles_saved = 100,
                            .dram_bytes_saved = 780,
                            .energy_saved = Energy(188000)};
  run.layers[1].sparsity = {
      .ifmap_words = 720, .zero_ifmap_words = 360, .ofmap_words = 160, .zero_ofmap_words = 16};
  return run;
}

TEST_CASE("The table of zeros has the layers that save something, and the total") {
  const RunStats run = sparse_run();
  CHECK(
      sparsity_table(run, total_of(run)) ==
      "                         - zero words, % --  -- MACs, % --  cycles saved  energy saved, "
      "MAC equivalents  - bytes saved -\n"
      "layer  op          flow  weight ifmap ofmap  skipped gated    cycles   %                  "
      "  energy    %  DRAM bytes    %\n" +
          std::string(120, '-') +
          "\nconv1  conv 3x3/2  ws      25.0  33.3  50.0      2.3  25.0       100 8.3             "
          "         188k 25.0         780 26.0\n" +
          std::string(120, '-') +
          "\ntotal                      25.0  40.0  42.7      2.3  25.0       100 7.1             "
          "         188k 20.1         780 20.1\n"
          "saved: against the same mapping on a machine that takes no notice of zeros; layers that "
          "save nothing: 1\n\n");
}

TEST_CASE("The summary says how many words are zero, how that is known, and what it saves") {
  RunStats run = sparse_run();
  CHECK(sparsity_summary(run, total_of(run)) ==
        "  zeros         40.0 % of ifmap and 42.7 % of ofmap words (measured), 25.0 % of 216 "
        "weights; "
        "of the MACs 2.3 % skipped, 25.0 % gated\n"
        "  saved         100 cycles (7.1 %), energy 188k (20.1 %), 780 DRAM bytes (20.1 %)\n");
  run.declared_weights = true;
  CHECK_THAT(sparsity_summary(run, total_of(run)),
             Contains("25.0 % of 216 weights (declared); of"));
  run.activation_zeros = ZerosSource::declared;
  run.layers[0].sparsity.weights_counted = 0;
  CHECK_THAT(sparsity_summary(run, total_of(run)), Contains("of ofmap words (declared); of the"));
}

TEST_CASE("A run that saves less than a hundredth has its lines, but no table") {
  RunStats run = sparse_run();
  Sparsity& s = run.layers[0].sparsity;
  s.energy_saved = Energy(1);
  s.dram_bytes_saved = 1;
  s.cycles_saved = 14;  // of 1314
  CHECK_FALSE(sparsity_table(run, total_of(run)).empty());
  s.cycles_saved = 12;  // of 1312
  CHECK(sparsity_table(run, total_of(run)).empty());
  CHECK_THAT(sparsity_summary(run, total_of(run)), Contains("  saved         12 cycles (0.9 %)"));
}

TEST_CASE("A run that saves nothing has no table, and one that knows nothing no line either") {
  RunStats run = sample_run();
  CHECK(sparsity_table(run, total_of(run)).empty());
  CHECK(sparsity_summary(run, total_of(run)).empty());
  run.layers[0].sparsity.ifmap_words = 1083;
  CHECK(sparsity_table(run, total_of(run)).empty());
  CHECK_THAT(render_text(run), Contains("  zeros         0.0 % of ifmap"));
  CHECK_THAT(render_text(run), !Contains("  saved"));
}

}  // namespace
}  // namespace ridgeline::reports

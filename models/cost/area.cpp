#include "models/cost/area.hpp"

#include <algorithm>

#include "models/mapping/dataflow.hpp"

namespace ridgeline {
namespace {

constexpr double kMm2PerUm2 = 1e-6;
constexpr double kSramUm2PerByte = 8 * 0.7;
constexpr double kRegisterUm2PerByte = 8 * 1.4;

double mac_um2(Precision precision) {
  switch (precision) {
    case Precision::int8:
      return 282 + 137;
    case Precision::int16:
      return 4 * 282 + 137;
    case Precision::fp32:
      break;
  }
  return 7700 + 4184;
}

}  // namespace

Bytes buffer_bytes(const Architecture& arch) {
  return arch.global_buffer.bytes + arch.global_buffer.filter_bytes;
}

Bytes register_file_bytes(const Architecture& arch, Precision precision) {
  RegisterWords most{.ifmap = 0, .filter = 0, .psum = 0};
  for (const std::string& name : arch.dataflows) {
    const Dataflow* dataflow = find_dataflow(name);
    const RegisterWords words =
        dataflow->register_words ? dataflow->register_words(arch.pe_array) : RegisterWords{};
    most = {.ifmap = std::max(most.ifmap, words.ifmap),
            .filter = std::max(most.filter, words.filter),
            .psum = std::max(most.psum, words.psum)};
  }
  const int preloaded = arch.pe_array.preload ? 1 : 0;
  return word_bytes(precision) * (most.ifmap + most.filter + preloaded) +
         psum_bytes(precision) * most.psum;
}

Area area_of(const Architecture& arch, Precision precision) {
  const auto mm2 = [](double um2) { return um2 * kMm2PerUm2; };
  const auto count = [](Bytes bytes) { return static_cast<double>(bytes.count()); };
  return {.arithmetic_mm2 = mm2(mac_um2(precision) * (arch.pes() + arch.vector_unit.lanes)),
          .register_files_mm2 =
              mm2(kRegisterUm2PerByte * count(register_file_bytes(arch, precision)) * arch.pes()),
          .buffer_mm2 = mm2(kSramUm2PerByte * count(buffer_bytes(arch)))};
}

}  // namespace ridgeline

#include <set>
#include <tuple>

#include "tests/arch_configs/config_files.hpp"

using namespace ridgeline;
using namespace ridgeline::config_files;

TEST_CASE("Every file in arch_configs is read without an error", "[arch_configs]") {
  std::set<std::string> names;
  for (const auto& path : json_files(folder())) {
    INFO(path);
    const Architecture arch = parse_architecture(read(path), lookup());
    CHECK(arch.name == path.stem());
    CHECK_FALSE(arch.source.empty());
    names.insert(arch.name);
  }
  for (const auto& path : json_files(folder() / "energy")) {
    INFO(path);
    CHECK(parse_energy_table(read(path)).name == path.stem());
  }
  for (const std::string size : {"8x8", "16x16", "32x32"}) {
    for (const std::string twin : {"", "_ws", "_os"}) {
      CHECK(names.contains("squeezelerator_" + size + twin));
    }
  }
}

TEST_CASE("A preset with a base repeats no value of it", "[arch_configs]") {
  for (const auto& path : json_files(folder())) {
    INFO(path);
    const Json file = Json::parse(read(path).text);
    if (!file.contains("base")) continue;
    const Architecture base = load(file["base"]);
    const Json under = Json::parse(to_json_text(base));
    const Json flat = file.flatten();
    int repeated = 0;
    for (const auto& [pointer, value] : flat.items()) {
      const Json::json_pointer place(pointer);
      const bool list = pointer.starts_with("/dataflows");
      if (!list && under.contains(place) && under[place] == value) ++repeated;
    }
    CHECK(repeated == 0);
  }
}

TEST_CASE("The Squeezelerator presets have N x N PEs, ports and lanes as wide, and their buffers",
          "[arch_configs]") {
  struct Preset {
    std::string name;
    int side;
    std::int64_t buffer;
  };
  for (const Preset& preset :
       {Preset{"squeezelerator_8x8", 8, 32 * 1024}, Preset{"squeezelerator_16x16", 16, 128 * 1024},
        Preset{"squeezelerator_32x32", 32, 128 * 1024}}) {
    const Architecture arch = load(preset.name);
    CHECK(arch.pe_array == PeArray{.rows = preset.side,
                                   .cols = preset.side,
                                   .fabric = Fabric::broadcast,
                                   .preload = true,
                                   .psums_per_pe = 16,
                                   .skip_zero_weights = true,
                                   .shorten_edge_passes = true});
    CHECK(arch.global_buffer == GlobalBuffer{.bytes = Bytes(preset.buffer),
                                             .banks = 1,
                                             .double_buffer = true,
                                             .ifmap_words_per_cycle = preset.side,
                                             .filter_words_per_cycle = preset.side,
                                             .psum_in_words_per_cycle = preset.side,
                                             .psum_out_words_per_cycle = preset.side});
    CHECK(arch.dram == Dram{.bytes_per_cycle = 16, .latency = Cycles(100), .burst_bytes = 32});
    CHECK(arch.vector_unit.lanes == preset.side);
    CHECK(arch.clock == Hertz(1e9));
    CHECK(arch.dataflows == std::vector<std::string>{"ws", "os"});
    CHECK(arch.energy.name == "eyeriss_isca16");
  }
}

TEST_CASE("A ws or os twin differs from its preset in name, summary and dataflows only",
          "[arch_configs]") {
  for (const std::string size : {"8x8", "16x16", "32x32"}) {
    for (const std::string only : {"ws", "os"}) {
      const Architecture preset = load("squeezelerator_" + size);
      Architecture twin = load("squeezelerator_" + size + "_" + only);
      CHECK(twin.dataflows == std::vector<std::string>{only});
      CHECK(twin.summary != preset.summary);
      twin.name = preset.name;
      twin.summary = preset.summary;
      twin.dataflows = preset.dataflows;
      CHECK(twin == preset);
    }
  }
}

TEST_CASE("The systolic presets are SCALE-Sim's arrays: no overlap, full edge passes, wide ports",
          "[arch_configs]") {
  for (const auto& [name, rows, cols] :
       {std::tuple{"systolic_8x8", 8, 8}, std::tuple{"systolic_16x16", 16, 16},
        std::tuple{"systolic_32x32", 32, 32}, std::tuple{"systolic_12x14", 12, 14}}) {
    const Architecture arch = load(name);
    CHECK(arch.pe_array == PeArray{.rows = rows,
                                   .cols = cols,
                                   .fabric = Fabric::systolic,
                                   .preload = false,
                                   .psums_per_pe = 1,
                                   .skip_zero_weights = false,
                                   .shorten_edge_passes = false});
    CHECK(arch.global_buffer == GlobalBuffer{.bytes = Bytes(3 * 128 * 1024),
                                             .banks = 1,
                                             .double_buffer = true,
                                             .ifmap_words_per_cycle = cols,
                                             .filter_words_per_cycle = cols,
                                             .psum_in_words_per_cycle = cols,
                                             .psum_out_words_per_cycle = cols});
    CHECK(arch.vector_unit.lanes == cols);
    CHECK(arch.dataflows == std::vector<std::string>{"ws_gemm", "os_gemm", "is_gemm"});
  }
}

TEST_CASE("The Eyeriss energy table has the ratios of Chen et al., ISCA 2016, Table IV",
          "[arch_configs]") {
  const EnergyTable table = load_energy("eyeriss_isca16");
  CHECK(table.unit == "MAC");
  CHECK(table.mac == 1);
  CHECK(table.rf == 1);
  CHECK(table.noc == 2);
  CHECK(table.glb == 6);
  CHECK(table.dram == 200);
  CHECK(table.vector == 1);
  CHECK(table.leakage_per_cycle == 0);
}

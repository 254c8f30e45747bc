#pragma once

#include <string>
#include <string_view>

#include "models/sweep/point_record.hpp"

/// Records of a sweep's points as lines of JSON (JSONL), which sweeps append to as they go. A line:
///   {"point":7,"key":"00f3…16 hexadecimal digits",
///    "set":{"arch.pe_array.rows":16,"network":"vgg16"},
///    "latency_us":1.5,"cycles":{"total":300,"compute":200,…},"energy_pj":{"total":9,"mac":2,…},
///    "bytes":{"dram_read":64,…},"utilization":0.5,"area_mm2":1.25,"pes":256,"buffer_bytes":1024,
///    "macs":5000,"parameters":90,
///    "layers":[["vgg16",["conv1","conv","ws","dram",macs,cycles,energy,dram_bytes,glb_bytes,
///                        utilization],…],…]}
/// Keys are those of ridgeline.run/1; energies are in the sweep's energy unit. "layers" has a list
/// for each run of layers of one network, and is there if the sweep keeps them. A point without
/// figures has "failed", the reason, in their place.
namespace ridgeline::reports {

/// With its newline. Numbers have the fewest digits that read back as the same value; a byte that
/// is not UTF-8 is the escape \udcXX, as Python's surrogateescape has it.
[[nodiscard]] std::string to_json_line(const SweepHeader& header, const PointRecord& record);

/// The record that `line`, without its newline, was made from, bit for bit.
/// @throws InputError, with the column as its place and no file, if to_json_line has not made it
///         for such a sweep: a torn line, another sweep's, another program's
[[nodiscard]] PointRecord parse_record(const SweepHeader& header, std::string_view line);

}  // namespace ridgeline::reports

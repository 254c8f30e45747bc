#include "reports/sweep/record_json.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "reports/sweep/json_text.hpp"

/// Written and read by hand: a sweep has up to a million of these lines, and they are read again
/// with each merge.
namespace ridgeline::reports {
namespace {

/// ,"name":{"total":..,"field":..,...}
template <class Struct>
void put_fields(std::string& out, std::string_view name, const Struct& value) {
  out += ",\"";
  out += name;
  out += "\":{";
  if constexpr (requires { value.total(); }) {
    out += "\"total\":";
    put_number(out, value.total().count());
    out += ',';
  }
  for (const auto& field : Struct::fields()) {
    out += '"';
    out += field.name;
    out += "\":";
    put_number(out, (value.*field.member).count());
    out += ',';
  }
  out.back() = '}';
}

template <class Number>
void put_field(std::string& out, std::string_view name, Number value) {
  out += ",\"";
  out += name;
  out += "\":";
  put_number(out, value);
}

void put_result(std::string& out, const PointResult& result) {
  put_field(out, "latency_us", result.latency.count());
  put_fields(out, "cycles", result.cycles);
  put_fields(out, "energy_pj", result.energy);
  put_fields(out, "bytes", result.bytes);
  put_field(out, "utilization", result.utilization);
  put_field(out, "area_mm2", result.area_mm2);
  put_field(out, "pes", result.pes);
  put_field(out, "buffer_bytes", result.buffer.count());
  put_field(out, "macs", result.macs.count());
  put_field(out, "parameters", result.parameters);
}

void put_layer(std::string& out, const LayerRecord& layer) {
  out += ",[";
  for (const std::string_view text : {std::string_view(layer.name), std::string_view(layer.op),
                                      std::string_view(layer.dataflow), bound_name(layer.bound)}) {
    put_string(out, text);
    out += ',';
  }
  for (const std::int64_t count : {layer.macs.count(), layer.cycles.count()}) {
    put_number(out, count);
    out += ',';
  }
  put_number(out, layer.energy.count());
  for (const std::int64_t count : {layer.dram.count(), layer.glb.count()}) {
    out += ',';
    put_number(out, count);
  }
  out += ',';
  put_number(out, layer.utilization);
  out += ']';
}

void put_layers(std::string& out, const std::vector<LayerRecord>& layers) {
  out += ",\"layers\":[";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (i == 0 || layers[i].network != layers[i - 1].network) {
      if (i > 0) out += "],";
      out += '[';
      put_string(out, layers[i].network);
    }
    put_layer(out, layers[i]);
  }
  out += layers.empty() ? "]" : "]]";
}

void read_layer(JsonScanner& scan, LayerRecord& layer) {
  scan.expect("[");
  for (std::string* text : {&layer.name, &layer.op, &layer.dataflow}) {
    scan.string(*text);
    scan.expect(",");
  }
  std::string bound;
  scan.string(bound);
  constexpr std::array kBounds{Bound::compute, Bound::dram, Bound::glb};
  const auto* found =
      std::ranges::find_if(kBounds, [&](Bound one) { return bound_name(one) == bound; });
  if (found == kBounds.end()) scan.fail("what bounds a layer");
  layer.bound = *found;
  layer.macs = Macs(scan.next<std::int64_t>(","));
  layer.cycles = Cycles(scan.next<std::int64_t>(","));
  layer.energy = Energy(scan.next<double>(","));
  layer.dram = Bytes(scan.next<std::int64_t>(","));
  layer.glb = Bytes(scan.next<std::int64_t>(","));
  layer.utilization = scan.next<double>(",");
  scan.expect("]");
}

std::vector<LayerRecord> read_layers(JsonScanner& scan) {
  std::vector<LayerRecord> layers;
  scan.expect(",\"layers\":[");
  if (scan.accept("]")) return layers;
  do {
    scan.expect("[");
    std::string network;
    scan.string(network);
    while (scan.accept(",")) {
      layers.push_back({.network = network});
      read_layer(scan, layers.back());
    }
    scan.expect("]");
  } while (scan.accept(","));
  scan.expect("]");
  return layers;
}

template <class Struct>
Struct read_fields(JsonScanner& scan, std::string_view name) {
  Struct value{};
  scan.expect(",\"");
  scan.expect(name);
  scan.expect("\":{");
  // The total is for other readers: it follows from the parts.
  if constexpr (requires { value.total(); }) {
    scan.expect("\"total\":");
    (void)scan.template number<decltype(value.total().count())>();
    scan.expect(",");
  }
  const char* before = "\"";
  for (const auto& field : Struct::fields()) {
    using Quantity = std::remove_reference_t<decltype(value.*field.member)>;
    scan.expect(before);
    scan.expect(field.name);
    value.*field.member = Quantity(scan.template next<decltype(Quantity().count())>("\":"));
    before = ",\"";
  }
  scan.expect("}");
  return value;
}

PointResult read_result(JsonScanner& scan) {
  PointResult result;
  result.latency = Microseconds(scan.next<double>(",\"latency_us\":"));
  result.cycles = read_fields<CycleBreakdown>(scan, "cycles");
  result.energy = read_fields<EnergyBreakdown>(scan, "energy_pj");
  result.bytes = read_fields<TrafficBytes>(scan, "bytes");
  result.utilization = scan.next<double>(",\"utilization\":");
  result.area_mm2 = scan.next<double>(",\"area_mm2\":");
  result.pes = scan.next<int>(",\"pes\":");
  result.buffer = Bytes(scan.next<std::int64_t>(",\"buffer_bytes\":"));
  result.macs = Macs(scan.next<std::int64_t>(",\"macs\":"));
  result.parameters = scan.next<std::int64_t>(",\"parameters\":");
  return result;
}

void read_settings(JsonScanner& scan, const SweepHeader& header, PointRecord& record) {
  scan.expect(",\"set\":{");
  std::string key;
  for (const SweepHeader::Column& column : header.columns) {
    if (!record.values.empty()) scan.expect(",");
    key.clear();
    put_string(key, column.key);
    scan.expect(key);
    scan.expect(":");
    record.values.push_back(scan.scalar());
  }
  scan.expect("}");
}

}  // namespace

std::string to_json_line(const SweepHeader& header, const PointRecord& record) {
  assert(record.values.size() == header.columns.size());
  std::string out;
  constexpr std::size_t kPoint = 1024, kLayer = 96;  // usual sizes, in bytes
  out.reserve(kPoint + record.layers.size() * kLayer);
  out += "{\"point\":";
  put_number(out, record.point);
  out += ",\"key\":\"";
  put_hex(out, record.key);
  out += "\",\"set\":{";
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    if (i > 0) out += ',';
    put_string(out, header.columns[i].key);
    out += ':';
    put_scalar(out, record.values[i], header.columns[i].numbers);
  }
  out += '}';
  if (record.result) {
    put_result(out, *record.result);
    if (header.layers) put_layers(out, record.layers);
  } else {
    out += ",\"failed\":";
    put_string(out, record.failed);
  }
  out += "}\n";
  return out;
}

PointRecord parse_record(const SweepHeader& header, std::string_view line) {
  JsonScanner scan(line);
  PointRecord record;
  record.point = scan.next<std::uint64_t>("{\"point\":");
  scan.expect(",\"key\":\"");
  record.key = scan.hex();
  scan.expect("\"");
  read_settings(scan, header, record);
  if (scan.accept(",\"failed\":")) {
    scan.string(record.failed);
  } else {
    record.result = read_result(scan);
    if (header.layers) record.layers = read_layers(scan);
  }
  scan.expect("}");
  if (!scan.at_end()) scan.fail("the end of the line");
  return record;
}

}  // namespace ridgeline::reports

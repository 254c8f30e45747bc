#include "sim/memory_layout.hpp"

#include <cstring>

#include "models/network/layer_precision.hpp"

namespace ridgeline::sim {
namespace {

constexpr std::int64_t kAlignment = 64;
constexpr std::byte kNeverWritten{0x5A};

/// Calls `visit(offset in the stored tensor, offset in the part, bytes)` for each image's run of
/// the part's channels.
template <class Visit>
void for_each_image(const TensorPlace& place, const TensorShape& part, Visit visit) {
  const std::int64_t word = word_bytes(place.precision).count();
  const std::int64_t plane = word * part.H * part.W;
  for (int n = 0; n < part.N; ++n) {
    const std::int64_t first_channel = std::int64_t{n} * place.stored.C + place.channel_offset;
    visit(static_cast<std::size_t>(place.address + first_channel * plane),
          static_cast<std::size_t>(std::int64_t{n} * part.C * plane),
          static_cast<std::size_t>(part.C * plane));
  }
}

}  // namespace

MemoryLayout::MemoryLayout(const LoweredNetwork& network, Precision precision)
    : network_(network), precision_(precision), tensors_(network.tensors.size()) {
  for (std::size_t id = 0; id < tensors_.size(); ++id) {
    const LoweredTensor& tensor = network.tensors[id];
    if (static_cast<std::size_t>(tensor.storage) != id) continue;
    const auto words = tensor_precision(network, static_cast<TensorId>(id), precision);
    tensors_[id] = allocate(word_bytes(words).count() * tensor.shape.elements());
  }
  for (const LoweredLayer& layer : network.layers) {
    const bool on_array = runs_on_array(layer.kind);
    const Precision words = layer_precision(network, layer, precision);
    filters_.push_back(
        on_array ? allocate(word_bytes(words).count() * layer.shape.filter_elements()) : 0);
    records_.push_back(on_array ? allocate(channel_record_bytes(words).count() * layer.shape.M)
                                : 0);
  }
}

std::int64_t MemoryLayout::allocate(std::int64_t bytes) {
  const std::int64_t address = bytes_;
  bytes_ = round_up(bytes_ + bytes, kAlignment);
  return address;
}

TensorPlace MemoryLayout::place(TensorId id) const {
  const LoweredTensor& tensor = network_.tensors[static_cast<std::size_t>(id)];
  return {.address = tensors_[static_cast<std::size_t>(tensor.storage)],
          .stored = network_.storage_of(id).shape,
          .channel_offset = tensor.channel_offset,
          .precision = tensor_precision(network_, id, precision_)};
}

void MemoryLayout::fill(std::vector<std::byte>& memory, const Workload& workload) const {
  memory.assign(static_cast<std::size_t>(bytes_), kNeverWritten);
  write_tensor(memory, 0, workload.input);
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    const LoweredLayer& layer = network_.layers[i];
    if (!runs_on_array(layer.kind)) continue;
    const std::span<const std::byte> filters = bytes_of(workload.layers[i].filters);
    std::memcpy(memory.data() + filters_[i], filters.data(), filters.size());
    const Precision words = layer_precision(network_, layer, precision_);
    const std::int64_t records = channel_record_bytes(words).count() * layer.shape.M;
    write_channel_records(workload.layers[i], words,
                          std::span(memory).subspan(static_cast<std::size_t>(records_[i]),
                                                    static_cast<std::size_t>(records)));
  }
}

void MemoryLayout::write_tensor(std::span<std::byte> memory, TensorId id,
                                const AnyTensor& tensor) const {
  const std::span<const std::byte> words = bytes_of(tensor);
  for_each_image(place(id), shape_of(tensor),
                 [&](std::size_t stored, std::size_t part, std::size_t bytes) {
                   std::memcpy(memory.data() + stored, words.data() + part, bytes);
                 });
}

AnyTensor MemoryLayout::read_tensor(std::span<const std::byte> memory, TensorId id) const {
  return read_at(place(id), memory, id);
}

AnyTensor MemoryLayout::read_kept(std::span<const std::byte> words, TensorId id) const {
  TensorPlace from = place(id);
  from.address = 0;
  return read_at(from, words, id);
}

AnyTensor MemoryLayout::read_at(const TensorPlace& from, std::span<const std::byte> memory,
                                TensorId id) const {
  const TensorShape& shape = network_.tensors[static_cast<std::size_t>(id)].shape;
  AnyTensor tensor = make_tensor(from.precision, {.N = 0});
  std::visit(
      [&]<class T>(Tensor<T>& to) {
        to.shape = shape;
        to.data.reserve(static_cast<std::size_t>(shape.elements()));
        for_each_image(from, shape, [&](std::size_t stored, std::size_t, std::size_t bytes) {
          const auto* words = reinterpret_cast<const T*>(memory.data() + stored);
          to.data.insert(to.data.end(), words, words + bytes / sizeof(T));
        });
      },
      tensor);
  return tensor;
}

}  // namespace ridgeline::sim

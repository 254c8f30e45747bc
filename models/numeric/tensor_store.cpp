#include "models/numeric/tensor_store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/network/layer_precision.hpp"

namespace ridgeline {
namespace {

/// Copies `part`'s channels to or from those of `whole` that begin at `offset`.
void copy_channels(std::span<std::byte> to, std::span<const std::byte> from, TensorShape whole,
                   TensorShape part, int offset, bool into_whole) {
  const std::size_t part_bytes = (into_whole ? from : to).size() / static_cast<std::size_t>(part.N);
  const std::size_t whole_bytes =
      (into_whole ? to : from).size() / static_cast<std::size_t>(whole.N);
  const std::size_t skip =
      whole_bytes / static_cast<std::size_t>(whole.C) * static_cast<std::size_t>(offset);
  for (std::size_t n = 0; n < static_cast<std::size_t>(part.N); ++n) {
    const std::size_t in_whole = n * whole_bytes + skip, in_part = n * part_bytes;
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(into_whole ? in_part : in_whole),
                part_bytes,
                to.begin() + static_cast<std::ptrdiff_t>(into_whole ? in_whole : in_part));
  }
}

}  // namespace

TensorStore::TensorStore(const LoweredNetwork& lowered, Precision precision)
    : lowered_(lowered),
      precision_(precision),
      tensors_(lowered.tensors.size()),
      present_(lowered.tensors.size(), false),
      last_reader_(lowered.tensors.size(), 0) {
  for (std::size_t i = 0; i < lowered.layers.size(); ++i) {
    last_reader_[owner_of(lowered.layers[i].input)] = i;
    if (lowered.layers[i].residual) last_reader_[owner_of(*lowered.layers[i].residual)] = i;
  }
}

std::size_t TensorStore::owner_of(TensorId id) const {
  return static_cast<std::size_t>(lowered_.tensors[static_cast<std::size_t>(id)].storage);
}

void TensorStore::put(TensorId id, AnyTensor tensor) {
  const auto index = static_cast<std::size_t>(id);
  const LoweredTensor& info = lowered_.tensors[index];
  assert(shape_of(tensor) == info.shape &&
         precision_of(tensor) == tensor_precision(lowered_, id, precision_));
  if (const std::size_t owner = owner_of(id); owner != index) {
    const TensorShape& whole = lowered_.tensors[owner].shape;
    if (!present_[owner]) tensors_[owner] = make_tensor(precision_of(tensor), whole);
    present_[owner] = true;
    copy_channels(bytes_of(tensors_[owner]), bytes_of(tensor), whole, info.shape,
                  info.channel_offset, true);
  }
  tensors_[index] = std::move(tensor);
  present_[index] = true;
}

const AnyTensor& TensorStore::get(TensorId id) {
  const auto index = static_cast<std::size_t>(id);
  if (!present_[index]) {
    const LoweredTensor& info = lowered_.tensors[index];
    const std::size_t owner = owner_of(id);
    assert(owner != index && present_[owner]);
    tensors_[index] = make_tensor(tensor_precision(lowered_, id, precision_), info.shape);
    copy_channels(bytes_of(tensors_[index]), bytes_of(std::as_const(tensors_[owner])),
                  lowered_.tensors[owner].shape, info.shape, info.channel_offset, false);
    // Not marked as present: its concatenation may still be growing.
  }
  return tensors_[index];
}

void TensorStore::drop_unread_after(std::size_t index) {
  for (std::size_t id = 0; id < tensors_.size(); ++id) {
    const std::size_t owner = owner_of(static_cast<TensorId>(id));
    if (owner == id && last_reader_[id] > index) continue;
    tensors_[id] = {};
    present_[id] = false;
  }
}

std::vector<AnyTensor> TensorStore::take() && {
  for (std::size_t id = 0; id < tensors_.size(); ++id) (void)get(static_cast<TensorId>(id));
  return std::move(tensors_);
}

}  // namespace ridgeline

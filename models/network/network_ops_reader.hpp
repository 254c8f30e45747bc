#pragma once

#include "models/base/json_reader.hpp"
#include "models/network/network.hpp"

/// Operations of ridgeline.network/1: one table entry each. A part of the reader in
/// network_reader.cpp.
namespace ridgeline {

/// Of a tensor or a window.
inline constexpr IntegerBounds kExtent{1, 2147483647};

/// A node's object and its operation.
struct NodeFields {
  ObjectReader object;
  Op op;
};

/// Reads the keys of a node's operation; `common` are those that every node may have.
/// @throws InputError for keys that the operation does not have, too.
[[nodiscard]] NodeFields read_op(const JsonField& node, const std::vector<std::string>& common);

/// The window of a global pool is worked out; a written one must be that.
void check_global_window(const ObjectReader& object, const Op& op);

/// `count` integers.
[[nodiscard]] std::vector<int> read_integers(const JsonField& field, std::size_t count,
                                             IntegerBounds bounds);

}  // namespace ridgeline

#include "models/network/onnx/wire_budget.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ridgeline::onnx_import {
namespace {

/// The messages whose fields hold further messages in any number (onnx.proto, IR version 8).
enum class Message {
  leaf,
  model,
  training,
  graph,
  node,
  attribute,
  tensor,
  sparse,
  value,
  type,
  list,
  function
};

struct Field {
  Message in;
  std::uint32_t number;
  Message holds;
};
constexpr std::array kFields{
    Field{Message::model, 7, Message::graph},       Field{Message::model, 20, Message::training},
    Field{Message::model, 25, Message::function},   Field{Message::training, 1, Message::graph},
    Field{Message::training, 2, Message::graph},    Field{Message::training, 3, Message::list},
    Field{Message::training, 4, Message::list},     Field{Message::graph, 1, Message::node},
    Field{Message::graph, 5, Message::tensor},      Field{Message::graph, 11, Message::value},
    Field{Message::graph, 12, Message::value},      Field{Message::graph, 13, Message::value},
    Field{Message::graph, 14, Message::list},       Field{Message::graph, 15, Message::sparse},
    Field{Message::function, 7, Message::node},     Field{Message::node, 5, Message::attribute},
    Field{Message::attribute, 5, Message::tensor},  Field{Message::attribute, 6, Message::graph},
    Field{Message::attribute, 10, Message::tensor}, Field{Message::attribute, 11, Message::graph},
    Field{Message::attribute, 14, Message::type},   Field{Message::attribute, 15, Message::type},
    Field{Message::attribute, 22, Message::sparse}, Field{Message::attribute, 23, Message::sparse},
    Field{Message::sparse, 1, Message::tensor},     Field{Message::sparse, 2, Message::tensor},
    Field{Message::value, 2, Message::type},        Field{Message::type, 1, Message::type},
    Field{Message::type, 2, Message::type},         Field{Message::type, 4, Message::type},
    Field{Message::type, 5, Message::type},         Field{Message::type, 8, Message::type},
    Field{Message::type, 9, Message::type}};

Message held_by(Message in, std::uint32_t number) {
  for (const Field& field : kFields)
    if (field.in == in && field.number == number) return field.holds;
  return Message::leaf;
}

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte >= 0x80) continue;
    bytes.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

/// Removes one field; `held` is what it holds if its length is given. False when none is left.
bool take_field(std::string_view& bytes, std::uint32_t& number, std::string_view& held,
                bool& holds) {
  holds = false;
  const auto tag = take_varint(bytes);
  if (!tag) return false;
  number = static_cast<std::uint32_t>(*tag >> 3);
  std::uint64_t size = 0;
  switch (*tag & 7) {
    case 0:
      return take_varint(bytes).has_value();
    case 1:
      size = 8;
      break;
    case 5:
      size = 4;
      break;
    case 2: {
      const auto length = take_varint(bytes);
      if (!length || *length > bytes.size()) return false;
      held = bytes.substr(0, *length);
      holds = true;
      size = *length;
      break;
    }
    default:
      return false;
  }
  if (size > bytes.size()) return false;
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

std::size_t count_objects(std::string_view model) {
  struct Part {
    Message message;
    std::string_view bytes;
  };
  std::vector<Part> open{{Message::model, model}};
  std::size_t count = 0;
  while (!open.empty()) {
    Part part = open.back();
    open.pop_back();
    std::uint32_t number = 0;
    std::string_view held;
    bool holds = false;
    while (!part.bytes.empty() && take_field(part.bytes, number, held, holds)) {
      if (!holds) continue;
      ++count;
      const Message inner = held_by(part.message, number);
      if (inner != Message::leaf) open.push_back({inner, held});
    }
  }
  return count;
}

}  // namespace ridgeline::onnx_import

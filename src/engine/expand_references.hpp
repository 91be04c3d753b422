#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "engine/references.hpp"
#include "engine/yaml_tree.hpp"

namespace weir {

/// What a scalar is read as once its references are resolved.
enum class scalar_place : std::uint8_t {
  value,       ///< a value of an option: the text itself
  expression,  ///< an expression
  names,       ///< fields' names
};

/// The scalar's text with what its references stand for. In an expression each stays one value,
/// whatever it holds: more of the text or name whose quotes it stands in, otherwise a number, a
/// duration, `true`, `false` or `null` where it is wholly one, else a text. Among names each stays
/// one path or name. `$${` becomes a plain `${`. Nothing if something was reported.
std::optional<std::string> expand_references(const yaml_node& node, scalar_place place,
                                             const reference_reader& references, reporter& report);

}  // namespace weir

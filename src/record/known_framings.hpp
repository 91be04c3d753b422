#pragma once
#include <span>
#include <string>
#include <string_view>

#include "weir/framing.hpp"

namespace weir {

/// A layout of documents that can be told from a document's beginning.
struct known_framing {
  std::string_view name;
  std::string_view first_member;  ///< of a JSON document; empty for none in particular
  std::string_view array;         ///< the member that such a document has further on
  framing how;
};

/// The first one is JSON as it comes.
std::span<const known_framing> known_framings();

/// The one called `name`, or nullptr.
const known_framing* known_framing_called(std::string_view name);

}  // namespace weir

#pragma once
#include <string_view>

namespace weir {

// Looking for a member by its name in the text of an object, sixteen places at a time and without
// reading the members before it. Precondition of all: `block_padding` bytes behind the text are
// readable.

/// What comes of looking: the value, or no place if there is none.
struct sighting {
  std::string_view value;
  /// False where it takes a walk over the members to tell: behind inner objects, arrays, escapes.
  bool is_certain() const noexcept { return value.data() == nullptr || !value.empty(); }
};

/// The first member `name` of the object.
sighting sight_member(std::string_view object, std::string_view name) noexcept;

/// Whether no member in `text`, at any depth, certainly is called `name`.
bool lacks_key(std::string_view text, std::string_view name) noexcept;

}  // namespace weir

#pragma once
#include <cstddef>
#include <string_view>

namespace weir {

/// Where `"name"` first stands in a JSON text, as a key or as anything else.
struct key_sighting {
  const char* at = nullptr;  ///< the opening quote; nullptr if it stands nowhere
  /// What stands in front of it, or anywhere if it stands nowhere; bytes behind the text may count.
  bool behind_bracket = false;  ///< an opening one
  bool behind_backslash = false;

  /// The text holds no member of that name at any depth.
  bool is_nowhere() const noexcept { return at == nullptr && !behind_backslash; }
};

/// Whether `name` can be looked for.
bool can_sight(std::string_view name) noexcept;

/// Looks for `name` at sixteen places at a time. Preconditions: can_sight(name); `block_padding`
/// bytes behind the text are readable.
key_sighting sight_key(std::string_view text, std::string_view name) noexcept;

/// The value of the first member `name` of the object that begins `text`, if it certainly is the
/// one that was seen there. No place if that is not certain.
std::string_view sighted_value(std::string_view text, std::string_view name,
                               const key_sighting& seen) noexcept;

}  // namespace weir

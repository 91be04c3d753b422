#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace weir {

/// Longer keys are none that anybody asks for.
inline constexpr std::size_t known_key_bytes_max = 512;

/// Looks, behind a fault, for the place where the next JSON record seems to begin: a brace that
/// follows a closing one, or begins a line, and opens an object with the same first key.
class record_sight {
 public:
  /// Nothing has been seen.
  void begin();
  /// Takes the next byte; true if it ends the first key of what may be the next record. Any key
  /// will do if the broken one's, `first_key`, is not known.
  bool take(char c, const std::optional<std::string>& first_key);

  /// What was found, from its brace to the quote that ends its first key.
  const std::string& seen() const noexcept { return seen_; }
  const std::string& key() const noexcept { return key_; }
  /// A comma stands in front of it.
  bool behind_comma() const noexcept { return behind_comma_; }

 private:
  enum class place : std::uint8_t { nowhere, brace, key };

  place place_ = place::nowhere;
  bool begins_line_ = false;  ///< the brace does
  bool behind_comma_ = false;
  std::string key_;
  std::string seen_;
  char latest_ = '\0';        ///< byte
  char latest_token_ = '\0';  ///< neither blank nor comma
  bool comma_ = false;        ///< has stood behind it
};

}  // namespace weir

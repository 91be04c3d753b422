#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace weir {

/// Looks, behind a fault, for the place where the next syslog message seems to begin: a length, a
/// blank and a priority, or a line that begins with a priority.
class message_sight {
 public:
  /// Nothing has been seen.
  void begin();
  /// Takes the next byte; true if it ends the priority of what may be a message.
  bool take(char c);

  /// Whether what came last may go on to be one.
  bool is_open() const noexcept { return place_ != place::nowhere; }
  /// What was found, from its first byte on.
  const std::string& seen() const noexcept { return seen_; }

 private:
  enum class place : std::uint8_t { nowhere, length, blank, priority };

  place place_of(char c) const noexcept;
  place place_behind(char c) const noexcept;

  place place_ = place::nowhere;
  char latest_ = '\0';
  std::size_t digits_ = 0;  ///< of the priority
  std::string seen_;
};

}  // namespace weir

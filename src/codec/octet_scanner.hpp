#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/message_sight.hpp"
#include "codec/record_scanner.hpp"

namespace weir {

/// Finds the messages of a stream of syslog (RFC 6587): `LEN MESSAGE` one behind the other, and
/// lines that begin with `<`. A counted message is a record with its length in front. Line breaks
/// and zero bytes may stand between messages.
///
/// A length is right if a message, one of these or the end follows; so a record ends only with the
/// byte behind it. Where another one stands there, the next message is looked for from the counted
/// one's front on: a length that is too long has swallowed it. If it comes behind, then with a
/// priority of its own but no length in front: then that one is broken, and the counted one is
/// none the worse. Without any, what stands there is the counted one's rest. A byte comes again
/// once at most.
class octet_scanner final : public record_scanner {
 public:
  /// Counted messages have at most `longest` bytes, with their lengths. The next byte is that
  /// `from` of the shard; `state` is what another scanner told there, or empty.
  octet_scanner(std::uint64_t longest, std::uint64_t from, std::string_view state);

  found next(std::string_view piece) override;
  ending at_end() override;
  void pass(std::size_t bytes) override { read_to_ += bytes; }
  void reset() override;
  const std::shared_ptr<const std::string>& state() override { return state_; }

 private:
  enum class place : std::uint8_t {
    between,
    length,
    blank,    ///< behind the length and its blank
    message,  ///< a counted one
    behind,   ///< it
    line,
    lost,  ///< the open record is broken
  };

  event step();
  event step_between();
  event step_length();
  event step_blank();
  event step_message();
  event step_behind();
  event step_line();
  event step_lost();
  event begin(place as);
  event fault(std::string_view why);
  void look_again(std::uint64_t bytes);
  bool shows_another(char c, std::uint64_t at);
  void note_end();

  std::uint64_t longest_;
  place place_ = place::between;
  bool is_open_ = false;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;  ///< of the counted message
  // Of the shard:
  std::uint64_t began_at_ = 0;  ///< the open record
  std::uint64_t read_to_;
  std::uint64_t again_to_;         ///< what began in front of it does not come once more
  std::uint64_t message_end_ = 0;  ///< of a counted one, which is whole if another is broken
  std::string behind_;             ///< it, as far as it can matter; see `shows_another`
  bool may_be_whole_ = false;
  char latest_ = '\0';  ///< of the line
  message_sight sight_;
  std::shared_ptr<const std::string> state_;

  // Of the piece at hand:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

}  // namespace weir

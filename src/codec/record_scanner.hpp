#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

/// Finds where records lie in the bytes of one shard, which come piece by piece: any pieces give
/// the same records. It keeps no bytes of them.
class record_scanner {
 public:
  enum class event : std::uint8_t {
    none,     ///< in the bytes used
    begins,   ///< a record begins with the next byte
    ends,     ///< the open record ends before the next byte
    forgets,  ///< the open record was none; its bytes belong to no record
    /// The open record is broken since its last `back` bytes: if all of it is still there, they are
    /// to come again. Next, it breaks, or ends as something else.
    doubts,
    breaks,  ///< the open record is none: `why`; its last bytes, `tail`, are to come again
  };
  struct found {
    event what = event::none;
    std::size_t used = 0;  ///< bytes of the piece up to the event
    std::size_t back = 0;
  };
  enum class ending : std::uint8_t {
    clean,     ///< between records
    whole,     ///< the open record ends here
    cut,       ///< something was open: `why`
    doubtful,  ///< if all of the open record is still there, it is to come again
  };

  record_scanner() = default;
  record_scanner(const record_scanner&) = delete;
  record_scanner& operator=(const record_scanner&) = delete;
  virtual ~record_scanner() = default;

  virtual found next(std::string_view piece) = 0;
  /// The bytes have ended.
  virtual ending at_end() = 0;
  /// What comes next has nothing to do with what came before.
  virtual void reset() = 0;

  /// A constant phrase.
  std::string_view why() const noexcept { return why_; }
  /// Valid until the next call of `next`.
  std::string_view tail() const noexcept { return tail_; }
  /// Members that the record which has just ended gets as well: `"a":1,"b":2`.
  virtual std::string_view members() { return {}; }
  /// What has to be known to go on where the latest record has ended; another pointer if, and only
  /// if, it has changed. Never null.
  virtual const std::shared_ptr<const std::string>& state() = 0;

 protected:
  std::string_view why_;
  std::string tail_;
};

}  // namespace weir

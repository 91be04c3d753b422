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
    none,    ///< the piece is used up
    begins,  ///< a record begins with the next byte
    /// The open record ends `back` bytes before `tail`, which is to come again, or else the next
    /// one.
    ends,
    forgets,  ///< the open record was none; its bytes belong to no record
    /// The open record is broken since its last `back` bytes: if all of it is still there, they are
    /// to come again. Next, it breaks, or ends as something else.
    doubts,
    breaks,  ///< the open record is none: `why`; its last bytes, `tail`, are to come again
  };
  struct found {
    event what = event::none;
    std::size_t used = 0;  ///< bytes of the piece up to the event
  };
  enum class ending : std::uint8_t {
    clean,   ///< between records
    whole,   ///< the open record ends here
    doubts,  ///< as the event: the bytes have not ended yet
    cut,     ///< something was open: `why`
  };

  record_scanner() = default;
  record_scanner(const record_scanner&) = delete;
  record_scanner& operator=(const record_scanner&) = delete;
  virtual ~record_scanner() = default;

  virtual found next(std::string_view piece) = 0;
  /// Bytes in front of all records that mean nothing.
  virtual void pass(std::size_t bytes) { static_cast<void>(bytes); }
  /// The bytes have ended.
  virtual ending at_end() = 0;
  /// What comes next has nothing to do with what came before.
  virtual void reset() = 0;

  /// Of the latest event or ending.
  std::size_t back() const noexcept { return back_; }
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
  std::size_t back_ = 0;
  std::string_view why_;
  std::string tail_;
};

}  // namespace weir

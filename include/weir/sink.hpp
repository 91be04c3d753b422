#pragma once
#include <cstdint>
#include <expected>
#include <string>

#include "weir/context.hpp"
#include "weir/error.hpp"

namespace weir {

/// A delivery that failed.
struct delivery_error {
  enum class kind : std::uint8_t {
    refused,  ///< nothing of the batch arrived; it may be tried again
    unknown,  ///< the reply was lost: ask the sink before writing again
    closed,   ///< the reader is gone (a closed pipe): end quietly
    broken,   ///< the sink cannot go on
  };
  kind what;
  std::string message;  ///< names the sink and the cause
  exit_code code = exit_code::io;
};
using delivery = std::expected<void, delivery_error>;

/// A place that records go to. Constructed from options alone, without any I/O. One thread at a
/// time. Its destructor flushes nothing: what was not closed is abandoned.
class sink {
 public:
  virtual ~sink() = default;

  /// Opens it. Throws weir::error if it cannot be: the path, the cause and what to do. `with`
  /// outlives the sink.
  virtual void open(const context& with) = 0;
  /// Hands over the live records of `records`, in order, all or none of them.
  virtual delivery write(const batch& records) = 0;
  /// Makes everything written so far durable.
  virtual delivery commit() { return {}; }
  /// Completes the output. Nothing may be written after it.
  virtual delivery close() = 0;

  /// True if it does not write text records as JSON. Text that is not UTF-8 is kept from the other
  /// sinks: the runner rejects it. Known once the sink is open.
  virtual bool takes_any_text() const noexcept { return false; }

  /// What holds for records given to it, as `explain` prints it: "exactly once with --state".
  virtual std::string guarantee() const = 0;
};

}  // namespace weir

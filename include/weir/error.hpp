#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace weir {

/// Why a pipeline ended. The values are the command's exit codes (sysexits.h where it has one).
enum class exit_code : std::uint8_t {
  ok = 0,
  rejected = 1,      ///< some records were rejected; everything else was delivered
  usage = 2,         ///< a wrong pipeline or option, found before the data was touched
  no_input = 66,     ///< a named input is missing, or a glob matches nothing
  unavailable = 69,  ///< a server cannot be reached
  io = 74,           ///< reading or writing failed
  locked = 75,       ///< another process holds the state
  interrupted = 130,
  terminated = 143,
};

/// A broken environment or a wrong plan: it ends the pipeline. Bad data is never an exception, it
/// is a verdict. `what()` names the thing and the cause: "app.log: permission denied".
class error : public std::runtime_error {
 public:
  error(exit_code code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}
  exit_code code() const noexcept { return code_; }
  /// What the user can do about it; may be empty.
  const std::string& hint() const noexcept { return hint_; }

 private:
  exit_code code_;
  std::string hint_;
};

}  // namespace weir

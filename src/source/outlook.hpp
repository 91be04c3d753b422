#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "weir/context.hpp"

namespace weir {

/// What reading all of a source takes, as far as that can be told before it is read.
struct outlook {
  std::uint64_t shards = 0;
  std::uint64_t bytes = 0;               ///< as stored
  std::optional<std::uint64_t> records;  ///< what the first blocks of some shards let expect
  std::uint64_t requests = 0;            ///< to a server, if what is large comes quickly
  std::uint64_t requests_most = 0;       ///< if all of it comes in ranges
  double seconds = 0;
  bool at_least = false;   ///< the listing is longer than anyone waits for
  std::string basis = {};  ///< what the time was reckoned with
};

/// A source that can say beforehand what a run will cost.
class with_outlook {
 public:
  virtual ~with_outlook() = default;
  /// May take some seconds, and looks at no more data than a first block. Nothing if there is no
  /// listing. Throws weir::error if it breaks off.
  virtual std::optional<outlook> survey(const context& with) = 0;
};

}  // namespace weir

#pragma once
#include <string>
#include <type_traits>
#include <utility>

#include "base/disk.hpp"
#include "weir/error.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Ends the pipeline unless it went well: throws weir::error. Also where a reader is gone, which
/// only those who deliver records may take for a quiet end.
inline void require(const delivery& done) {
  if (!done) throw error(done.error().code, done.error().message);
}

/// What was to be done with the file at `path`, and gave. Throws weir::error (io) if it went wrong.
template <class T>
T require(io_result<T> done, const std::string& path) {
  if (!done) throw error(exit_code::io, path + ": " + done.error().message());
  if constexpr (!std::is_void_v<T>) return *std::move(done);
}

}  // namespace weir

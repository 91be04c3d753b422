#pragma once
#include "weir/error.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Ends the pipeline unless it went well: throws weir::error. Also where a reader is gone, which
/// only those who deliver records may take for a quiet end.
inline void require(const delivery& done) {
  if (!done) throw error(done.error().code, done.error().message);
}

}  // namespace weir

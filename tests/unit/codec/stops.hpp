#pragma once
#include <span>
#include <string>
#include <vector>

#include "weir/batch.hpp"

namespace weir::test {

/// Where a batch ended or may be cut, and what has to be known there.
struct stop {
  position at;
  std::string state;
};

inline void add_stops(const batch& b, std::vector<stop>& to) {
  b.for_each_run([&](const run& of, std::span<const record> all) {
    const std::string state = of.parser_state ? *of.parser_state : "";
    for (const record& r : all) {
      if (r.is_live()) to.push_back({r.before(), state});
    }
    if (&of == &b.runs().back()) to.push_back({of.to, state});
  });
}

}  // namespace weir::test

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

/// As checkpoints do, it believes what a run says behind its beginning, if it got there.
inline void add_stops(const batch& b, std::vector<stop>& to) {
  std::string state = to.empty() ? "" : to.back().state;
  b.for_each_run([&](const run& of, std::span<const record> all) {
    const std::string behind = of.parser_state ? *of.parser_state : state;
    for (const record& r : all) {
      if (r.is_live() && &r != all.data()) to.push_back({r.before(), behind});
    }
    if (of.to != of.from) state = behind;
    if (&of == &b.runs().back()) to.push_back({of.to, state});
  });
}

}  // namespace weir::test

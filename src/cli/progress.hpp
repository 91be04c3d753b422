#pragma once
#include <cstddef>
#include <cstdio>
#include <string>

#include "engine/run.hpp"

namespace weir {

/// How far a run is, in at most `columns` characters: what does not fit is left out from the end.
///
///     43%  1.2 GB of 2.8 GB  1.3 GB/s  5,400,000 records  2.1 M/s  ETA 2s  540,000 out
std::string progress_text(const progress& now, std::size_t columns);

/// One line on a terminal that is drawn over itself, and wiped when it is destroyed.
class progress_line {
 public:
  /// `to` outlives it.
  progress_line(std::FILE* to, std::size_t columns) : to_(to), columns_(columns) {}
  ~progress_line() { wipe(); }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void draw(const progress& now);
  void wipe();

 private:
  std::FILE* to_;
  std::size_t columns_;
  bool drawn_ = false;
};

}  // namespace weir

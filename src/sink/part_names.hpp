#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace weir {

/// What the parts of a sink are called, and how many each stem has had.
class part_names {
 public:
  /// With `rotates` every name has a number, else those from the second part of a stem on.
  explicit part_names(bool rotates) : rotates_(rotates) {}

  std::string name_of(std::string stem, std::uint64_t number) const;
  /// The number of the stem's latest part; 0 if it has had none.
  std::uint64_t latest(const std::string& stem) const;
  /// That part of the stem was begun.
  void note(const std::string& stem, std::uint64_t number);

 private:
  bool rotates_;
  /// By the stem's hash: some 40 bytes a stem, however long it is. Should two stems meet in one
  /// hash, one of them skips numbers.
  std::unordered_map<std::size_t, std::uint64_t> latest_;
};

}  // namespace weir

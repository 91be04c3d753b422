#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/disk.hpp"

namespace weir {

/// The bytes in front of a place in a file, by their hash: they tell it from others that begin
/// alike.
struct landmark {
  std::uint64_t offset = 0;  ///< of the place
  std::uint64_t hash = 0;
  friend bool operator==(const landmark&, const landmark&) = default;
};

/// How many bytes in front of a place are looked at, at most.
inline constexpr std::size_t landmark_bytes = 1024;

/// Where those in front of `offset` begin.
std::uint64_t landmark_begin(std::uint64_t offset);
/// `before` are the bytes from there to `offset`.
landmark landmark_of(std::uint64_t offset, std::string_view before);
/// Nothing if the file does not reach to `offset`.
io_result<std::optional<landmark>> read_landmark(file& in, std::uint64_t offset);
/// Likewise if it cannot be read.
std::optional<landmark> landmark_at(file& in, std::uint64_t offset);

/// The latest landmarks of files that are being read, for those who commit places in them. Safe
/// from any thread.
class landmarks {
 public:
  void add(const std::string& identity, landmark mark);
  /// The last one up to `offset`, or the first behind. Asked at offsets that never go back: it
  /// forgets those in front.
  std::optional<landmark> near(const std::string& identity, std::uint64_t offset);
  void forget(const std::string& identity);

 private:
  using of_file = std::map<std::uint64_t, landmark>;
  static of_file::iterator closest(of_file& marks);

  std::mutex mutex_;
  std::map<std::string, of_file> all_;
};

}  // namespace weir

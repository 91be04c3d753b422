#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/framer.hpp"

namespace weir {

/// Cuts into lines; holds the one that is not whole yet.
class line_framer final : public framer {
 public:
  line_framer(std::shared_ptr<const shard> of, position from, framing_options options,
              const stage_id& stage);

  bool frame_some(batch& out) override;
  bool finish(batch& out) override;

 private:
  enum class lies : std::uint8_t { in_chunk, in_line };

  void frame_whole_lines(batch& out, std::size_t room);
  bool end_open_line(batch& out);
  std::size_t straddling() const noexcept;
  const char* find_byte(const char* at, const char* end) const noexcept;
  const char* find_delimiter(const char* at, const char* end) const noexcept;
  std::string_view without_cr(std::string_view line) const noexcept;
  void add_line(batch& out, std::string_view line, std::uint64_t bytes, lies where);
  void add_open_line(batch& out);
  void grow_open_line(std::string_view piece);
  void close_open_line() noexcept;
  void reject_fault(batch& out);

  char last_byte_;  ///< of the delimiter
  bool strips_cr_;
  std::string line_;              ///< the front of the open line, as much as its record can need
  std::string edge_;              ///< its last bytes, where the delimiter is longer than one
  std::uint64_t line_bytes_ = 0;  ///< all of it
};

}  // namespace weir

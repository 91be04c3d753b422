#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/frame.hpp"

namespace weir {

/// The state between the chunks of one shard: where it is, and the line that is not whole yet.
class line_framer {
 public:
  line_framer(std::shared_ptr<const shard> of, position from, framing_options options,
              const stage_id& stage);

  /// Takes the next chunk. The one before it has been framed to its end.
  void begin(const chunk& next);
  /// Adds the next lines of the chunk to `out`; true if the chunk has more of them.
  bool frame_some(batch& out);
  /// The bytes have ended: adds what is left and the end of the shard, unless it may grow. False if
  /// that changes nothing.
  bool finish(batch& out);

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
  void note_verified(const batch& out);

  std::shared_ptr<const shard> shard_;
  framing_options options_;
  const stage_id* stage_;
  char last_byte_;  ///< of the delimiter
  bool strips_cr_;
  position begun_;
  position at_;  ///< after the last whole line

  std::string_view rest_;  ///< of the chunk
  std::shared_ptr<const block> memory_;
  std::optional<byte_fault> fault_;
  std::uint64_t verified_to_ = 0;
  std::uint64_t verified_number_;

  std::string line_;              ///< the front of the open line, as much as its record can need
  std::string edge_;              ///< its last bytes, where the delimiter is longer than one
  std::uint64_t line_bytes_ = 0;  ///< all of it
};

}  // namespace weir

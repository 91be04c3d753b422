#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/frame.hpp"

namespace weir {

/// Cuts the chunks of one shard into records: where it is between them, and what all ways of
/// cutting share.
class framer {
 public:
  framer(std::shared_ptr<const shard> of, position from, framing_options options,
         const stage_id& stage);
  framer(const framer&) = delete;
  framer& operator=(const framer&) = delete;
  virtual ~framer() = default;

  /// Takes the next chunk. The one before it has been framed to its end.
  void begin(const chunk& next);
  /// Adds the next records of the chunk to `out`; true if the chunk has more of them.
  virtual bool frame_some(batch& out) = 0;
  /// The bytes have ended: adds what is left and the end of the shard, unless it may grow. False if
  /// that changes nothing.
  virtual bool finish(batch& out) = 0;

 protected:
  /// Adds the reject that stands for what a fault of the bytes cut off: the first bytes of it,
  /// `cut`, and `cut_bytes` in all.
  void add_fault(batch& out, std::string_view cut, std::uint64_t cut_bytes);
  /// Finds the number of the last record that the checksums seen so far vouch for.
  void note_verified(const batch& out);

  std::shared_ptr<const shard> shard_;
  framing_options options_;
  const stage_id* stage_;
  position begun_;
  position at_;  ///< after the last whole record

  std::string_view rest_;  ///< of the chunk
  std::shared_ptr<const block> memory_;
  std::optional<byte_fault> fault_;

 private:
  std::uint64_t verified_to_ = 0;
  std::uint64_t verified_number_;
};

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
/// Bounds a batch of very short records to a megabyte of them.
inline constexpr std::size_t most_records = 16384;
/// What a reject shows of a record that is too long.
inline constexpr std::uint64_t reject_raw_bytes = 1024;

}  // namespace weir

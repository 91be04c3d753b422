#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "codec/decode.hpp"
#include "codec/decoder.hpp"
#include "codec/stored_input.hpp"

namespace weir {

/// Decompresses a stored stream member by member, a block of content at a time.
class unpacker {
 public:
  unpacker(stored_input stored, codec first, const decode_options& options,
           std::shared_ptr<block_pool> pool);

  /// The next piece of content; empty if only time came. Asks upstream at most once.
  chunk next(const pull& wanted);
  /// Everything was handed over, and the fault, if there was one.
  bool done() const noexcept { return done_; }

 private:
  enum class place : std::uint8_t { between, inside, end, fault };

  void work(const pull& wanted);
  bool needs_input() const noexcept;
  void between_members();
  void begin_member(codec of);
  void inside_member();
  void check_limits();
  void fail(std::string_view why);
  chunk hand_over();
  chunk report_fault(const pull& wanted);

  stored_input stored_;
  decode_options options_;
  std::shared_ptr<block_pool> pool_;
  codec codec_;
  budget_share window_;  ///< what the decoder holds
  std::unique_ptr<decoder> decoder_;
  std::shared_ptr<block> block_;  ///< being filled
  std::span<char> room_;          ///< what is free of it
  place place_ = place::between;
  bool first_ = true;       ///< no member has begun
  bool undecided_ = false;  ///< more bytes are needed to tell what follows a member
  bool held_back_ = false;  ///< the decoder filled `room_` and may have more without new input
  bool done_ = false;
  std::uint64_t member_from_ = 0;  ///< where the member began in the stored form
  std::uint64_t produced_ = 0;
  std::uint64_t verified_to_ = 0;
  byte_fault fault_;
};

}  // namespace weir

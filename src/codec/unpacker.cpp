#include "codec/unpacker.hpp"

#include <algorithm>

namespace weir {
namespace {

/// Skippable frames are zstd's and lz4's alike, so that frames of both may stand in one file.
bool may_follow(codec before, codec after) {
  const auto skippable = [](codec c) { return c == codec::zstd || c == codec::lz4; };
  return before == after || (skippable(before) && skippable(after));
}

/// What the tools choose unless asked for more has to pass with the least memory: zstd takes up to
/// 8 MiB, xz 9.
constexpr std::size_t usual_window_bytes = 16 << 20;

/// A quarter of the memory is left for what is unpacked.
std::size_t window_max_bytes(const budget& all) noexcept {
  return std::clamp(all.limit_bytes() / 4 * 3, usual_window_bytes, largest_window_bytes);
}

}  // namespace

std::unique_ptr<decoder> make_decoder(codec c, std::size_t window_max_bytes) {
  switch (c) {
    case codec::gzip:
      return make_gzip_decoder();
    case codec::zlib:
      return make_zlib_decoder();
    case codec::zstd:
      return make_zstd_decoder(window_max_bytes);
    case codec::bzip2:
      return make_bzip2_decoder();
    case codec::xz:
      return make_xz_decoder(window_max_bytes);
    case codec::lzma:
      return make_lzma_decoder(window_max_bytes);
    default:
      return make_lz4_decoder();
  }
}

unpacker::unpacker(stored_input stored, codec first, const decode_options& options,
                   std::shared_ptr<block_pool> pool)
    : stored_(std::move(stored)),
      options_(options),
      pool_(std::move(pool)),
      codec_(first),
      window_(pool_->shared_ceiling()),
      decoder_(make_decoder(first, window_max_bytes(pool_->ceiling()))) {}

chunk unpacker::next(const pull& wanted) {
  if (place_ == place::fault) return report_fault(wanted);
  if (!block_) {
    block_ = pool_->take();
    room_ = {block_->data(), block_bytes};
  }
  work(wanted);
  done_ = place_ == place::end;
  return hand_over();
}

/// Goes on until the block is full, or until it would take a second question upstream, or one while
/// there is content to hand over.
void unpacker::work(const pull& wanted) {
  bool may_ask = true;
  while (place_ < place::end && !room_.empty()) {
    if (needs_input()) {
      const bool has_content = room_.size() < block_bytes;
      if (!may_ask || has_content) return;
      may_ask = false;
      if (!stored_.fetch(wanted)) return;
      undecided_ = false;
    }
    if (place_ == place::between)
      between_members();
    else
      inside_member();
  }
}

bool unpacker::needs_input() const noexcept {
  return !stored_.ended() && (undecided_ || (stored_.rest().empty() && !held_back_));
}

void unpacker::between_members() {
  const std::string_view rest = stored_.rest();
  const std::size_t zeros = first_ ? 0 : std::min(rest.find_first_not_of('\0'), rest.size());
  stored_.use(zeros);
  if (zeros == rest.size()) {
    if (!stored_.ended()) return;
    if (stored_.fault())
      fail({});
    else
      place_ = place::end;
    return;
  }
  if (first_) return begin_member(codec_);
  const std::optional<codec> follows = sniff(stored_.rest(), stored_.ended());
  if (!follows)
    undecided_ = true;
  else if (may_follow(codec_, *follows))
    begin_member(*follows);
  else
    fail("trailing garbage");
}

void unpacker::begin_member(codec of) {
  if (of != codec_) decoder_ = make_decoder(of, window_max_bytes(pool_->ceiling()));
  codec_ = of;
  first_ = false;
  member_from_ = stored_.offset();
  decoder_->begin_member();
  place_ = place::inside;
}

void unpacker::inside_member() {
  std::string_view in = stored_.rest();
  const std::size_t room_before = room_.size();
  const decoded result = decoder_->step(in, room_);
  stored_.use(stored_.rest().size() - in.size());
  // At most half, or a small budget would never let anything be read again.
  window_.hold(std::min(decoder_->window_bytes(), pool_->ceiling().limit_bytes() / 2));
  produced_ += room_before - room_.size();
  held_back_ = room_.empty();
  check_limits();
  if (place_ == place::fault) return;
  switch (result.what) {
    case decoded::kind::more:
      if (!stored_.ended() || !in.empty() || held_back_) return;
      if (!decoder_->may_end()) return fail("data ends early");
      place_ = place::between;
      return;
    case decoded::kind::member_end:
      place_ = place::between;
      held_back_ = false;
      verified_to_ = produced_;
      return;
    case decoded::kind::corrupt:
      fault_.unverified = true;
      return fail(result.why);
  }
}

void unpacker::check_limits() {
  if (options_.max_bytes && produced_ > *options_.max_bytes) {
    const std::uint64_t excess = produced_ - *options_.max_bytes;
    room_ = {room_.data() - excess, room_.size() + excess};
    produced_ -= excess;
    return fail("expands beyond the limit of bytes");
  }
  if (produced_ > options_.ratio_from_bytes && produced_ / options_.ratio > stored_.offset()) {
    fail("expands beyond the limit of the ratio");
  }
}

/// Where in a member it broke depends on how the input was split, so the whole member is named. Why
/// upstream broke off matters more than that the data ends there.
void unpacker::fail(std::string_view why) {
  fault_.cuts_line = place_ == place::inside;
  fault_.from = fault_.cuts_line ? member_from_ : stored_.offset();
  place_ = place::fault;
  if (stored_.fault() && stored_.rest().empty()) {
    fault_.why = stored_.fault()->why;
    fault_.cuts_line = true;
    return;
  }
  fault_.why = name_of(codec_);
  fault_.why += ": ";
  fault_.why += why;
}

chunk unpacker::hand_over() {
  chunk out{.bytes = {}, .memory = nullptr, .fault = std::nullopt, .verified_to = verified_to_};
  const std::size_t size = block_bytes - room_.size();
  if (size == 0) return out;
  out.bytes = {block_->data(), size};
  out.memory = std::move(block_);
  block_ = nullptr;
  return out;
}

/// Reads on to learn where the stored form ends, if nobody has told.
chunk unpacker::report_fault(const pull& wanted) {
  chunk out{.bytes = {}, .memory = nullptr, .fault = std::nullopt, .verified_to = verified_to_};
  while (!options_.stored_bytes && !stored_.ended()) {
    stored_.use(stored_.rest().size());
    if (!stored_.fetch(wanted)) return out;
  }
  stored_.use(stored_.rest().size());
  fault_.to = std::max(stored_.offset(), options_.stored_bytes.value_or(0));
  out.fault = std::move(fault_);
  done_ = true;
  return out;
}

}  // namespace weir

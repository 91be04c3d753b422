#include "codec/framer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weir {

framer::framer(std::shared_ptr<const shard> of, position from, framing_options options,
               const stage_id& stage)
    : shard_(std::move(of)),
      options_(std::move(options)),
      stage_(&stage),
      begun_(from),
      at_(from),
      verified_number_(from.number) {}

void framer::begin(const chunk& next) {
  rest_ = next.bytes;
  memory_ = next.memory;
  fault_ = next.fault;
  verified_to_ = next.verified_to;
}

void framer::add_fault(batch& out, std::string_view cut, std::uint64_t cut_bytes) {
  if (fault_->unverified && options_.unverified) {
    *options_.unverified += at_.number - verified_number_;
  }
  const std::string note = fmt::format("[stored bytes {} to {}]", fault_->from, fault_->to);
  const std::string_view raw = out.store().memory.copy(std::string{cut} + note);
  const std::uint64_t start = at_.offset;
  at_ = {start + cut_bytes, at_.number + 1, true};
  record& lost = out.add(raw, at_.number, start);
  out.reject_record(lost, reject(fault_->why, static_cast<std::uint32_t>(cut.size())), *stage_);
  fault_.reset();
}

void framer::note_verified(const batch& out) {
  if (verified_to_ == 0 || !options_.unverified) return;
  if (at_.offset <= verified_to_) {
    verified_number_ = at_.number;
    return;
  }
  const std::span<const record> all = out.all();
  const auto cut = std::ranges::upper_bound(all, verified_to_, {}, &record::offset);
  if (cut != all.begin()) verified_number_ = std::prev(cut)->number() - 1;
}

}  // namespace weir

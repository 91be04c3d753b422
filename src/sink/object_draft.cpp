#include "sink/object_draft.hpp"

#include <string_view>
#include <utility>

#include "sink/http_answer.hpp"

namespace weir {
namespace {

/// How much text is compressed at a time: never by batches, or the same lines would make other
/// bytes in another run.
constexpr std::size_t packed_at_once_bytes = 64 << 10;

}  // namespace

object_draft::object_draft(std::string key, std::unique_ptr<encoder> packer)
    : key_(std::move(key)), packer_(std::move(packer)) {}

void object_draft::line_added() {
  ++lines_in_;
  if (lines_.size() >= packed_at_once_bytes) pack();
}

void object_draft::pack() {
  const std::size_t before = unsent_.size();
  if (packer_)
    packer_->write(lines_, unsent_);
  else
    unsent_ += lines_;
  lines_.clear();
  if (ended_ && packer_) packer_->end_member(unsent_);
  hash_.add(std::string_view(unsent_).substr(before));
}

void object_draft::end() {
  ended_ = true;
  pack();
}

std::uint64_t object_draft::size_bytes() const noexcept {
  return sent_bytes_ + unsent_.size() + (packer_ ? 0 : lines_.size());
}

delivery object_draft::begin(const draft_sending& how) {
  if (how.note && !noted_) {
    if (const delivery done = how.note(opening_note(key_)); !done) return done;
    noted_ = true;
  }
  auto begun = how.to->begin(key_, how.labels);
  if (!begun) return std::unexpected(as_delivery_error(begun.error()));
  upload_ = std::move(*begun);
  return {};
}

delivery object_draft::send(const draft_sending& how) {
  const bool whole = !upload_ && !how.note && unsent_.size() <= how.part_bytes;
  if (ended_ && whole) return {};
  while (unsent_.size() >= how.part_bytes || (ended_ && !unsent_.empty())) {
    if (!upload_) {
      if (const delivery done = begin(how); !done) return done;
    }
    const auto part = std::string_view(unsent_).substr(0, how.part_bytes);
    auto tag = how.to->send_part(*upload_, tags_.size() + 1, part);
    if (!tag) return std::unexpected(as_delivery_error(tag.error()));
    tags_.push_back(std::move(*tag));
    sent_bytes_ += part.size();
    unsent_.erase(0, part.size());
  }
  return {};
}

sealed_object object_draft::seal(std::string run) && {
  return {.key = std::move(key_),
          .upload = upload_ ? upload_->id : std::string{},
          .tags = std::move(tags_),
          .size_bytes = size_bytes(),
          .hash = hash_.text(),
          .run = std::move(run),
          .body = std::move(unsent_)};
}

http_result<void> object_draft::abandon(object_writer& to) const {
  return upload_ ? to.abort(*upload_) : http_result<void>{};
}

}  // namespace weir

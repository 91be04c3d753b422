#include "parse/first_lines.hpp"

#include <algorithm>
#include <chrono>

namespace weir {
namespace {

constexpr std::chrono::seconds longest_wait{1};
constexpr std::size_t enough_bytes = 1 << 20;

bool are_enough(const batch& lines) {
  if (lines.size() >= recognition_lines || lines.runs().back().ends) return true;
  std::size_t bytes = 0;
  for (const record& r : lines) bytes += r.text().size();
  return bytes >= enough_bytes;
}

}  // namespace

void first_lines::take_one_run(batch piece, time_point now) {
  const auto source = piece.runs().front().source;
  auto open = std::ranges::find(open_, source, &beginning::source);
  if (open == open_.end()) {
    if (formats_->known(*source) != nullptr) return put(std::move(piece));
    open = open_.insert(open_.end(), {source, batch(pool()), now + longest_wait});
  }
  open->held.absorb(piece, batch::absorb_limit{});
  if (are_enough(open->held)) decide(open);
}

void first_lines::decide(std::list<beginning>::iterator which) {
  batch lines = std::move(which->held);
  open_.erase(which);
  if (!lines.empty()) formats_->of(lines.all(), lines.runs().front().parser_state != nullptr);
  put(std::move(lines));
}

void first_lines::end_due(time_point now) {
  while (!open_.empty() && open_.front().due <= now) decide(open_.begin());
}

time_point first_lines::due() const noexcept {
  return open_.empty() ? never : open_.front().due;
}

}  // namespace weir

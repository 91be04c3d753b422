#include "sink/postgres_sieve.hpp"

#include <algorithm>
#include <utility>

#include "sink/postgres_trouble.hpp"

namespace weir {
namespace {

constexpr std::string_view keep_piece = "release savepoint weir; savepoint weir";
constexpr std::string_view undo_piece = "rollback to savepoint weir";
constexpr const char* begin_with_all_constraints =
    "rollback to savepoint weir_group; set constraints all immediate; savepoint weir";

std::expected<void, postgres_answer> done(postgres_answer answer) {
  if (answer.ok()) return {};
  return std::unexpected(std::move(answer));
}

std::size_t smaller(std::size_t piece) {
  return std::max<std::size_t>(piece / 4, 1);
}

}  // namespace

std::expected<void, postgres_answer> postgres_sieve::sift() {
  next_ = undo_piece;
  return send_again_and_again();
}

std::expected<void, postgres_answer> postgres_sieve::sift_by_all_constraints() {
  by_all_constraints_ = true;
  if (auto begun = done(link_.run(begin_with_all_constraints)); !begun) return begun;
  next_ = keep_piece;
  return send_again_and_again();
}

std::expected<void, postgres_answer> postgres_sieve::send_again_and_again() {
  std::vector<std::size_t> left = group_.accepted();
  std::size_t size = smaller(left.size());  // all of them at once have failed
  while (!left.empty()) {
    failed_.clear();
    if (auto sent = send_pieces(left, size); !sent) return sent;
    const bool some_arrived = failed_.size() < left.size();
    left = some_arrived ? take_those_that_may_come() : std::vector<std::size_t>{};
    size = left.size();
    refuse_failed();
  }
  return done(link_.run(std::string{next_}));
}

std::expected<void, postgres_answer> postgres_sieve::send_pieces(rows all, std::size_t size) {
  while (!all.empty()) {
    size = std::min(size, all.size());
    auto sent = send(all.first(size));
    if (!sent && !is_about_a_row(sent.error())) return std::unexpected(std::move(sent.error()));
    next_ = sent ? keep_piece : undo_piece;
    if (!sent && size > 1) {
      size = smaller(size);
      continue;
    }
    if (!sent) failed_.push_back({all[0], sent.error().why(), may_come(sent.error())});
    all = all.subspan(size);
    if (sent) size *= 2;
  }
  return {};
}

/// Rows that are none were refused when they were first read.
std::expected<void, postgres_answer> postgres_sieve::send(rows piece) {
  feed_.precede(next_);
  for (const std::size_t at : piece) static_cast<void>(feed_.add(group_.row(at)));
  return feed_.finish();
}

bool postgres_sieve::may_come(const postgres_answer& why) const {
  constexpr std::string_view foreign_key_violation = "23503";
  return by_all_constraints_ || why.state() == foreign_key_violation;
}

/// In reverse: what needs the row behind it, which needs the next one, comes at once then.
std::vector<std::size_t> postgres_sieve::take_those_that_may_come() {
  std::vector<std::size_t> out;
  for (const failed_row& f : failed_) {
    if (f.may_come) out.push_back(f.at);
  }
  std::ranges::reverse(out);
  std::erase_if(failed_, [](const failed_row& f) { return f.may_come; });
  return out;
}

void postgres_sieve::refuse_failed() {
  for (failed_row& f : failed_) group_.refuse(f.at, std::move(f.why));
}

}  // namespace weir

#include "codec/frame.hpp"

#include <algorithm>
#include <utility>

#include "base/text_front.hpp"
#include "codec/framing_guess.hpp"
#include "codec/json_scanner.hpp"
#include "codec/line_framer.hpp"
#include "codec/mixed_scanner.hpp"
#include "codec/octet_scanner.hpp"
#include "codec/rejoined.hpp"
#include "codec/structure_framer.hpp"
#include "codec/xml_scanner.hpp"
#include "weir/context.hpp"

namespace weir {
namespace {

/// What room is made for, for the first records of a shard: many shards have no others.
constexpr std::size_t usual_record_bytes = 200;
constexpr std::size_t most_expected = 1024;

std::unique_ptr<record_scanner> scanner_of(const framing& how, bool is_guess, std::uint64_t from,
                                           std::uint64_t longest, std::string_view state) {
  if (how.how == framing::by::elements)
    return std::make_unique<xml_scanner>(how.element, !state.empty());
  if (how.how == framing::by::octets) return std::make_unique<octet_scanner>(longest, from, state);
  if (is_guess) return std::make_unique<mixed_scanner>(how, state);
  return std::make_unique<json_scanner>(how, state);
}

/// The first chunks of a shard, kept while its layout is not known. One that goes on behind its
/// beginning has the layout that its state names.
class framer_choice {
 public:
  framer_choice(std::shared_ptr<const shard> of, position from, framing_options options,
                const stage_id& stage, const context& with)
      : of_(std::move(of)),
        from_(from),
        options_(std::move(options)),
        stage_(stage),
        how_(with.cut_by),
        state_(std::move(options_.state)) {
    const bool goes_on = how_ != nullptr && from_ != position{};
    if (goes_on && state_.empty() && with.parser_state) state_ = with.parser_state(*of_);
  }

  /// Null if more of the shard has to be seen first.
  std::unique_ptr<framer> made(std::string_view beginning, bool whole) {
    if (how_ == nullptr || how_->how == framing::by::lines) return of_lines();
    if (how_->how != framing::by::content) return of_structure(*how_, "");
    if (from_ != position{}) return of_known(known_framing_called(tag()));
    const auto guessed = guess_framing(beginning, whole);
    return guessed ? of_known(guessed->documents) : nullptr;
  }

 private:
  std::string_view tag() const { return first_line(state_); }

  std::unique_ptr<framer> of_known(const known_framing* known) {
    return known == nullptr ? of_lines() : of_structure(known->how, known->name);
  }
  std::unique_ptr<framer> of_lines() {
    return std::make_unique<line_framer>(of_, from_, options_, stage_);
  }
  /// `name` is what it was taken for; empty if it was asked for.
  std::unique_ptr<framer> of_structure(const framing& how, std::string_view name) {
    std::string_view scanned = state_;
    scanned.remove_prefix(std::min(scanned.size(), tag().size() + 1));
    auto scanner = scanner_of(how, !name.empty(), from_.offset, options_.max_line_bytes, scanned);
    return std::make_unique<structure_framer>(of_, from_, options_, stage_, std::move(scanner),
                                              std::string{name});
  }

  std::shared_ptr<const shard> of_;
  position from_;
  framing_options options_;
  const stage_id& stage_;
  const framing* how_;
  std::string state_;
};

/// A shard's first bytes, copied: chunks may be many and small.
class shard_beginning {
 public:
  explicit shard_beginning(std::shared_ptr<block_pool> pool) : pool_(std::move(pool)) {}

  void add(const chunk& next) {
    bytes_ += next.bytes;
    fault_ = next.fault;
    verified_to_ = next.verified_to;
  }
  std::string_view bytes() const noexcept { return bytes_; }
  bool is_cut() const noexcept { return fault_.has_value(); }
  chunk as_chunk() const {
    auto memory = pool_->take(bytes_.size());
    std::ranges::copy(bytes_, memory->data());
    return {.bytes = {memory->data(), bytes_.size()},
            .memory = memory,
            .fault = fault_,
            .verified_to = verified_to_};
  }

 private:
  std::shared_ptr<block_pool> pool_;
  std::string bytes_;
  std::optional<byte_fault> fault_;
  std::uint64_t verified_to_ = 0;
};

}  // namespace

stream frame(byte_stream bytes, std::shared_ptr<const shard> of, position from,
             framing_options options, const stage_id& stage, const context& with) {
  const std::shared_ptr<block_pool> pool = with.pool;
  framer_choice choice(std::move(of), from, std::move(options), stage, with);
  std::unique_ptr<framer> records = choice.made({}, false);
  batch out(pool);
  if (!records) {
    shard_beginning beginning(pool);
    while (!records) {
      const pull want = co_await request;
      const chunk* const next = bytes.next(want);
      if (next != nullptr) beginning.add(*next);
      records = choice.made(beginning.bytes(), next == nullptr || beginning.is_cut());
      if (records) break;
      co_yield out;
      out.reset(pool);
    }
    bytes = rejoined(beginning.as_chunk(), std::move(bytes));
  }
  std::size_t expected = 0;
  while (chunk* next = bytes.next(co_await request)) {
    records->begin(*next);
    if (expected == 0) expected = std::min(next->bytes.size() / usual_record_bytes, most_expected);
    for (bool more = true; more;) {
      out.reserve(expected);
      more = records->frame_some(out);
      expected = out.all().size();
      co_yield out;
      out.reset(pool);
    }
  }
  if (records->finish(out)) co_yield out;
}

}  // namespace weir

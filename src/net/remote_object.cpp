#include "net/remote_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/time.hpp"

namespace weir {
namespace {

constexpr std::size_t error_body_max = 64 * 1024;
/// A file may change twice within the second that Last-Modified tells: see RFC 9110, 8.8.2.2.
constexpr std::int64_t settled_after_ns = 60 * ns_per_second;

std::optional<std::int64_t> date_of(const http_head& head, std::string_view name) {
  const std::string* const text = head.find(name);
  return text ? parse_rfc2822(*text) : std::nullopt;
}

std::string text_of(const http_head& head, std::string_view name) {
  const std::string* const text = head.find(name);
  return text ? *text : std::string{};
}

/// "bytes FROM-TO/SIZE", or "bytes */SIZE".
struct content_range {
  std::optional<std::uint64_t> from;
  std::optional<std::uint64_t> size;
};

content_range range_of(const http_head& head) {
  const std::string text = text_of(head, "Content-Range");
  content_range out;
  const auto number_at = [&](std::size_t at, std::optional<std::uint64_t>& to) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error == std::errc{}) to = value;
  };
  if (!text.starts_with("bytes ")) return out;
  number_at(6, out.from);
  if (const auto slash = text.find('/'); slash != text.npos) number_at(slash + 1, out.size);
  return out;
}

}  // namespace

object_version version_in(const http_head& head, std::string_view header) {
  object_version out;
  out.etag = text_of(head, header);
  if (out.etag.starts_with("W/")) out.etag.clear();
  const auto modified = date_of(head, "Last-Modified");
  const auto now = date_of(head, "Date");
  out.modified_ns = modified.value_or(0);
  if (modified && now && *now - *modified >= settled_after_ns)
    out.modified = text_of(head, "Last-Modified");
  out.size = head.status == 206 ? range_of(head).size : head.length();
  return out;
}

remote_object::remote_object(access how, http_client& client)
    : how_(std::move(how)), client_(client) {
  if (how_.stretch_bytes > 0) stop_ = how_.stretch_bytes;
}

remote_object::remote_object(access how, http_client& client, object_version version)
    : remote_object(std::move(how), client) {
  version_ = std::move(version);
  known_ = true;
}

bool remote_object::await_open(time_point until, block_pool& pool) {
  return await_answer(until, pool);
}

byte_stream remote_object::bytes(std::uint64_t from, const context& with,
                                 std::atomic<std::uint64_t>& bytes_read) {
  if (from != next_) begin_at(from);
  chunk time;
  while (!ended_ && !failure_) {
    const pull first = co_await request;
    if (!await_answer(first.until, *with.pool)) {
      co_yield time;
      continue;
    }
    if (ended_ || failure_) break;
    auto body = exchange_->body(with);
    while (!cut_ || next_ < *stop_) {
      chunk* const some = body.next(co_await request);
      if (some == nullptr) break;
      take_share_of(*some);
      note_progress(some->bytes.size(), bytes_read);
      co_yield *some;
    }
    broke_off();
  }
  if (failure_) co_yield time;
}

void remote_object::begin_at(std::uint64_t from) {
  exchange_.reset();
  answered_ = false;
  ended_ = false;
  next_ = from;
  stop_.reset();
  cut_ = false;
  if (how_.stretch_bytes > 0) stop_ = from + how_.stretch_bytes;
}

/// A server that knows no ranges gives more than it was asked for.
void remote_object::take_share_of(chunk& some) {
  const std::size_t before = std::min<std::uint64_t>(skip_, some.bytes.size());
  some.bytes.remove_prefix(before);
  skip_ -= before;
  if (stop_) some.bytes = some.bytes.substr(0, *stop_ - next_);
}

/// Where reading is to end, if that is known.
std::optional<std::uint64_t> remote_object::end() const {
  if (stop_ && version_.size) return std::min(*stop_, *version_.size);
  return stop_ ? stop_ : version_.size;
}

/// True once bytes come, or nothing more will.
bool remote_object::await_answer(time_point until, block_pool& pool) {
  while (!answered_ && !ended_ && !failure_) {
    if (!exchange_) {
      if (!await_retry(until)) return false;
      ask();
    }
    if (exchange_ && !await_verdict(until, pool)) return false;
  }
  return true;
}

bool remote_object::await_retry(time_point until) {
  clock& time = client_.time();
  if (time.now() >= retry_at_) return true;
  time.wait_readable(-1, client_.wake(), std::min(until, retry_at_));
  return time.now() >= retry_at_;
}

http_headers remote_object::range_headers() const {
  http_headers added;
  if (stop_)
    added.push_back({"Range", fmt::format("bytes={}-{}", next_, *stop_ - 1)});
  else if (next_ > 0)
    added.push_back({"Range", fmt::format("bytes={}-", next_)});
  if (!known_) return added;
  if (!version_.etag.empty())
    added.push_back({"If-Match", version_.etag});
  else if (!version_.modified.empty())
    added.push_back({"If-Unmodified-Since", version_.modified});
  return added;
}

void remote_object::ask() {
  auto what = how_.request(client_, range_headers());
  if (!what) return try_again_or_fail(std::move(what.error()));
  url_ = shown_url(what->url);
  if (how_.limit) round_ = how_.limit->round();
  exchange_ = client_.start(std::move(*what));
}

/// The answer's head; with an error's status its body as well, which says why.
bool remote_object::await_verdict(time_point until, block_pool& pool) {
  if (!exchange_->await_head(until, pool)) return false;
  const http_head* const head = exchange_->head();
  if (head && head->status >= 300 && !exchange_->await_text(until, error_body_max)) return false;
  take_answer();
  return true;
}

void remote_object::take_answer() {
  const http_head* const head = exchange_->head();
  if (head == nullptr) return broke_off();
  tell_limit(head->status);
  if (head->status == 200 || head->status == 206) {
    if (!std::exchange(known_, true)) version_ = version_in(*head, how_.version_header);
    gives_ranges_ = text_of(*head, "Accept-Ranges") != "none";
    return take_range(*head);
  }
  const auto total = range_of(*head).size.value_or(version_.size.value_or(0));
  if (head->status == 416 && next_ > 0 && total == next_) {
    ended_ = true;
    exchange_.reset();
    return;
  }
  if (head->status == 416 && !known_ && stop_) return ask_for_all();  // it is empty by now
  if (known_ && (head->status == 412 || head->status == 416))
    return fail("it changed while it was read");
  const error_story story =
      how_.read_error ? how_.read_error(*head, exchange_->text()) : error_story{};
  auto why = failed_status(url_, *head, client_.time().wall_ns(), story.detail);
  exchange_.reset();
  if (story.mended && !std::exchange(mended_, true)) return;
  try_again_or_fail(std::move(why));
}

void remote_object::tell_limit(int status) const {
  if (how_.limit == nullptr) return;
  if (status == 429 || status == 503) how_.limit->was_too_much(round_);
  if (status == 200 || status == 206) how_.limit->went_well();
}

bool remote_object::same_version(const http_head& head) const {
  const std::string etag = text_of(head, how_.version_header);
  if (!etag.empty() && !version_.etag.empty() && etag != version_.etag) return false;
  const std::string modified = text_of(head, "Last-Modified");
  return modified.empty() || version_.modified.empty() || modified == version_.modified;
}

/// A server need not know ranges: then it gives the whole object, and what is known is skipped.
void remote_object::take_range(const http_head& head) {
  const auto range = range_of(head);
  const auto total = head.status == 206 ? range.size : head.length();
  if (!same_version(head) || (total && version_.size && *total != *version_.size))
    return fail("it changed while it was read");
  if (head.status == 206 && range.from != next_) return fail("the server gave another range");
  // Nobody would know where its stretches end.
  if (stop_ && !version_.size && next_ == 0) return ask_for_all();
  skip_ = head.status == 206 ? 0 : next_;
  if (head.status == 200 && next_ == 0) stop_.reset();
  answered_ = true;
}

void remote_object::ask_for_all() {
  stop_.reset();
  exchange_.reset();
}

/// The exchange has ended, well or not.
void remote_object::broke_off() {
  answered_ = false;
  const auto over = std::exchange(exchange_, nullptr);
  if (const http_failure* const why = over->failure()) {
    if (next_ > 0 && !version_.is_certain()) {
      failure_ = *why;
      failure_->message += "; the server names no version by which reading could go on";
      return;
    }
    return try_again_or_fail(*why);
  }
  if (const auto all = end(); all && next_ < *all) return fail("it ended before its length");
  ended_ = true;
}

void remote_object::try_again_or_fail(http_failure why) {
  if (may_retry(why, true)) {
    if (!retries_) retries_.emplace(client_, how_.patience, how_.chance);
    if (const auto next = retries_->next(why)) {
      retry_at_ = *next;
      return;
    }
  }
  failure_ = std::move(why);
}

void remote_object::fail(std::string why) {
  failure_ = {.what = http_failure::kind::status,
              .message = fmt::format("{}: {}", url_, why),
              .lasting = true};
  exchange_.reset();
}

void remote_object::note_progress(std::size_t bytes, std::atomic<std::uint64_t>& bytes_read) {
  if (bytes == 0) return;
  next_ += bytes;
  bytes_read.fetch_add(bytes, std::memory_order_relaxed);
  retries_.reset();
  mended_ = false;
}

}  // namespace weir

#include "source/page_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/memory_pause.hpp"
#include "source/connection.hpp"

namespace weir {

page_reader::page_reader(const page_settings& how, http_client& client, const context& with,
                         page_marks* marks)
    : how_(how),
      client_(client),
      with_(with),
      marks_(marks),
      walk_(how.walk),
      share_(with.pool->shared_ceiling()) {}

void page_reader::resume(position at, page_mark mark) {
  resume_at_ = at;
  begin_ = mark.begin;
  walk_.go_to(std::move(mark.place));
}

byte_stream page_reader::bytes() {
  memory_pause memory;
  chunk out;
  for (bool more = true; more;) {
    patient_fetch fetch(client_, plan());
    for (;;) {
      const pull want = co_await request;
      if (fetch.await(want.until)) break;
      co_yield out;
    }
    more = take(fetch.outcome());
    while (!lines_.empty()) {
      const pull want = co_await request;
      out = {};  // first of all gives back the block of the last one
      if (auto space = memory.take(with_, want)) fill(out, std::move(space));
      co_yield out;
    }
    out = {};
    page_.reset();
    share_.hold(0);
    co_yield out;
  }
}

patient_fetch::plan page_reader::plan() const {
  return {.make = [this] { return http_result<http_request>{page_request()}; },
          .patience = client_.options().patience,
          .most_bytes = how_.page_bytes_max};
}

http_request page_reader::page_request() const {
  http_request what;
  what.url = walk_.url();
  what.led_here = !walk_.at_home();
  if (walk_.at_home()) what.credentials = how_.credentials;
  what.headers.push_back({"Accept", how_.lines ? "application/x-ndjson, */*" : "application/json"});
  return what;
}

/// True if there is another page behind.
bool page_reader::take(http_result<http_response>& got) {
  if (!got) {
    const http_failure& why = got.error();
    const bool too_large = why.lasting && why.status / 100 == 2;
    failure_ = too_large ? error(exit_code::io, why.message,
                                 "ask for fewer records a page, or for more with `max_page`")
                         : as_error(why);
    return false;
  }
  if (how_.lines) return take_page(*got, page_body::lines(std::move(got->body)));
  auto page = page_body::json(std::move(got->body), how_.records);
  return page ? take_page(*got, std::move(*page)) : fail(std::move(page.error()));
}

bool page_reader::take_page(const http_response& answer, page_body page) {
  page_ = std::move(page);
  share_.hold(page_->held_bytes());
  if (marks_ != nullptr && page_->records() > 0) marks_->note({begin_, walk_.place()});
  const std::string url = walk_.url();
  const auto goes_on = walk_.go_on(answer, *page_);
  lines_ = page_->take_lines();
  const position end{.offset = begin_.offset + lines_.size(),
                     .number = begin_.number + page_->records()};
  if (!skip_known()) return false;
  ++pages_;
  begin_ = end;
  if (goes_on) {
    if (!*goes_on) tell_of_doubt(url);
    return *goes_on;
  }
  failure_ = error(exit_code::io, fmt::format("{}: {}", shown_url(url), goes_on.error()));
  return false;
}

void page_reader::tell_of_doubt(const std::string& url) const {
  if (with_.say && !walk_.doubt().empty())
    with_.say(fmt::format("{}: {}", shown_url(url), walk_.doubt()));
}

/// Of the page that another run stopped in, what it read. False if that is not in it any more.
bool page_reader::skip_known() {
  if (resume_at_.number <= begin_.number) return true;
  const std::uint64_t bytes = resume_at_.offset - begin_.offset;
  const auto known = lines_.substr(0, bytes);
  const auto records = static_cast<std::uint64_t>(std::ranges::count(known, '\n'));
  const bool same = known.size() == bytes && known.ends_with('\n') &&
                    records == resume_at_.number - begin_.number;
  lines_.remove_prefix(known.size());
  if (same) return true;
  lines_ = {};
  return fail("the page that the state goes on in has changed", "begin anew, with another --state");
}

void page_reader::fill(chunk& out, std::shared_ptr<block> space) {
  const std::string_view some = lines_.substr(0, space->capacity());
  std::memcpy(space->data(), some.data(), some.size());
  lines_.remove_prefix(some.size());
  out.bytes = {space->data(), some.size()};
  out.memory = std::move(space);
}

bool page_reader::fail(std::string why, std::string hint) {
  failure_ =
      error(exit_code::io, fmt::format("{}: {}", shown_url(walk_.url()), why), std::move(hint));
  return false;
}

}  // namespace weir

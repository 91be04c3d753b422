#include "source/page_walk.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>
#include <utility>

#include "net/link_header.hpp"
#include "net/url.hpp"

namespace weir {
namespace {

/// Walks in a circle of up to so many pages are noticed.
constexpr std::size_t pages_remembered = 65'536;

/// Servers give full pages in round numbers.
bool looks_full(std::uint64_t records) {
  return records >= 10 && records % 5 == 0;
}

std::string absent(std::string_view option, const field_path& path) {
  return fmt::format("the first page has no `{}` (`{}`), so it is taken for the last one",
                     path.spelled(), option);
}

std::uint64_t hash_of(const std::string& text) {
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

std::string page_walk::url() const {
  if (place_.empty()) return how_.url;
  const bool is_url = how_.by == next_page::link || how_.by == next_page::url;
  return is_url ? place_ : with_parameter(how_.url, how_.parameter, place_);
}

void page_walk::go_to(std::string place) {
  place_ = std::move(place);
  same_origin_as_first_ = same_origin(how_.url, url());
}

std::expected<bool, std::string> page_walk::go_on(const http_response& answer,
                                                  const page_body& page) {
  if (seen_.size() >= pages_remembered) seen_.clear();
  seen_.insert(hash_of(url()));
  if (counts() && page.records() > 0 && std::exchange(last_body_, page.hash()) == page.hash())
    return std::unexpected(
        fmt::format("the same page again: the server does not know `{}`", how_.parameter));
  if (ends_with(page)) return false;
  auto next = place_behind(answer, page);
  if (!next) return std::unexpected(std::move(next.error()));
  if (next->empty()) {
    if (is_first()) doubt_ = doubt_about(answer, page);
    if (how_.more.segments.empty()) return false;
    return std::unexpected(fmt::format("`{}` tells of more pages, but nothing leads to the next",
                                       how_.more.spelled()));
  }
  go_to(std::move(*next));
  if (seen_.contains(hash_of(url())))
    return std::unexpected("the next page is one that was read already");
  return true;
}

bool page_walk::ends_with(const page_body& page) {
  if (++pages_ == how_.max_pages) return true;
  if (page.records() == 0 && (counts() || how_.stop_at_empty)) return true;
  if (how_.more.segments.empty() || page.is_true_at(how_.more)) return false;
  if (is_first() && !page.has(how_.more)) doubt_ = absent("more", how_.more);
  return true;
}

std::string page_walk::doubt_about(const http_response& answer, const page_body& page) const {
  if (how_.by != next_page::link) {
    if (page.has(how_.cursor)) return {};
    return absent("cursor", how_.cursor);
  }
  if (answer.head.find("Link") != nullptr || !looks_full(page.records())) return {};
  return fmt::format(
      "the first page has {} records and no `Link` header, so it is taken for the last one; if "
      "there are more, say with `next` what leads to them",
      page.records());
}

std::expected<std::string, std::string> page_walk::text_at_cursor(const page_body& page) const {
  if (page.is_structure_at(how_.cursor))
    return std::unexpected(
        fmt::format("`{}` (`cursor`) is neither text nor a number", how_.cursor.spelled()));
  return page.text_at(how_.cursor);
}

std::uint64_t page_walk::number() const {
  const std::string text =
      place_.empty() ? parameter_in(how_.url, how_.parameter).value_or("") : place_;
  std::uint64_t value = how_.by == next_page::page ? how_.first_page : 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::expected<std::string, std::string> page_walk::place_behind(const http_response& answer,
                                                                const page_body& page) const {
  switch (how_.by) {
    case next_page::link:
      return led_to(answer, link_target(answer.head, "next"));
    case next_page::url: {
      auto target = text_at_cursor(page);
      return target ? led_to(answer, *target) : target;
    }
    case next_page::cursor:
      return text_at_cursor(page);
    case next_page::page:
      return std::to_string(number() + 1);
    case next_page::offset:
      return std::to_string(number() + page.records());
  }
  std::unreachable();
}

std::expected<std::string, std::string> page_walk::led_to(const http_response& answer,
                                                          const std::string& target) const {
  if (target.empty()) return std::string{};
  std::string url = resolved_url(answer.url, target);
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return std::unexpected(fmt::format("the next page is at `{}`, which is no URL of http or https",
                                       shown_url(target)));
  if (how_.url.starts_with("https:") && !url.starts_with("https:"))
    return std::unexpected("the next page is away from https");
  return url;
}

}  // namespace weir

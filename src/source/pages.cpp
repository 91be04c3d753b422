#include "source/pages.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "net/url.hpp"
#include "source/connection.hpp"
#include "source/framed.hpp"
#include "source/login.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct pages_options : connection_options, http_login {
  web_url url;
  std::string records;
  std::string format = "json";
  std::string next = "link";
  std::string cursor;
  std::string parameter;
  std::string more;
  std::uint64_t first_page = 1;
  bool stop_at_empty = false;
  std::optional<std::uint64_t> max_pages;
  byte_size max_page{16 << 20};
  byte_size max_line{1 << 20};
  std::optional<std::chrono::nanoseconds> patience;
};

/// Longer than for other servers: interfaces limit how often they may be asked.
constexpr std::chrono::minutes usual_patience{5};

constexpr std::array<std::string_view, 5> ways{"link", "url", "cursor", "page", "offset"};

field_path path_in(const std::string& text, std::string_view option, reporter& report) {
  field_path path = parse_path(text);
  if (path.segments.empty() && !text.empty())
    report.error(fmt::format("`{}`: `{}` is no path of a field", option, text), {},
                 "write it as data.items, with backticks around odd names");
  return path;
}

page_walk_options walk_of(const pages_options& o, const std::string& url, reporter& report) {
  page_walk_options out{.url = url};
  const auto* const way = std::ranges::find(ways, o.next);
  out.by = static_cast<next_page>(way - ways.begin());
  out.cursor = path_in(o.cursor, "cursor", report);
  out.more = path_in(o.more, "more", report);
  out.parameter = o.parameter.empty() ? o.next : o.parameter;
  out.first_page = o.first_page;
  out.stop_at_empty = o.stop_at_empty;
  out.max_pages = o.max_pages;
  return out;
}

void check(const pages_options& o, reporter& report) {
  check(static_cast<const connection_options&>(o), report);
  const bool by_body = o.next == "url" || o.next == "cursor";
  if (by_body && o.cursor.empty())
    report.error(fmt::format("`next={}` needs `cursor`", o.next), {},
                 "say where it is in the body: cursor=meta.next");
  if (!by_body && !o.cursor.empty()) report.error("`cursor` needs `next=cursor` or `next=url`", {});
  if (o.format == "ndjson" && (by_body || !o.more.empty() || !o.records.empty()))
    report.error("lines (`format=ndjson`) have no fields around them", {},
                 "leave out `records`, `cursor` and `more`; use next=link, page or offset");
  if (o.max_pages && *o.max_pages == 0) report.error("`max_pages` must be at least 1", {});
  if (o.max_page.bytes == 0 || o.max_page.bytes > (1 << 30))
    report.error("`max_page` must lie between 1 and 1GiB", {});
}

page_settings settings_of(const pages_options& o, reporter& report) {
  std::string url = o.url.text;
  auto credentials = credentials_of(o, report);
  if (const auto login = take_login(url))
    credentials.push_back({"Authorization", basic_authorization(login->user, login->password)});
  return {.walk = walk_of(o, url, report),
          .credentials = std::move(credentials),
          .lines = o.format == "ndjson",
          .records = path_in(o.records, "records", report),
          .page_bytes_max = o.max_page.bytes};
}

}  // namespace

pages_source::pages_source(page_settings pages, http_options http, reading_options lines,
                           std::optional<std::chrono::nanoseconds> patience)
    : line_source(std::move(lines)),
      settings_(std::move(pages)),
      http_(std::move(http)),
      patience_is_given_(patience.has_value()) {
  http_.patience.budget = patience.value_or(usual_patience);
}

/// What is said of this source counts more than what is said of the run.
void pages_source::wait_for(std::chrono::nanoseconds time) {
  if (!patience_is_given_) http_.patience.budget = time;
}

/// Asks for nothing: even the first page is for whoever pulls.
estimate pages_source::look(const context&) {
  return {.bytes = {},
          .records = {},
          .shards = 1,
          .endless = false,
          .reason = "pages of unknown number",
          .resuming =
              "goes on in the page that it came to, if that begins as it did (else an "
              "error): exact where records are only added at the end"};
}

/// The query may hold a key, so that it is in the identity as a hash only.
shard pages_source::itself(const context& with) const {
  const std::string& url = settings_.walk.url;
  return {.name = shown_url(url),
          .identity =
              fmt::format("pages:{}#{:016x}", shown_url(url), XXH3_64bits(url.data(), url.size())),
          .modified_ns = with.started_ns};
}

stream pages_source::open(const context& with, resume_points resume) {
  return records(with, std::move(resume));
}

stream pages_source::records(const context& with, resume_points resume) {
  auto of = std::make_shared<const shard>(itself(with));
  http_client client(telling(http_, with), *with.time, *with.wake);
  marks_.clear();
  page_reader pages(settings_, client, with, resume ? &marks_ : nullptr);
  position from;
  if (resume) {
    from = resume(*of);
    pages.resume(from, mark_in(resume.token(*of)));
  }
  const auto broke_off = [&pages] { return pages.failure() != nullptr; };
  stream lines = framed(pages.bytes(), std::move(of), from, reading_, with, broke_off);
  while (batch* const some = lines.next(co_await request)) co_yield *some;
  note_failure(pages);
}

/// What came before counts; without anything before it, nothing begins.
void pages_source::note_failure(const page_reader& pages) {
  const error* const why = pages.failure();
  if (why == nullptr) return;
  if (pages.got_nothing()) throw error(*why);
  const std::string hint = why->hint().empty() ? "" : " (" + why->hint() + ")";
  reading_.unreadable.add(why->what() + hint, why->code());
}

std::string pages_source::token_at(const shard&, position at) {
  return marks_.token_at(at);
}

component from_pages() {
  declare<pages_options> pages(component::role::source, "pages",
                               "Reads the records of an HTTP interface, page by page.");
  pages.describe(
      "Each element of the array at `records` is a record, with its text as the server wrote it; "
      "with format=ndjson each line of a page is. A page is asked for only when its records are "
      "wanted.\n\nThe way to the next page: `next=link` follows the `Link` header (rel=\"next\"), "
      "`next=url` a URL in the body at `cursor`, `next=cursor` puts the text at `cursor` into the "
      "query's `parameter`; the walk ends where there is none. `next=page` and `next=offset` count "
      "pages and records in `parameter`, from what the URL says; the walk ends with an empty page. "
      "`more` names a field that has to be true (not false, null, 0, empty or missing) for the "
      "walk "
      "to go on. A page that was there already is an error.\n\nRequests that fail for the time "
      "being (no connection, 408, 425, 429, 5xx) are made again, as patiently as `Retry-After` "
      "asks "
      "for, within `patience`: else as long as --give-up-after says, or for five minutes. If a "
      "page cannot be had after others, the run ends with what it has "
      "(exit 74). Credentials and the headers that were given go to the URL's own scheme, host and "
      "port only, whatever a link or a redirect says.\n\nWith --state it goes on in the page that "
      "it came to, by that page's number, cursor or URL: exact where the interface only adds "
      "records at the end. A page that does not begin any more as it did is an error. The state "
      "holds that number, cursor or URL: give keys as headers.");
  pages.option("url", &pages_options::url, "the first page", required);
  pages.option("records", &pages_options::records,
               "where the array of records is in the body, such as data.items; empty if the body "
               "is that array");
  pages.option("format", &pages_options::format, "what a page is", {.choices = {"json", "ndjson"}});
  pages.option("next", &pages_options::next, "what leads to the next page",
               {.choices = {ways.begin(), ways.end()}});
  pages.option("cursor", &pages_options::cursor,
               "where the next page's cursor or URL is in the body, such as meta.next");
  pages.option("parameter", &pages_options::parameter,
               "the parameter of the query for the cursor, page or offset; else it is called that");
  pages.option("more", &pages_options::more,
               "a field of the body that tells whether there are more pages, such as has_more");
  pages.option("first_page", &pages_options::first_page,
               "the number of the first page, unless it stands in the URL");
  pages.option("stop_at_empty", &pages_options::stop_at_empty,
               "end at an empty page even if it leads to another");
  pages.option("max_pages", &pages_options::max_pages, "read at most so many pages in one run");
  pages.option("max_page", &pages_options::max_page, "the largest body; it is held in memory");
  pages.option("max_line", &pages_options::max_line,
               "the longest record; longer ones are rejected");
  pages.option("patience", &pages_options::patience,
               "how long to wait, in all, for a page that fails for the time being, instead of "
               "--give-up-after");
  add_login_options(pages);
  add_connection_options(pages);
  pages.example(
      "All issues of a repository, a hundred a page",
      R"(from pages "https://git.example.com/api/issues?per_page=100" bearer=TOKEN | json | to -)");
  pages.example(
      "Events, by a cursor in the body",
      "from pages https://api.example.com/events records=data next=cursor cursor=meta.next | json "
      "| to events.ndjson");
  return pages.makes([](const pages_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    return std::make_unique<pages_source>(settings_of(o, report), to_http_options(o),
                                          reading_options{line_options{.max_line = o.max_line}},
                                          o.patience);
  });
}

}  // namespace weir

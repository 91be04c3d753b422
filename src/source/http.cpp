#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "source/remote_source.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct http_source_options : remote_options {
  std::vector<web_url> urls;
  std::vector<secret> headers;
};

/// "Name: value". Given by the user, it may be a key: it is treated as one.
http_credential credential_of(const secret& header) {
  const std::string& text = header.reveal();
  const auto colon = text.find(':');
  const auto value = text.find_first_not_of(' ', std::min(colon + 1, text.size()));
  return {text.substr(0, colon), secret{value == text.npos ? "" : text.substr(value)}};
}

/// The URLs that the user named.
class named_urls final : public remote_inventory {
 public:
  explicit named_urls(const http_source_options& o) : urls_(o.urls) {
    for (const secret& h : o.headers) credentials_.push_back(credential_of(h));
  }

  /// A server that does not know HEAD leaves the size unknown, and the version.
  estimate look(http_client& client) override {
    estimate seen{
        .bytes = 0, .records = {}, .shards = urls_.size(), .endless = false, .reason = {}};
    for (const web_url& url : urls_) {
      const auto ask = [&] { return http_result<http_request>{request_for(url, "HEAD", {})}; };
      const auto got = fetch_patiently(client, ask, {}, real_chance());
      if (!got && (got.error().what != http_failure::kind::status || got.error().status == 404))
        throw as_error(got.error());
      const object_version version = got ? version_in(got->head) : object_version{};
      seen.replayable = seen.replayable && version.is_certain();
      if (!version.size)
        seen.bytes.reset();
      else if (seen.bytes)
        *seen.bytes += *version.size;
    }
    seen.reason = fmt::format("{} {}", urls_.size(), urls_.size() == 1 ? "URL" : "URLs");
    return seen;
  }

  generator<remote_shard> shards(http_client&) override {
    for (const web_url& url : urls_) {
      remote_shard next{.name = shown_url(url.text),
                        .request = [this, url](http_client&, const http_headers& added) {
                          return http_result<http_request>{request_for(url, "GET", added)};
                        }};
      co_yield next;
    }
  }

 private:
  http_request request_for(const web_url& url, std::string method, http_headers headers) const {
    http_request r;
    r.method = std::move(method);
    r.url = url.text;
    r.headers = std::move(headers);
    r.credentials = credentials_;
    return r;
  }

  std::vector<web_url> urls_;
  std::vector<http_credential> credentials_;
};

void check_headers(const http_source_options& o, reporter& report) {
  for (const secret& h : o.headers) {
    if (h.reveal().find(':') == std::string::npos || h.reveal().starts_with(':'))
      report.error("`header` has no colon", {}, "write header=\"Name: value\"");
  }
}

}  // namespace

component from_http() {
  declare<http_source_options> http(component::role::source, "http",
                                    "Reads files from web servers.");
  http.describe(
      "`from http URL` can be written `from URL`. Several URLs are read in their order, several at "
      "a time. What is compressed is recognised by its content, as with files.\n\nA connection "
      "that "
      "breaks is taken up again from the last byte, on the condition that the server still has the "
      "same version (`If-Match` with its ETag, or its date of change). A file that changed while "
      "it "
      "was read is an error for that file: two versions are never joined. Requests that fail for "
      "the "
      "time being (no connection, 408, 425, 429, 5xx) are tried again for a minute, as patiently "
      "as "
      "`Retry-After` asks for.\n\nRedirects are followed without headers that were given, and "
      "without the URL's user and password. Certificates are verified. A header's value and what "
      "stands behind a URL's `?` are never shown.");
  http.option("url", &http_source_options::urls, "one or more URLs of http or https", required);
  http.option("header", &http_source_options::headers,
              "a header to send, such as \"Authorization: Bearer ${env:TOKEN}\"");
  add_remote_options(http);
  http.example(
      "The errors of a log on a server",
      R"(from https://logs.example.com/app.ndjson.gz | json | where level = "ERROR" | to -)");
  return http.makes([](const http_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    check_headers(o, report);
    return std::make_unique<remote_source>(
        o, [o](const context&) { return std::make_unique<named_urls>(o); });
  });
}

}  // namespace weir

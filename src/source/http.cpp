#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "source/login.hpp"
#include "source/remote_source.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

struct http_source_options : remote_options, http_login {
  std::vector<web_url> urls;
};

/// What is no better with GET. That a server does not do HEAD well is nothing against its files.
bool is_final(const http_failure& why) {
  if (why.what != http_failure::kind::status || why.status == 404) return true;
  return !why.lasting && why.status != 500;
}

/// The URLs that the user named.
class named_urls final : public remote_inventory {
 public:
  named_urls(std::vector<web_url> urls, std::vector<http_credential> credentials)
      : urls_(std::move(urls)), credentials_(std::move(credentials)) {}

  /// A server that does not know HEAD leaves the size unknown, and the version.
  estimate look(http_client& client) override {
    estimate seen{
        .bytes = 0, .records = {}, .shards = urls_.size(), .endless = false, .reason = {}};
    for (const web_url& url : urls_) {
      const auto ask = [&] { return http_result<http_request>{request_for(url, "HEAD", {})}; };
      const auto got = fetch_patiently(client, ask, client.options().patience, real_chance());
      if (!got && is_final(got.error())) throw as_error(got.error());
      const object_version version = got ? version_in(got->head) : object_version{};
      if (!version.is_certain()) {
        seen.replayable = false;
        seen.resuming = shown_url(url.text) + " names no version (ETag, or an old Last-Modified)";
      }
      if (!version.size)
        seen.bytes.reset();
      else if (seen.bytes)
        *seen.bytes += *version.size;
    }
    if (seen.replayable) seen.resuming = "each goes on from its last byte, held to its version";
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
      "time being (no connection, 408, 425, 429, 5xx) are tried again for a minute, or as long "
      "as `--give-up-after` says, as patiently as `Retry-After` asks for.\n\nRedirects are "
      "followed without headers that were given, and "
      "without the URL's user and password. Certificates are verified. A header's value and what "
      "stands behind a URL's `?` are never shown.");
  http.option("url", &http_source_options::urls, "one or more URLs of http or https", required);
  add_login_options(http);
  add_remote_options(http);
  http.example(
      "The errors of a log on a server",
      R"(from https://logs.example.com/app.ndjson.gz | json | where level = "ERROR" | to -)");
  return http.makes([](const http_source_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    return std::make_unique<remote_source>(
        o, [urls = o.urls, credentials = credentials_of(o, report)](const context&) {
          return std::make_unique<named_urls>(urls, credentials);
        });
  });
}

}  // namespace weir

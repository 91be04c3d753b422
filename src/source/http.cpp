#include <fmt/format.h>

#include <chrono>
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

/// How long a pause is, before looking for a stop again.
constexpr std::chrono::milliseconds breath{10};

/// That HEAD fails with 500 may be for the time being, or for good: then GET is asked.
constexpr int head_attempts = 3;

/// What GET may do better. That a server does not do HEAD well is nothing against its files.
bool may_be_of_head(const http_failure& why) {
  if (why.what == http_failure::kind::interrupted || why.status == 404) return false;
  return why.lasting || why.status == 500;
}

/// The URLs that the user named.
class named_urls final : public remote_inventory {
 public:
  named_urls(std::vector<web_url> urls, std::vector<http_credential> credentials,
             std::shared_ptr<block_pool> pool)
      : urls_(std::move(urls)), credentials_(std::move(credentials)), pool_(std::move(pool)) {}

  estimate look(http_client& client) override {
    estimate seen{
        .bytes = 0, .records = {}, .shards = urls_.size(), .endless = false, .reason = {}};
    seen_.clear();
    for (const web_url& url : urls_) {
      const auto version = known_version_of(url, client);
      seen_.push_back(version.value_or(object_version{}));
      if (!version || !version->is_certain()) {
        seen.replayable = false;
        seen.resuming =
            version ? shown_url(url.text) + " names no version (ETag, or an old Last-Modified)"
                    : version.error().message;
      }
      if (!version || !version->size)
        seen.bytes.reset();
      else if (seen.bytes)
        *seen.bytes += *version->size;
    }
    if (seen.replayable) seen.resuming = "each goes on from its last byte, held to its version";
    seen.reason = fmt::format("{} {}", urls_.size(), urls_.size() == 1 ? "URL" : "URLs");
    return seen;
  }

  std::optional<generator<const listed_input>> list(http_client& client) override {
    if (seen_.empty()) {
      for (const web_url& url : urls_)
        seen_.push_back(known_version_of(url, client).value_or(object_version{}));
    }
    return listed();
  }

  generator<remote_shard> shards(http_client&) override {
    for (std::size_t i = 0; i < urls_.size(); ++i) {
      remote_shard next{.name = shown_url(urls_[i].text), .request = getting(urls_[i])};
      if (i < seen_.size()) next.version = seen_[i];
      co_yield next;
    }
  }

 private:
  generator<const listed_input> listed() const {
    for (std::size_t i = 0; i < urls_.size(); ++i) {
      const listed_input one{.name = shown_url(urls_[i].text),
                             .size_bytes = seen_[i].size,
                             .modified_ns = seen_[i].modified_ns};
      co_yield one;
    }
  }

  /// Throws weir::error if there is nothing to read then.
  http_result<object_version> known_version_of(const web_url& url, http_client& client) const {
    auto version = version_of(url, client);
    if (!version && ends_the_run(version.error())) throw as_error(version.error());
    return version;
  }

  http_result<object_version> version_of(const web_url& url, http_client& client) const {
    const auto ask = [&] { return http_result<http_request>{request_for(url, "HEAD", {})}; };
    backoff_policy patience = client.options().patience;
    patience.attempts_max = head_attempts;
    auto got = fetch_patiently(client, ask, patience, real_chance());
    const bool may_come_back = !got && !got.error().lasting && got.error().status != 500;
    if (may_come_back) got = fetch_patiently(client, ask, client.options().patience, real_chance());
    if (got) return version_in(got->head);
    if (!may_be_of_head(got.error())) return std::unexpected(got.error());
    return version_by_get(url, client);
  }

  /// Of the answer to a GET of one byte. One that begins to give all of it is broken off.
  http_result<object_version> version_by_get(const web_url& url, http_client& client) const {
    remote_object object(
        {.request = getting(url), .patience = client.options().patience, .stretch_bytes = 1},
        client);
    while (!object.await_open(never, *pool_)) {
      if (!client.pause(client.time().now() + breath))
        return std::unexpected(client.broken_off(shown_url(url.text)));
    }
    if (const http_failure* const why = object.failure()) return std::unexpected(*why);
    return object.version();
  }

  /// Else the others are read.
  bool ends_the_run(const http_failure& why) const {
    return urls_.size() == 1 || why.what != http_failure::kind::status || !why.lasting ||
           code_of(why) == exit_code::no_input;
  }

  object_request getting(const web_url& url) const {
    return [this, url](http_client&, const http_headers& added) {
      return http_result<http_request>{request_for(url, "GET", added)};
    };
  }

  http_request request_for(const web_url& url, std::string method, http_headers headers) const {
    http_request r;
    r.method = std::move(method);
    r.url = url.text;
    r.headers = std::move(headers);
    r.credentials = credentials_;
    return r;
  }

  std::vector<web_url> urls_;
  std::vector<object_version> seen_;  ///< of each, by a look
  std::vector<http_credential> credentials_;
  std::shared_ptr<block_pool> pool_;
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
        o, [urls = o.urls, credentials = credentials_of(o, report)](const context& with) {
          return std::make_unique<named_urls>(urls, credentials, with.pool);
        });
  });
}

}  // namespace weir

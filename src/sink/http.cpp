#include "sink/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "base/blank.hpp"
#include "base/digest.hpp"
#include "codec/encode.hpp"
#include "net/http_client.hpp"
#include "net/http_login.hpp"
#include "sink/http_answer.hpp"
#include "sink/http_body.hpp"
#include "sink/sinks.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

/// A larger answer is cut off: nobody reads it.
constexpr std::size_t answer_bytes_max = 1 << 20;
/// From here on a body waits for leave while the server is known to be in trouble.
constexpr std::size_t large_body_bytes = 1 << 10;
/// Reasons of the server's own words that are told apart; beyond, only their status counts.
constexpr std::size_t reasons_max = 100;

using record_list = std::vector<const record*>;
using some_records = std::span<const record* const>;

/// A record that the server did not take.
struct not_taken {
  const shard* source;
  std::uint64_t number;
  std::uint64_t offset;
  std::string_view raw;
  std::string why;
};

class http_sink_at_work final : public sink {
 public:
  http_sink_at_work(http_request request, http_options options, http_body body, bool gzip,
                    std::chrono::nanoseconds pause)
      : request_(std::move(request)),
        options_(std::move(options)),
        body_(std::move(body)),
        packer_(gzip ? make_encoder(codec::gzip) : nullptr),
        pause_(pause) {}

  void open(const context& with) override {
    with_ = &with;
    client_.emplace(options_, *with.time, *with.wake, http_client::once_stopped::delivers);
  }
  std::uint64_t resume(const context& with, const sink_memory& memory) override {
    open(with);
    pipeline_ = memory.last.pipeline;
    return memory.last.entry;
  }
  delivery write(const batch& records) override;
  std::expected<prepared, delivery_error> prepare() override;
  delivery close() override { return {}; }
  bool refuses_late() const noexcept override { return true; }
  std::string guarantee() const override {
    return "at least once: a request whose answer was lost is sent again, with the same "
           "Idempotency-Key";
  }

 private:
  struct range {
    std::size_t first;
    std::size_t last;
  };

  http_outcome send(some_records records);
  http_outcome out_of_time() const;
  http_request request_for(some_records records);
  std::string key_of(some_records records, std::string_view body) const;
  void refuse(range which, const record_list& records, std::string reason);
  std::string bounded(std::string reason);

  http_request request_;
  http_options options_;
  http_body body_;
  std::unique_ptr<encoder> packer_;
  std::chrono::nanoseconds pause_;
  const context* with_ = nullptr;
  std::optional<http_client> client_;
  std::string pipeline_;
  time_point next_request_ = time_point::min();
  bool in_trouble_ = false;  ///< the last request came back
  std::vector<range> left_;  ///< of the batch at hand, the next one last
  std::vector<not_taken> not_taken_;
  std::vector<not_taken> told_;  ///< what the last `prepare` gave views of
  std::vector<std::string> reasons_;
};

delivery http_sink_at_work::write(const batch& records) {
  record_list all;
  for (const record& r : records) all.push_back(&r);
  if (left_.empty() && !all.empty()) left_.push_back({0, all.size()});
  while (!left_.empty()) {
    const range next = left_.back();
    http_outcome got = send(some_records(all).subspan(next.first, next.last - next.first));
    in_trouble_ = got.is == http_outcome::kind::failed;
    if (in_trouble_) return std::unexpected(std::move(got.why));
    left_.pop_back();
    if (got.is == http_outcome::kind::not_these) refuse(next, all, std::move(got.reason));
  }
  return {};
}

/// The one bad record of a range is found by halves; the others arrive on the way.
void http_sink_at_work::refuse(range which, const record_list& records, std::string reason) {
  const std::size_t size = which.last - which.first;
  if (size > 1) {
    const std::size_t middle = which.first + size / 2;
    left_.push_back({middle, which.last});
    left_.push_back({which.first, middle});
    return;
  }
  const record& r = *records[which.first];
  not_taken_.push_back({.source = &r.source(),
                        .number = r.number(),
                        .offset = r.offset(),
                        .raw = r.raw(),
                        .why = bounded(std::move(reason))});
}

std::string http_sink_at_work::bounded(std::string reason) {
  if (std::ranges::find(reasons_, reason) != reasons_.end()) return reason;
  if (reasons_.size() >= reasons_max) return reason.substr(0, reason.find(':'));
  return reasons_.emplace_back(std::move(reason));
}

std::expected<prepared, delivery_error> http_sink_at_work::prepare() {
  told_ = std::exchange(not_taken_, {});
  prepared out;
  for (const not_taken& n : told_)
    out.refused.push_back({n.source, n.number, n.offset, n.raw, n.why});
  return out;
}

http_outcome http_sink_at_work::out_of_time() const {
  return {.is = http_outcome::kind::failed,
          .why = {.what = delivery_error::kind::refused,
                  .message = shown_url(request_.url) + ": no time is left for another request",
                  .code = exit_code::unavailable}};
}

http_outcome http_sink_at_work::send(some_records records) {
  if (!client_->pause(next_request_)) return out_of_time();
  next_request_ = with_->time->now() + pause_;
  const auto got = client_->fetch(request_for(records), answer_bytes_max);
  return outcome_of(got, request_.url, with_->time->wall_ns());
}

http_request http_sink_at_work::request_for(some_records records) {
  http_request out;
  out.method = request_.method;
  out.url = request_.url;
  out.headers = request_.headers;
  out.credentials = request_.credentials;
  out.body = body_.of(records);
  out.headers.push_back({"Idempotency-Key", key_of(records, out.body)});
  out.repeatable = true;  // under the same key
  if (packer_) {
    std::string packed;
    packer_->write(out.body, packed);
    packer_->end_member(packed);
    out.body = std::move(packed);
  }
  if (in_trouble_ && out.body.size() > large_body_bytes) {
    out.headers.push_back({"Expect", "100-continue"});
  }
  return out;
}

/// The same records in the same form have the same key, in every attempt and every run.
std::string http_sink_at_work::key_of(some_records records, std::string_view body) const {
  const record& first = *records.front();
  const record& last = *records.back();
  return lower_hex(sha256(fmt::format("{}\n{} {}\n{} {}\n{}", pipeline_, first.source().identity,
                                      first.number(), last.source().identity, last.number(), body)))
      .substr(0, 32);
}

// ---- From the options ----

[[noreturn]] void wrong(const std::string& what, const std::string& hint = {}) {
  throw error(exit_code::usage, what, hint);
}

http_header header_of(const std::string& text) {
  auto found = header_in(text);
  if (!found) wrong(fmt::format("`{}` is not a header", text), "write it as 'Name: value'");
  return std::move(*found);
}

std::vector<http_credential> credentials_of(const http_sink_options& options) {
  const http_login login{options.bearer, options.user, options.password, options.secret_header};
  auto all = login.credentials();
  if (!all) wrong(all.error());
  return std::move(*all);
}

http_request request_of(const http_sink_options& options, bool json) {
  http_request out;
  out.method = options.method;
  out.url = options.url.text;
  const std::string usual = json ? "application/json" : "application/x-ndjson";
  out.headers.push_back(
      {"Content-Type", options.content_type.empty() ? usual : options.content_type});
  if (options.compress == "gzip") out.headers.push_back({"Content-Encoding", "gzip"});
  for (const std::string& h : options.header) {
    out.headers.push_back(header_of(h));
  }
  out.credentials = credentials_of(options);
  return out;
}

http_body body_of(const http_sink_options& options) {
  http_body out;
  out.array = options.format == "array";
  if (!options.record.empty()) {
    auto parsed = record_template::parse(options.record);
    if (!parsed) wrong("`record`: " + parsed.error());
    out.record = std::move(*parsed);
  }
  if (options.body.empty()) return out;
  if (const auto done = out.around(options.body); !done) wrong("`body`: " + done.error());
  return out;
}

std::chrono::nanoseconds pause_of(const http_sink_options& options) {
  if (!options.rate) return {};
  if (!(*options.rate > 0)) wrong("`rate` is more than 0");
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(1 / *options.rate));
}

}  // namespace

std::unique_ptr<sink> make_http_sink(const http_sink_options& options) {
  http_body body = body_of(options);
  const bool json = body.array || !options.body.empty();
  http_options client{.ca_file = options.ca, .redirects_max = 0};
  client.time_outs.first_byte = client.time_outs.idle = options.timeout;
  return std::make_unique<http_sink_at_work>(request_of(options, json), std::move(client),
                                             std::move(body), options.compress == "gzip",
                                             pause_of(options));
}

component http_sink() {
  return declare<http_sink_options>(component::role::sink, "http",
                                    "Send the records to an HTTP server, one request a batch.")
      .describe(
          "Put `batch` in front to say how many records a request has. An answer of 2xx says that "
          "they arrived. With 429, 503 and other passing failures the request is made again, as "
          "long after as Retry-After asks; with 400, 413, 422 and the like the batch is halved "
          "until "
          "the record that the server does not want stands alone: it goes to the dead letter with "
          "the status and the server's reason, the others arrive. What concerns every request "
          "(401, "
          "403, 404, a redirect) ends the run.\n\n"
          "Each request has an Idempotency-Key that the same records always get, so that a server "
          "which keeps keys takes them once. Credentials are in no message; in a pipeline file "
          "write "
          "bearer: ${env:TOKEN}.\n\n"
          "With record=TEMPLATE, {{field}} stands for the value of a field, escaped as JSON wants "
          "it "
          "inside and outside of strings. With body=TEXT, {{records}} stands for all of them.")
      .option("url", &http_sink_options::url, "Where to.", required)
      .option("format", &http_sink_options::format, "One record a line, or one JSON array.",
              {.choices = {"array", "ndjson"}})
      .option("record", &http_sink_options::record, "Template of one record, instead of its JSON.")
      .option("body", &http_sink_options::body, "What stands around the records.")
      .option("method", &http_sink_options::method, "The request's method.",
              {.choices = {"PATCH", "POST", "PUT"}})
      .option("content_type", &http_sink_options::content_type,
              "Instead of application/x-ndjson, or application/json for an array or a body.")
      .option("bearer", &http_sink_options::bearer, "Token for `Authorization: Bearer`.")
      .option("user", &http_sink_options::user, "User for basic authorization.")
      .option("password", &http_sink_options::password, "The user's password.")
      .option("header", &http_sink_options::header,
              "A header, 'Name: value'; several are possible.")
      .option("secret_header", &http_sink_options::secret_header,
              "The same, never shown: 'X-Api-Key: ...'.")
      .option("compress", &http_sink_options::compress, "How the body is sent.",
              {.choices = {"gzip", "none"}})
      .option("timeout", &http_sink_options::timeout,
              "How long the server may take for its answer, and between two parts of it.")
      .option("rate", &http_sink_options::rate, "At most so many requests a second.")
      .option("ca", &http_sink_options::ca, "Certificates to trust instead of the system's.")
      .example("Errors to an intake, up to 500 a request",
               "from app.ndjson | json | where level = \"ERROR\" | batch 500 2s | "
               "to https://intake.example.com/logs compress=gzip")
      .example("One chat message an error",
               "from app.ndjson | json | where level = \"ERROR\" | batch 1 | to "
               "https://chat.example.com/hook content_type=application/json "
               "record='{\"text\": \"{{service}}: {{msg}}\"}'")
      .makes([](const http_sink_options& options, reporter& report) -> product {
        try {
          return make_http_sink(options);
        } catch (const error& bad) {
          report.error(bad.what(), {}, bad.hint());
          return std::unique_ptr<sink>{};
        }
      });
}

}  // namespace weir

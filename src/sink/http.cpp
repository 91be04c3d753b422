#include "sink/http.hpp"

#include <fmt/format.h>

#include <utility>

#include "net/http_login.hpp"
#include "sink/http_body.hpp"
#include "sink/http_delivery.hpp"
#include "sink/http_form.hpp"
#include "sink/sinks.hpp"

namespace weir {
namespace {

/// Each needs a connection, and memory for its body.
constexpr std::uint64_t concurrency_max = 64;

[[noreturn]] void wrong(const std::string& what, const std::string& hint = {}) {
  throw error(exit_code::usage, what, hint);
}

std::vector<http_credential> credentials_of(const http_sink_options& options) {
  const http_login login{options.bearer, options.user, options.password, options.header};
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
  constexpr double least = 1e-6;  // one in twelve days
  if (!(*options.rate >= least)) wrong("`rate` is more than 0");
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(1 / *options.rate));
}

http_pace pace_of(const http_sink_options& options) {
  if (options.concurrency == 0 || options.concurrency > concurrency_max)
    wrong(fmt::format("`concurrency` must lie between 1 and {}", concurrency_max));
  return {.at_once = options.concurrency, .pause = pause_of(options)};
}

}  // namespace

std::unique_ptr<sink> make_http_sink(const http_sink_options& options) {
  http_body body = body_of(options);
  const bool json = body.array || !options.body.empty();
  http_options client{.ca_file = options.ca, .redirects_max = 0};
  client.time_outs.first_byte = client.time_outs.idle = options.timeout;
  return std::make_unique<http_delivery>(
      http_form(request_of(options, json), std::move(body), options.compress == "gzip"),
      std::move(client), pace_of(options));
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
          "With concurrency=N up to N requests are on their way at the same time, over as many "
          "connections, which behind a distant server brings nearly N times as much; they may "
          "arrive in another order. Whenever the server answers 429 or 503 or not at all, half as "
          "many are sent, and one more for each round that goes well, up to N.\n\n"
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
              "A header to send, 'Name: value'; never shown. Several are possible.")
      .option("compress", &http_sink_options::compress, "How the body is sent.",
              {.choices = {"gzip", "none"}})
      .option("timeout", &http_sink_options::timeout,
              "How long the server may take for its answer, and between two parts of it.")
      .option("rate", &http_sink_options::rate, "At most so many requests a second.")
      .option(
          "concurrency", &http_sink_options::concurrency,
          "Requests on their way at the same time, at most; with more than 1 they may arrive in "
          "another order.")
      .option("ca", &http_sink_options::ca, "Certificates to trust instead of the system's.")
      .example("Errors to an intake, up to 500 a request",
               "from app.ndjson | json | where level = \"ERROR\" | batch 500 2s | "
               "to https://intake.example.com/logs compress=gzip")
      .example("A distant server, where the order does not matter",
               "from app.ndjson | json | batch 500 2s | to https://intake.example.com/logs "
               "concurrency=8")
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

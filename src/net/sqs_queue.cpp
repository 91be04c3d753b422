#include "net/sqs_queue.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <utility>

#include "net/aws_signature.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

using simdjson::dom::element;

/// Ten messages of 1 MiB, with what escapes may add.
constexpr std::size_t answer_bytes_max = 64 << 20;
/// How long an attempt to delete or to extend may take in all; another one comes soon.
constexpr backoff_policy short_patience{.budget = std::chrono::seconds{5}};

/// "sqs.eu-central-1.amazonaws.com", "eu-central-1.queue.amazonaws.com"; else empty.
std::string region_in(std::string_view url) {
  const auto host = url.find("://");
  if (host == url.npos) return {};
  url = url.substr(host + 3, url.find('/', host + 3) - host - 3);
  if (!url.contains(".amazonaws.com")) return {};
  if (const auto service = url.find("sqs."); service != url.npos) url.remove_prefix(service + 4);
  return std::string{url.substr(0, url.find('.'))};
}

std::string json_string(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

std::string text_in(const element& e, std::string_view key) {
  std::string_view text;
  return e[key].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

std::unexpected<http_failure> cannot_be_understood(const std::string& url) {
  return std::unexpected(http_failure{.what = http_failure::kind::unknown,
                                      .message = shown_url(url) + ": its answer is none of a queue",
                                      .lasting = true});
}

/// Calls `take(element)` for each member of the list `key`; false if the answer is no object.
template <class Take>
bool for_each_in(const std::string& json, std::string_view key, Take&& take) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json).get(root) != simdjson::SUCCESS || !root.is_object()) return false;
  simdjson::dom::array all;
  if (root[key].get(all) != simdjson::SUCCESS) return true;  // left out where it is empty
  for (const element e : all) take(e);
  return true;
}

}  // namespace

sqs_queue::sqs_queue(sqs_settings settings, const environment& env, disk& files)
    : settings_(std::move(settings)), credentials_(settings_.who, env, files) {
  const auto host = settings_.url.find("://") + 3;
  endpoint_ = settings_.url.substr(0, settings_.url.find('/', host)) + "/";
  region_ = settings_.region.empty() ? region_in(settings_.url) : settings_.region;
  if (region_.empty()) region_ = credentials_.region().value_or("us-east-1");
}

request_maker sqs_queue::request(http_client& client, std::string action, std::string body) {
  return [this, &client, action = std::move(action),
          body = std::move(body)]() -> http_result<http_request> {
    const auto who = credentials_.get(client);
    if (!who) return std::unexpected(who.error());
    http_request r;
    r.method = "POST";
    r.url = endpoint_;
    r.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                 {"X-Amz-Target", "AmazonSQS." + action}};
    r.body = body;
    // A message that is received twice, or deleted twice, is none the worse for it.
    r.repeatable = true;
    if (*who) sign(r, **who, {region_, "sqs"}, client.time().wall_ns());
    return r;
  };
}

error_story sqs_queue::read_error(const http_head&, const std::string& body) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS || !root.is_object()) return {};
  const std::string type = text_in(root, "__type");
  const std::string code = type.substr(type.find('#') + 1);
  const std::string message = text_in(root, "message");
  error_story out{.detail = message.empty() ? code : fmt::format("{}: {}", code, message)};
  if (code.starts_with("ExpiredToken") || code == "InvalidClientTokenId")
    out.mended = credentials_.renew();
  return out;
}

patient_fetch::plan sqs_queue::receive(http_client& client, receive_options how) {
  std::string body = fmt::format(
      R"({{"QueueUrl":{},"MaxNumberOfMessages":{},"WaitTimeSeconds":{},"VisibilityTimeout":{}}})",
      json_string(settings_.url), how.most, how.wait.count(), how.visibility.count());
  return {.make = request(client, "ReceiveMessage", std::move(body)),
          .read_error = [this](const http_head& head,
                               const std::string& text) { return read_error(head, text); },
          .most_bytes = answer_bytes_max};
}

http_result<std::vector<queue_message>> sqs_queue::messages_in(const http_response& answer) {
  std::vector<queue_message> all;
  const bool good = for_each_in(answer.body, "Messages", [&all](const element& e) {
    all.push_back({text_in(e, "MessageId"), text_in(e, "ReceiptHandle"), text_in(e, "Body")});
  });
  if (!good) return cannot_be_understood(answer.url);
  return all;
}

http_result<http_response> sqs_queue::ask(http_client& client, const std::string& action,
                                          std::string body) {
  const auto read = [this](const http_head& head, const std::string& text) {
    return read_error(head, text);
  };
  return fetch_patiently(client, request(client, action, std::move(body)), short_patience,
                         real_chance(), read);
}

http_result<std::string> sqs_queue::count(http_client& client) {
  constexpr std::string_view wanted = "ApproximateNumberOfMessages";
  const auto got = ask(client, "GetQueueAttributes",
                       fmt::format(R"({{"QueueUrl":{},"AttributeNames":["{}"]}})",
                                   json_string(settings_.url), wanted));
  if (!got) return std::unexpected(got.error());
  simdjson::dom::parser parser;
  element attributes;
  if (parser.parse(got->body)["Attributes"].get(attributes) != simdjson::SUCCESS)
    return cannot_be_understood(settings_.url);
  return text_in(attributes, wanted);
}

sqs_queue::receipts sqs_queue::remove(http_client& client, const receipts& of) {
  return in_batch(client, "DeleteMessageBatch", of, {});
}

sqs_queue::receipts sqs_queue::set_visibility(http_client& client, const receipts& of,
                                              std::chrono::seconds from_now) {
  return in_batch(client, "ChangeMessageVisibilityBatch", of,
                  fmt::format(R"(,"VisibilityTimeout":{})", from_now.count()));
}

sqs_queue::receipts sqs_queue::in_batch(http_client& client, const std::string& action,
                                        const receipts& of, const std::string& more) {
  std::string entries;
  for (std::size_t i = 0; i < of.size(); ++i) {
    entries += fmt::format(R"({}{{"Id":"{}","ReceiptHandle":{}{}}})", i == 0 ? "" : ",", i,
                           json_string(of[i]), more);
  }
  const auto got =
      ask(client, action,
          fmt::format(R"({{"QueueUrl":{},"Entries":[{}]}})", json_string(settings_.url), entries));
  if (!got) return of;
  receipts failed;
  for_each_in(got->body, "Failed", [&](const element& e) {
    bool ours = false;
    const bool told = e["SenderFault"].get(ours) == simdjson::SUCCESS;
    const std::string id = text_in(e, "Id");
    std::size_t i = of.size();
    std::from_chars(id.data(), id.data() + id.size(), i);
    if (told && !ours && i < of.size()) failed.push_back(of[i]);
  });
  return failed;
}

}  // namespace weir

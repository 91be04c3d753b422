#include "source/s3_event.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "net/percent.hpp"

namespace weir {
namespace {

using simdjson::dom::element;
using objects = std::vector<created_object>;

constexpr std::string_view no_event = "not an event of S3";

std::string text_in(simdjson::simdjson_result<element> e) {
  std::string_view text;
  return e.get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// Keys stand there as in a form: blanks are plus signs.
std::string key_of_form(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return percent_decoded(text);
}

bool has_name_and_key(const created_object& o) {
  return !o.bucket.empty() && !o.key.empty();
}

/// `Records` of S3 itself, and of what speaks its protocol: names of events may begin with "s3:".
std::expected<objects, std::string_view> of_s3(const simdjson::dom::array& records) {
  objects all;
  for (const element r : records) {
    const std::string name = text_in(r["eventName"]);
    if (r["s3"].error() != simdjson::SUCCESS || name.empty()) return std::unexpected(no_event);
    if (!name.starts_with("ObjectCreated:") && !name.starts_with("s3:ObjectCreated:")) continue;
    const created_object o{.bucket = text_in(r["s3"]["bucket"]["name"]),
                           .key = key_of_form(text_in(r["s3"]["object"]["key"])),
                           .region = text_in(r["awsRegion"])};
    if (!has_name_and_key(o)) return std::unexpected(no_event);
    all.push_back(o);
  }
  return all;
}

std::expected<objects, std::string_view> of_event_bridge(const element& event) {
  if (text_in(event["detail-type"]) != "Object Created") return objects{};
  const created_object o{.bucket = text_in(event["detail"]["bucket"]["name"]),
                         .key = text_in(event["detail"]["object"]["key"]),
                         .region = text_in(event["region"])};
  if (!has_name_and_key(o)) return std::unexpected(no_event);
  return objects{o};
}

/// Of one layer; a notification of SNS gives what it wraps to `inside`.
std::expected<objects, std::string_view> read_layer(const std::string& body, std::string& inside) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS || !root.is_object())
    return std::unexpected(no_event);
  simdjson::dom::array records;
  if (root["Records"].get(records) == simdjson::SUCCESS) return of_s3(records);
  if (text_in(root["source"]) == "aws.s3") return of_event_bridge(root);
  if (text_in(root["Event"]) == "s3:TestEvent") return objects{};
  if (text_in(root["Type"]) == "Notification") inside = text_in(root["Message"]);
  return std::unexpected(no_event);
}

}  // namespace

std::expected<objects, std::string_view> objects_in_event(const std::string& body) {
  std::string inside;
  auto found = read_layer(body, inside);
  if (found || inside.empty()) return found;
  std::string deeper;
  return read_layer(inside, deeper);
}

}  // namespace weir

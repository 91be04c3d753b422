#include "net/gcs_store.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <utility>

#include "base/time.hpp"
#include "net/percent.hpp"

namespace weir {
namespace {

constexpr std::size_t page_bytes_max = 16 << 20;

std::string as_url(std::string host) {
  while (host.ends_with('/')) host.pop_back();
  return host.contains("://") ? host : "http://" + host;
}

http_result<object_page> page_in(const std::string& json, const std::string& where) {
  const auto odd = [&] {
    return std::unexpected(http_failure{.what = http_failure::kind::unknown,
                                        .message = where + ": the listing cannot be understood",
                                        .lasting = true});
  };
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (parser.parse(json).get(root) != simdjson::SUCCESS) return odd();
  object_page out;
  std::string_view text;
  if (root["nextPageToken"].get(text) == simdjson::SUCCESS) out.next = text;
  simdjson::dom::array items;
  if (root["items"].get(items) != simdjson::SUCCESS) return out;
  for (const simdjson::dom::element item : items) {
    stored_object one;
    if (item["name"].get(text) != simdjson::SUCCESS) return odd();
    one.key = text;
    if (item["size"].get(text) == simdjson::SUCCESS)
      std::from_chars(text.data(), text.data() + text.size(), one.size);
    if (item["updated"].get(text) == simdjson::SUCCESS)
      one.modified_ns = parse_rfc3339(text).value_or(0);
    if (item["generation"].get(text) == simdjson::SUCCESS) one.version = text;
    out.objects.push_back(std::move(one));
  }
  return out;
}

}  // namespace

gcs_store::gcs_store(gcs_settings settings, const environment& env, disk& files)
    : settings_(std::move(settings)), endpoint_(settings_.endpoint), token_(env, files) {
  if (!endpoint_.empty()) return;
  const auto emulator = env("STORAGE_EMULATOR_HOST");
  if (emulator) settings_.anonymous = true;
  endpoint_ = as_url(emulator.value_or("https://storage.googleapis.com"));
}

std::string gcs_store::shown(const std::string& key) const {
  return fmt::format("gs://{}/{}", settings_.bucket, key);
}

std::string gcs_store::objects_url(std::string_view interface) const {
  return fmt::format("{}/{}/b/{}/o", endpoint_, interface, percent_encoded(settings_.bucket));
}

http_result<http_request> gcs_store::request(http_client& client, const std::string& target,
                                             http_request what) {
  what.url = objects_url("storage/v1") + target;
  return with_credentials(client, std::move(what));
}

http_result<http_request> gcs_store::upload_request(http_client& client, const std::string& target,
                                                    http_request what) {
  what.url = objects_url("upload/storage/v1") + target;
  return with_credentials(client, std::move(what));
}

http_result<http_request> gcs_store::with_credentials(http_client& client, http_request what) {
  if (settings_.anonymous) return what;
  const auto token = token_.get(client);
  if (!token) return std::unexpected(token.error());
  what.credentials.push_back({"Authorization", secret{"Bearer " + token->reveal()}});
  return what;
}

http_result<object_page> gcs_store::list(http_client& client, const std::string& prefix,
                                         const std::string& page, const backoff_policy& patience) {
  std::string query =
      "?maxResults=1000&fields=items(name,size,updated,generation),nextPageToken&prefix=" +
      percent_encoded(prefix);
  if (!page.empty()) query += "&pageToken=" + percent_encoded(page);
  const auto make = [&] { return request(client, query, {}); };
  const auto read = [this](const http_head& head, const std::string& body) {
    return read_error(head, body);
  };
  const auto got = fetch_patiently(client, make, patience, real_chance(), read, page_bytes_max);
  if (!got) return std::unexpected(got.error());
  return page_in(got->body, shown(prefix));
}

/// What is stored compressed is to come as it is stored, hence Accept-Encoding.
http_result<http_request> gcs_store::get(http_client& client, const std::string& key,
                                         const http_headers& added) {
  std::string target = fmt::format("/{}?alt=media", percent_encoded(key));
  http_headers headers{{"Accept-Encoding", "gzip"}};
  for (const http_header& h : added) {
    if (h.name == "If-Match")
      target += "&ifGenerationMatch=" + h.value;
    else
      headers.push_back(h);
  }
  return request(client, target, {.headers = std::move(headers)});
}

error_story gcs_store::read_error(const http_head& head, const std::string& body) {
  error_story out;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view message;
  if (parser.parse(body).get(root) == simdjson::SUCCESS &&
      root["error"]["message"].get(message) == simdjson::SUCCESS)
    out.detail = message;
  if (head.status == 401 && !settings_.anonymous) {
    token_.renew();
    out.mended = true;
  }
  return out;
}

}  // namespace weir

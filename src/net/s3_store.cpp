#include "net/s3_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "net/percent.hpp"
#include "net/xml.hpp"

namespace weir {
namespace {

constexpr std::size_t page_bytes_max = 16 << 20;

/// Usable as a label of a host's name, without dots, which no certificate would cover.
bool is_host_label(std::string_view bucket) {
  return bucket.size() >= 3 && bucket.size() <= 63 && bucket.front() != '-' &&
         bucket.back() != '-' && std::ranges::all_of(bucket, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::string_view domain_of(std::string_view region) {
  return region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

std::string without_slashes(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

http_result<object_page> page_in(const std::string& xml, const std::string& where) {
  object_page out;
  stored_object next;
  bool truncated = false;
  bool encoded = false;  // not every server does what it is asked to
  bool listing = false;
  const bool good = read_xml(xml, [&](std::string_view path, const std::string& text) {
    if (path == "ListBucketResult/Contents/Key")
      next.key = text;
    else if (path == "ListBucketResult/Contents/Size")
      std::from_chars(text.data(), text.data() + text.size(), next.size);
    else if (path == "ListBucketResult/Contents/LastModified")
      next.modified_ns = parse_rfc3339(text).value_or(0);
    else if (path == "ListBucketResult/Contents/ETag")
      next.version = listed_etag(text);
    else if (path == "ListBucketResult/Contents")
      out.objects.push_back(std::exchange(next, {}));
    else if (path == "ListBucketResult/IsTruncated")
      truncated = text == "true";
    else if (path == "ListBucketResult/EncodingType")
      encoded = text == "url";
    else if (path == "ListBucketResult")
      listing = true;
  });
  if (!good || !listing || (truncated && out.objects.empty()))
    return std::unexpected(http_failure{.what = http_failure::kind::unknown,
                                        .message = where + ": the listing cannot be understood",
                                        .lasting = true});
  if (encoded)
    for (stored_object& o : out.objects) o.key = percent_decoded(o.key);
  if (truncated) out.next = out.objects.back().key;
  return out;
}

http_failure no_url(const std::string& endpoint) {
  return {.what = http_failure::kind::unsent,
          .message = fmt::format("the endpoint `{}` needs http:// or https:// in front", endpoint),
          .lasting = true,
          .hint = "it comes from `endpoint`, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the profile"};
}

}  // namespace

std::string bucket_url(const std::string& bucket, const std::string& endpoint,
                       const std::string& region, s3_settings::addressing style) {
  using enum s3_settings::addressing;
  const bool by_host =
      style == virtual_host || (style == automatic && endpoint.empty() && is_host_label(bucket));
  const std::string base = endpoint.empty()
                               ? fmt::format("https://s3.{}.{}", region, domain_of(region))
                               : without_slashes(endpoint);
  if (!by_host) return fmt::format("{}/{}/", base, percent_encoded(bucket));
  const auto host = base.find("://") + 3;
  return fmt::format("{}{}.{}/", base.substr(0, host), bucket, base.substr(host));
}

s3_store::s3_store(s3_settings settings, const environment& env, disk& files)
    : settings_(std::move(settings)), credentials_(settings_.who, env, files) {
  endpoint_ = settings_.endpoint;
  if (endpoint_.empty())
    endpoint_ = first_of(env, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"})
                    .value_or(credentials_.setting("endpoint_url").value_or(""));
  region_ = settings_.region;
  if (region_.empty()) region_ = credentials_.region().value_or("us-east-1");
}

std::string s3_store::shown(const std::string& key) const {
  return fmt::format("{}://{}/{}", settings_.scheme, settings_.bucket, key);
}

std::string s3_store::region() const {
  const std::lock_guard lock(mutex_);
  return region_;
}

http_result<http_request> s3_store::request(http_client& client, const std::string& target,
                                            http_request what) {
  if (!endpoint_.empty() && !endpoint_.starts_with("http://") && !endpoint_.starts_with("https://"))
    return std::unexpected(no_url(endpoint_));
  const auto who = credentials_.get(client);
  if (!who) return std::unexpected(who.error());
  const std::string where = region();
  http_request r = std::move(what);
  r.url = bucket_url(settings_.bucket, endpoint_, where, settings_.style) + target;
  if (settings_.requester_pays) r.headers.push_back({"x-amz-request-payer", "requester"});
  const std::int64_t now_ns = client.time().wall_ns();
  asked_ns_ = now_ns;
  if (*who) sign(r, **who, {where, "s3"}, now_ns + skew_ns_, signing_key_);
  return r;
}

http_result<http_request> s3_store::get(http_client& client, const std::string& key,
                                        const http_headers& added) {
  http_request what{.headers = added};
  add_customer_key(what);
  return request(client, percent_encoded(key, slash::kept), std::move(what));
}

/// It is sent with each request, and nobody may see it.
void s3_store::add_customer_key(http_request& to) const {
  constexpr std::string_view prefix = "x-amz-server-side-encryption-customer-";
  const std::string& key = settings_.customer_key.reveal();
  if (key.empty()) return;
  const std::string sum = base64(md5(from_base64(key).value_or("")));
  to.headers.push_back({fmt::format("{}algorithm", prefix), "AES256"});
  to.headers.push_back({fmt::format("{}key-MD5", prefix), sum});
  to.credentials.push_back({fmt::format("{}key", prefix), settings_.customer_key});
}

/// Each page begins behind the last key of the one before: no token that could expire, and the same
/// place when keys come and go meanwhile.
http_result<object_page> s3_store::list(http_client& client, const std::string& prefix,
                                        const std::string& page, const backoff_policy& patience) {
  std::string query = "?encoding-type=url&list-type=2&prefix=" + percent_encoded(prefix);
  if (!page.empty()) query += "&start-after=" + percent_encoded(page);
  const auto make = [&] { return request(client, query, http_request{}); };
  const auto read = [this](const http_head& head, const std::string& body) {
    return read_error(head, body);
  };
  const auto got = fetch_patiently(client, make, patience, real_chance(), read, page_bytes_max);
  if (!got) return std::unexpected(got.error());
  return page_in(got->body, shown(prefix));
}

error_story s3_store::read_error(const http_head& head, const std::string& body) {
  std::string code;
  std::string message;
  std::string named_region;
  read_xml(body, [&](std::string_view path, const std::string& text) {
    if (path == "Error/Code") code = text;
    if (path == "Error/Message") message = text;
    if (path == "Error/Region") named_region = text;
  });
  if (const std::string* const header = head.find("x-amz-bucket-region")) named_region = *header;
  error_story out;
  out.detail = message.empty() ? code : fmt::format("{}: {}", code, message);
  out.code = code;
  if (code == "ExpiredToken" || code == "InvalidToken")
    out.mended = credentials_.renew();
  else if (code == "RequestTimeTooSkewed")
    out.mended = learn_time(head);
  else if (head.status == 301 || head.status == 307 || head.status == 400)
    out.mended = learn_region(named_region);
  return out;
}

bool s3_store::learn_region(const std::string& named) {
  const std::lock_guard lock(mutex_);
  if (named.empty() || named == region_) return false;
  region_ = named;
  return true;
}

bool s3_store::learn_time(const http_head& head) {
  const std::string* const date = head.find("Date");
  const auto theirs_ns = date ? parse_rfc2822(*date) : std::nullopt;
  if (!theirs_ns) return false;
  skew_ns_ = *theirs_ns - asked_ns_;
  return true;
}

}  // namespace weir

#include "net/aws_signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"
#include "net/percent.hpp"

namespace weir {
namespace {

constexpr std::size_t usual_request_bytes = 512;

/// Without blanks around it, runs of blanks inside as one.
std::string squeezed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// By name; the values of one name joined in their order.
http_headers canonical_headers(const http_headers& headers) {
  http_headers all;
  all.reserve(headers.size());
  for (const http_header& h : headers) {
    std::string name = lower_case(h.name);
    const auto behind = std::ranges::upper_bound(all, name, {}, &http_header::name);
    if (behind != all.begin() && std::prev(behind)->name == name)
      std::prev(behind)->value.append(",").append(squeezed(h.value));
    else
      all.insert(behind, {std::move(name), squeezed(h.value)});
  }
  return all;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const auto equals = std::min(one.find('='), one.size());
    const auto value = one.substr(std::min(equals + 1, one.size()));
    pairs.emplace_back(percent_encoded(percent_decoded(one.substr(0, equals))),
                       percent_encoded(percent_decoded(value)));
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& [name, value] : pairs)
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

/// RFC 3986, 5.2.4, and without empty segments.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  const bool directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  while (!path.empty()) {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  return directory || out.empty() ? out + "/" : out;
}

std::string canonical_path(std::string_view path, signed_path how) {
  if (how == signed_path::as_sent) return std::string{path};
  return percent_encoded(how == signed_path::normalized ? normalized(path) : std::string{path},
                         slash::kept);
}

std::string scope_text(const std::string& amz_date, const aws_scope& scope) {
  return fmt::format("{}/{}/{}/aws4_request", amz_date.substr(0, 8), scope.region, scope.service);
}

struct url_parts {
  std::string_view host;
  std::string_view path;
  std::string_view query;
};

url_parts parts_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  const auto host = url.substr(0, url.find_first_of("/?"));
  url.remove_prefix(host.size());
  const auto path = url.substr(0, url.find('?'));
  url.remove_prefix(std::min(path.size() + 1, url.size()));
  return {host, path.empty() ? std::string_view{"/"} : path, url};
}

std::string names_of(const http_headers& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

/// They stand in the last line but one.
std::string_view names_in(std::string_view canonical) {
  canonical.remove_suffix(canonical.size() - canonical.rfind('\n'));
  return canonical.substr(canonical.rfind('\n') + 1);
}

}  // namespace

std::string canonical_request(const std::string& method, std::string_view path,
                              std::string_view query, const http_headers& headers,
                              const std::string& payload_hash, signed_path how) {
  const http_headers all = canonical_headers(headers);
  std::string out;
  out.reserve(usual_request_bytes);
  fmt::format_to(std::back_inserter(out), "{}\n{}\n{}\n", method, canonical_path(path, how),
                 canonical_query(query));
  for (const auto& [name, value] : all) out.append(name).append(":").append(value).append("\n");
  return out.append("\n").append(names_of(all)).append("\n").append(payload_hash);
}

std::string string_to_sign(const std::string& canonical, const std::string& amz_date,
                           const aws_scope& scope) {
  return fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", amz_date, scope_text(amz_date, scope),
                     lower_hex(sha256(canonical)));
}

std::string signature_of(const std::string& text, const std::string& amz_date,
                         const aws_scope& scope, const secret& key) {
  return lower_hex(hmac_sha256(aws_signing_key{}.get(amz_date, scope, key), text));
}

std::string aws_signing_key::get(const std::string& amz_date, const aws_scope& scope,
                                 const secret& key) {
  std::string of = fmt::format("{}\n{}", scope_text(amz_date, scope), key.reveal());
  const std::lock_guard lock(mutex_);
  if (of == of_) return derived_;
  std::string step = hmac_sha256("AWS4" + key.reveal(), amz_date.substr(0, 8));
  step = hmac_sha256(step, scope.region);
  step = hmac_sha256(step, scope.service);
  derived_ = hmac_sha256(step, "aws4_request");
  of_ = std::move(of);
  return derived_;
}

void sign(http_request& r, const aws_credentials& by, const aws_scope& scope,
          std::int64_t wall_ns) {
  aws_signing_key unkept;
  sign(r, by, scope, wall_ns, unkept);
}

void sign(http_request& r, const aws_credentials& by, const aws_scope& scope, std::int64_t wall_ns,
          aws_signing_key& kept) {
  std::string amz_date;
  format_time(wall_ns, "%Y%m%dT%H%M%SZ", amz_date);
  const std::string payload = r.upload ? "UNSIGNED-PAYLOAD" : lower_hex(sha256(r.body));
  r.headers.push_back({"x-amz-date", amz_date});
  if (scope.service == "s3") r.headers.push_back({"x-amz-content-sha256", payload});
  if (!by.session_token.reveal().empty())
    r.credentials.push_back({"x-amz-security-token", by.session_token});
  const url_parts url = parts_of(r.url);
  http_headers signed_ones = r.headers;
  signed_ones.push_back({"host", std::string{url.host}});
  for (const http_credential& c : r.credentials) signed_ones.push_back({c.name, c.value.reveal()});
  const auto how = scope.service == "s3" ? signed_path::as_sent : signed_path::normalized;
  const auto canonical =
      canonical_request(r.method, url.path, url.query, signed_ones, payload, how);
  const auto signature = lower_hex(
      hmac_sha256(kept.get(amz_date, scope, by.key), string_to_sign(canonical, amz_date, scope)));
  r.credentials.push_back(
      {"Authorization",
       secret{fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                          by.key_id, scope_text(amz_date, scope), names_in(canonical),
                          signature)}});
}

}  // namespace weir

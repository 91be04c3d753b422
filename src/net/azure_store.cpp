#include "net/azure_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "base/ascii.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"
#include "net/percent.hpp"
#include "net/xml.hpp"

namespace weir {
namespace {

constexpr std::size_t page_bytes_max = 16 << 20;
constexpr const char* service_version = "2021-08-06";

std::map<std::string, std::string> by_lower_name(const http_headers& headers) {
  std::map<std::string, std::string> all;
  for (const http_header& h : headers) all.emplace(lower_case(h.name), h.value);
  return all;
}

http_failure no_account(std::string why) {
  return {.what = http_failure::kind::unsent,
          .message = std::move(why),
          .lasting = true,
          .hint =
              "set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and "
              "AZURE_STORAGE_KEY"};
}

azure_account at_usual_endpoint(std::string name, const std::string& protocol,
                                const std::string& suffix) {
  azure_account out;
  out.endpoint = fmt::format("{}://{}.blob.{}", protocol, name, suffix);
  out.name = std::move(name);
  return out;
}

void set_key(azure_account& of, std::string key) {
  if (!from_base64(key)) of.fault = "the key of the Azure storage account is no base64";
  of.key = secret{std::move(key)};
}

secret without_question_mark(std::string sas) {
  if (sas.starts_with('?')) sas.erase(0, 1);
  return secret{std::move(sas)};
}

http_result<object_page> page_in(const std::string& xml, const std::string& where) {
  object_page out;
  stored_object next;
  bool listing = false;
  const bool good = read_xml(xml, [&](std::string_view path, const std::string& text) {
    if (path == "EnumerationResults/Blobs/Blob/Name")
      next.key = text;
    else if (path == "EnumerationResults/Blobs/Blob/Properties/Content-Length")
      std::from_chars(text.data(), text.data() + text.size(), next.size);
    else if (path == "EnumerationResults/Blobs/Blob/Properties/Last-Modified")
      next.modified_ns = parse_rfc2822(text).value_or(0);
    else if (path == "EnumerationResults/Blobs/Blob/Properties/Etag")
      next.version = listed_etag(text);
    else if (path == "EnumerationResults/Blobs/Blob")
      out.objects.push_back(std::exchange(next, {}));
    else if (path == "EnumerationResults/NextMarker")
      out.next = text;
    else if (path == "EnumerationResults")
      listing = true;
  });
  if (good && listing) return out;
  return std::unexpected(http_failure{.what = http_failure::kind::unknown,
                                      .message = where + ": the listing cannot be understood",
                                      .lasting = true});
}

}  // namespace

std::optional<azure_account> parse_connection_string(const std::string& text) {
  std::map<std::string, std::string> fields;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const auto equals = std::min(one.find('='), one.size());
    fields[lower_case(one.substr(0, equals))] = one.substr(std::min(equals + 1, one.size()));
  }
  const auto or_else = [&](const char* name, const char* usual) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string{usual} : found->second;
  };
  const std::string name = or_else("accountname", "");
  auto out = at_usual_endpoint(name, or_else("defaultendpointsprotocol", "https"),
                               or_else("endpointsuffix", "core.windows.net"));
  if (const auto endpoint = or_else("blobendpoint", ""); !endpoint.empty()) out.endpoint = endpoint;
  while (out.endpoint.ends_with('/')) out.endpoint.pop_back();
  set_key(out, or_else("accountkey", ""));
  out.sas = without_question_mark(or_else("sharedaccesssignature", ""));
  if (name.empty() && !fields.contains("blobendpoint")) return std::nullopt;
  return out;
}

std::optional<azure_account> account_of(const environment& env) {
  if (const auto text = env("AZURE_STORAGE_CONNECTION_STRING")) {
    azure_account nobody;
    nobody.fault = "AZURE_STORAGE_CONNECTION_STRING names no account (AccountName=...)";
    return parse_connection_string(*text).value_or(nobody);
  }
  const auto name = first_of(env, {"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"});
  if (!name) return std::nullopt;
  auto out = at_usual_endpoint(*name, "https", "core.windows.net");
  set_key(out, first_of(env, {"AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"}).value_or(""));
  out.sas = without_question_mark(env("AZURE_STORAGE_SAS_TOKEN").value_or(""));
  if (env("AZURE_STORAGE_AUTH_MODE") == "login") out.identity = std::make_shared<azure_token>(env);
  return out;
}

std::optional<azure_account> account_of(const secret& connection_string, const environment& env) {
  const std::string& text = connection_string.reveal();
  return text.empty() ? account_of(env) : parse_connection_string(text);
}

void check_account(const secret& connection_string, reporter& report) {
  const std::string& text = connection_string.reveal();
  if (text.empty()) return;
  const auto account = parse_connection_string(text);
  if (!account) report.error("`connection_string` names no account", {});
  if (account && !account->fault.empty())
    report.error("`connection_string`: " + account->fault, {});
}

std::string azure_string_to_sign(const std::string& account, const std::string& method,
                                 std::string_view path, std::string_view query,
                                 const http_headers& headers) {
  constexpr std::array signed_headers{"content-encoding",
                                      "content-language",
                                      "content-length",
                                      "content-md5",
                                      "content-type",
                                      "date",
                                      "if-modified-since",
                                      "if-match",
                                      "if-none-match",
                                      "if-unmodified-since",
                                      "range"};
  const auto sent = by_lower_name(headers);
  std::string out = method + "\n";
  for (const char* const name : signed_headers) {
    const auto found = sent.find(name);
    const std::string value = found == sent.end() ? std::string{} : found->second;
    out += value + "\n";
  }
  for (const auto& [name, value] : sent)
    if (name.starts_with("x-ms-")) out += fmt::format("{}:{}\n", name, value);
  out += fmt::format("/{}{}", account, path);
  std::map<std::string, std::multiset<std::string>> parameters;
  while (!query.empty()) {
    const auto one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const auto equals = std::min(one.find('='), one.size());
    parameters[lower_case(percent_decoded(one.substr(0, equals)))].insert(
        percent_decoded(one.substr(std::min(equals + 1, one.size()))));
  }
  for (const auto& [name, values] : parameters)
    out += fmt::format("\n{}:{}", name, fmt::join(values, ","));
  return out;
}

azure_store::azure_store(std::string container, std::optional<azure_account> account)
    : container_(std::move(container)), account_(std::move(account)) {}

std::string azure_store::shown(const std::string& key) const {
  return fmt::format("az://{}/{}", container_, key);
}

http_result<http_request> azure_store::request(http_client& client, const std::string& path,
                                               const std::string& query, http_request what) {
  if (!account_) return std::unexpected(no_account("no account of Azure storage is named"));
  if (!account_->fault.empty()) return std::unexpected(no_account(account_->fault));
  http_request r = std::move(what);
  const std::string& sas = account_->sas.reveal();
  const bool signs = !account_->key.reveal().empty();
  r.url = account_->endpoint + path;
  if (!query.empty()) r.url += "?" + query;
  if (!signs && !sas.empty()) r.url += (query.empty() ? "?" : "&") + sas;
  std::string date;
  format_time(client.time().wall_ns(), "%a, %d %b %Y %T GMT", date);
  r.headers.push_back({"x-ms-date", date});
  r.headers.push_back({"x-ms-version", service_version});
  if (!signs && sas.empty() && account_->identity) {
    const auto token = account_->identity->get(client);
    if (!token) return std::unexpected(token.error());
    r.credentials.push_back({"Authorization", secret{"Bearer " + token->reveal()}});
  }
  if (!signs) return r;
  const auto host_end = account_->endpoint.find('/', account_->endpoint.find("://") + 3);
  const std::string base =
      host_end == std::string::npos ? std::string{} : account_->endpoint.substr(host_end);
  http_headers all = r.headers;
  if (!r.body.empty()) all.push_back({"Content-Length", fmt::format("{}", r.body.size())});
  const auto text = azure_string_to_sign(account_->name, r.method, base + path, query, all);
  const auto key = from_base64(account_->key.reveal());
  r.credentials.push_back(
      {"Authorization", secret{fmt::format("SharedKey {}:{}", account_->name,
                                           base64(hmac_sha256(key.value_or(""), text)))}});
  return r;
}

http_result<object_page> azure_store::list(http_client& client, const std::string& prefix,
                                           const std::string& page,
                                           const backoff_policy& patience) {
  std::string query =
      "restype=container&comp=list&maxresults=1000&prefix=" + percent_encoded(prefix);
  if (!page.empty()) query += "&marker=" + percent_encoded(page);
  const auto make = [&] { return request(client, "/" + container_, query, {}); };
  const auto read = [this](const http_head& head, const std::string& body) {
    return read_error(head, body);
  };
  const auto got = fetch_patiently(client, make, patience, real_chance(), read, page_bytes_max);
  if (!got) return std::unexpected(got.error());
  return page_in(got->body, shown(prefix));
}

http_result<http_request> azure_store::get(http_client& client, const std::string& key,
                                           const http_headers& added) {
  return request_of(client, key, {}, {.headers = added});
}

http_result<http_request> azure_store::request_of(http_client& client, const std::string& key,
                                                  const std::string& query, http_request what) {
  return request(client, fmt::format("/{}/{}", container_, percent_encoded(key, slash::kept)),
                 query, std::move(what));
}

error_story azure_store::read_error(const http_head& head, const std::string& body) {
  error_story out;
  if (const std::string* const named = head.find("x-ms-error-code")) out.code = *named;
  read_xml(body, [&](std::string_view path, const std::string& text) {
    if (path == "Error/Code") out.code = text;
  });
  out.detail = out.code;
  out.mended = head.status == 401 && account_ && account_->identity;
  if (out.mended) account_->identity->renew();
  return out;
}

}  // namespace weir

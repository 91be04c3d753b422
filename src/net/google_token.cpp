#include "net/google_token.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <simdjson.h>

#include <chrono>
#include <memory>
#include <utility>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "net/http_retry.hpp"
#include "net/nearby.hpp"
#include "net/percent.hpp"
#include "net/small_file.hpp"

namespace weir {
namespace {

constexpr std::int64_t assertion_seconds = 3600;
constexpr const char* scope = "https://www.googleapis.com/auth/devstorage.read_write";

http_failure no_token(std::string why) {
  return {.what = http_failure::kind::unsent,
          .message = std::move(why),
          .lasting = true,
          .hint =
              "set GOOGLE_APPLICATION_CREDENTIALS to a key's file, or read a public bucket with "
              "anonymous=true"};
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string text_in(simdjson::dom::element from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

std::string rs256(const secret& key, const std::string& text) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
      BIO_new_mem_buf(key.reveal().data(), static_cast<int>(key.reveal().size())), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> parsed(
      PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> work(EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free);
  std::size_t size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (!parsed ||
      EVP_DigestSignInit(work.get(), nullptr, EVP_sha256(), nullptr, parsed.get()) != 1 ||
      EVP_DigestSign(work.get(), nullptr, &size, bytes, text.size()) != 1)
    return {};
  std::string out(size, '\0');
  if (EVP_DigestSign(work.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                     text.size()) != 1)
    return {};
  out.resize(size);
  return out;
}

/// `{"access_token": "...", "expires_in": 3599}`
std::optional<std::pair<secret, std::int64_t>> token_in(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::int64_t seconds = 0;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  const std::string text = text_in(root, "access_token");
  if (text.empty() || root["expires_in"].get(seconds) != simdjson::SUCCESS) return std::nullopt;
  return std::pair{secret{text}, seconds};
}

std::string form_of_refresh(simdjson::dom::element file) {
  return fmt::format("grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
                     percent_encoded(text_in(file, "client_id")),
                     percent_encoded(text_in(file, "client_secret")),
                     percent_encoded(text_in(file, "refresh_token")));
}

}  // namespace

std::optional<std::string> signed_assertion(const std::string& account, const std::string& audience,
                                            const secret& key, std::int64_t wall_ns) {
  const std::int64_t now = wall_ns / ns_per_second;
  const std::string claims =
      fmt::format(R"({{"iss":"{}","scope":"{}","aud":"{}","iat":{},"exp":{}}})", account, scope,
                  audience, now, now + assertion_seconds);
  const std::string text = base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + base64url(claims);
  const std::string signature = rs256(key, text);
  if (signature.empty()) return std::nullopt;
  return text + "." + base64url(signature);
}

http_result<secret> google_token::get(http_client& client) {
  return kept_.get(client, [&] { return fetch(client); });
}

http_result<access_token> google_token::fetch(http_client& client) {
  if (const auto named = env_("GOOGLE_APPLICATION_CREDENTIALS")) {
    const auto content = read_small_file(files_, *named);
    if (!content) return std::unexpected(no_token(fmt::format("cannot read {}", *named)));
    return from_file(client, *named, *content);
  }
  const std::string usual =
      env_("HOME").value_or("") + "/.config/gcloud/application_default_credentials.json";
  if (const auto content = read_small_file(files_, usual))
    return from_file(client, usual, *content);
  return from_metadata(client);
}

http_result<access_token> google_token::from_file(http_client& client, const std::string& path,
                                                  const std::string& content) {
  simdjson::dom::parser parser;
  simdjson::dom::element file;
  if (parser.parse(content).get(file) != simdjson::SUCCESS)
    return std::unexpected(no_token(fmt::format("{} is no JSON", path)));
  std::string url = text_in(file, "token_uri");
  if (url.empty()) url = "https://oauth2.googleapis.com/token";
  std::string form;
  if (text_in(file, "type") == "authorized_user") {
    form = form_of_refresh(file);
  } else {
    const auto assertion =
        signed_assertion(text_in(file, "client_email"), url, secret{text_in(file, "private_key")},
                         client.time().wall_ns());
    if (!assertion)
      return std::unexpected(no_token(fmt::format("{} holds no key that can sign", path)));
    form =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + *assertion;
  }
  const auto make = [&]() -> http_result<http_request> {
    http_request r;
    r.method = "POST";
    r.url = url;
    r.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    r.body = form;
    r.repeatable = true;
    return r;
  };
  const auto got = fetch_patiently(client, make, {}, real_chance());
  if (!got) return std::unexpected(got.error());
  auto found = token_in(got->body);
  if (!found) return std::unexpected(no_token(shown_url(url) + " gave no token"));
  return access_token{found->first, client.time().wall_ns() + found->second * ns_per_second};
}

http_result<access_token> google_token::from_metadata(http_client& client) {
  const std::string host = env_("GCE_METADATA_HOST").value_or("169.254.169.254");
  http_client near(nearby_http_options(), client);
  const auto make = [&]() -> http_result<http_request> {
    http_request r;
    r.url =
        fmt::format("http://{}/computeMetadata/v1/instance/service-accounts/default/token", host);
    r.headers.push_back({"Metadata-Flavor", "Google"});
    return r;
  };
  const auto got = fetch_patiently(near, make, nearby_patience, real_chance());
  auto found = got ? token_in(got->body) : std::nullopt;
  if (!found)
    return std::unexpected(no_token("there are no credentials for Google Cloud Storage" +
                                    (got ? std::string{} : "; " + got.error().message)));
  return access_token{found->first, client.time().wall_ns() + found->second * ns_per_second};
}

}  // namespace weir

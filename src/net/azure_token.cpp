#include "net/azure_token.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "base/time.hpp"
#include "net/http_retry.hpp"
#include "net/nearby.hpp"
#include "net/percent.hpp"

namespace weir {
namespace {

constexpr std::string_view audience = "resource=https%3A%2F%2Fstorage.azure.com%2F";

http_failure no_token(std::string why) {
  return {.what = http_failure::kind::unsent,
          .message = "there is no managed identity of Azure: " + std::move(why),
          .lasting = true,
          .hint = "AZURE_STORAGE_AUTH_MODE=login asks for one; without it keys and SAS are used"};
}

/// The services write numbers as numbers or as texts.
std::optional<std::int64_t> number_in(simdjson::dom::element from, std::string_view name) {
  std::int64_t number = 0;
  if (from[name].get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (from[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct answer {
  secret token;
  std::int64_t expires_s;  ///< since 1970
};

std::optional<answer> answer_in(const std::string& body, std::int64_t now_s) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view token;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root["access_token"].get(token) != simdjson::SUCCESS) return std::nullopt;
  const auto on = number_in(root, "expires_on");
  const auto in = number_in(root, "expires_in");
  if (token.empty() || (!on && !in)) return std::nullopt;
  return answer{secret{std::string{token}}, on ? *on : now_s + *in};
}

}  // namespace

http_result<secret> azure_token::get(http_client& client) {
  return kept_.get(client, [&] { return fetch(client); });
}

http_request azure_token::question() const {
  const auto endpoint = env_("IDENTITY_ENDPOINT");
  const auto proof = env_("IDENTITY_HEADER");
  const auto id = env_("AZURE_CLIENT_ID");
  http_request r;
  if (endpoint && proof) {
    r.url = fmt::format("{}?api-version=2019-08-01&{}", *endpoint, audience);
    r.credentials.push_back({"X-IDENTITY-HEADER", secret{*proof}});
  } else {
    const std::string host =
        env_("AZURE_POD_IDENTITY_AUTHORITY_HOST").value_or("http://169.254.169.254");
    r.url =
        fmt::format("{}/metadata/identity/oauth2/token?api-version=2018-02-01&{}", host, audience);
    r.headers.push_back({"Metadata", "true"});
  }
  if (id) r.url += "&client_id=" + percent_encoded(*id);
  return r;
}

http_result<access_token> azure_token::fetch(http_client& client) const {
  http_client near(nearby_http_options(), client);
  const auto make = [this]() -> http_result<http_request> { return question(); };
  const auto got = fetch_patiently(near, make, nearby_patience, real_chance());
  if (!got) return std::unexpected(no_token(got.error().message));
  auto found = answer_in(got->body, client.time().wall_ns() / ns_per_second);
  if (!found) return std::unexpected(no_token("the answer holds no token"));
  return access_token{std::move(found->token), found->expires_s * ns_per_second};
}

}  // namespace weir

#include "net/http_login.hpp"

#include "base/blank.hpp"
#include "base/digest.hpp"

namespace weir {
namespace {

/// "Name: value" as a header; nothing if it is none.
std::optional<http_header> header_in(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = trimmed(text.substr(0, colon));
  if (colon == text.npos || name.empty()) return std::nullopt;
  return http_header{std::string{name}, std::string{trimmed(text.substr(colon + 1))}};
}

}  // namespace

secret basic_authorization(const std::string& user, const std::string& password) {
  return secret{"Basic " + base64(user + ":" + password)};
}

std::expected<std::vector<http_credential>, std::string> http_login::credentials() const {
  if (bearer && !user.empty()) return std::unexpected("`bearer` and `user` exclude each other");
  if (password && user.empty()) return std::unexpected("`password` needs `user`");
  std::vector<http_credential> all;
  if (bearer) all.push_back({"Authorization", secret{"Bearer " + bearer->reveal()}});
  if (!user.empty())
    all.push_back(
        {"Authorization", basic_authorization(user, password.value_or(secret{}).reveal())});
  for (const secret& text : headers) {
    auto h = header_in(text.reveal());
    if (!h) return std::unexpected("a header has no colon: write it as \"Name: value\"");
    all.push_back({h->name, secret{h->value}});
  }
  return all;
}

}  // namespace weir

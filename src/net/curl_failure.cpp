#include "net/curl_failure.hpp"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <system_error>

namespace weir {
namespace {

std::string url_part(const char* url, CURLUPart part) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  char* text = nullptr;
  if (url == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url, 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
    return {};
  std::string out = text;
  curl_free(text);
  return out;
}

/// "HOST:PORT" if that is what could not be connected to instead of the URL's host: a proxy, which
/// curl names in `detail` ("Failed to connect to HOST port PORT after ...") without its password.
std::string proxy_in(std::string_view detail, CURL* easy) {
  constexpr std::string_view begin = "Failed to connect to ";
  constexpr std::string_view middle = " port ";
  const auto port = detail.find(middle);
  if (!detail.starts_with(begin) || port == detail.npos) return {};
  std::string host{detail.substr(begin.size(), port - begin.size())};
  if (host.contains(':')) host = "[" + host + "]";
  const std::string_view rest = detail.substr(port + middle.size());
  const std::string to = fmt::format("{}:{}", host, rest.substr(0, rest.find(' ')));
  const char* url = nullptr;
  curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
  const bool direct =
      to == fmt::format("{}:{}", url_part(url, CURLUPART_HOST), url_part(url, CURLUPART_PORT));
  return direct ? std::string{} : to;
}

std::string cause_of_no_connection(CURL* easy, std::string_view detail) {
  const std::string proxy = proxy_in(detail, easy);
  std::string cause = "could not connect";
  if (!proxy.empty()) cause += " to the proxy " + proxy;
  long code = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &code);
  if (code == 0) return cause;
  return cause + ": " + std::generic_category().message(static_cast<int>(code));
}

}  // namespace

bool is_lasting(CURLcode how) {
  return how == CURLE_PEER_FAILED_VERIFICATION || how == CURLE_SSL_CACERT_BADFILE ||
         how == CURLE_URL_MALFORMAT || how == CURLE_UNSUPPORTED_PROTOCOL ||
         how == CURLE_ABORTED_BY_CALLBACK || how == CURLE_WRITE_ERROR;
}

std::string hint_for(CURLcode how) {
  if (how == CURLE_PEER_FAILED_VERIFICATION)
    return "name the authority that signed it with `ca=FILE`";
  if (how == CURLE_COULDNT_RESOLVE_HOST) return "check the name of the host";
  return {};
}

std::string cause_of_failure(CURLcode how, CURL* easy, const char* detail,
                             const http_options& options) {
  switch (how) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the host's name cannot be resolved";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return fmt::format("the proxy's name cannot be resolved ({})", detail);
    case CURLE_COULDNT_CONNECT:
      return cause_of_no_connection(easy, detail);
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format("its certificate is not trusted ({})", detail);
    case CURLE_SSL_CACERT_BADFILE:
      return "cannot read certificates from " + options.ca_file;
    case CURLE_SSL_CONNECT_ERROR:
      return "the TLS handshake failed";
    case CURLE_PARTIAL_FILE:
      return "the answer broke off";
    case CURLE_GOT_NOTHING:
      return "the connection was closed without an answer";
    case CURLE_RECV_ERROR:
      return "the connection broke";
    case CURLE_SEND_ERROR:
      return "the connection broke while it was sent";
    case CURLE_URL_MALFORMAT:
      return "this is no URL of http or https";
    case CURLE_UNSUPPORTED_PROTOCOL:
      return "that is no HTTP: only http and https are spoken";
    default:
      return curl_easy_strerror(how);
  }
}

}  // namespace weir

#include "net/curl_failure.hpp"

#include <fmt/format.h>

#include <system_error>

namespace weir {
namespace {

std::string cause_of_no_connection(CURL* easy) {
  long code = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &code);
  if (code == 0) return "could not connect";
  return "could not connect: " + std::generic_category().message(static_cast<int>(code));
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
      return "the proxy's name cannot be resolved";
    case CURLE_COULDNT_CONNECT:
      return cause_of_no_connection(easy);
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

#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/backoff.hpp"
#include "weir/component.hpp"
#include "weir/generator.hpp"

namespace weir {

struct http_header {
  std::string name;
  std::string value;
};
using http_headers = std::vector<http_header>;

/// A header that nobody may see: it is in no message, and a redirect does not carry it.
struct http_credential {
  std::string name;
  secret value;
};

/// A body that is sent while it is made. Without a size it goes out in chunks.
struct http_upload {
  generator<const std::string_view> pieces;
  std::optional<std::uint64_t> size;
};

struct http_request {
  std::string method = "GET";
  std::string url = {};  ///< percent-encoded; its path is sent as it stands, `..` included
  http_headers headers = {};
  std::vector<http_credential> credentials = {};
  std::string body = {};
  std::optional<http_upload> upload = std::nullopt;  ///< instead of `body`
  /// Sending it twice does what sending it once does. GET, HEAD, PUT and DELETE always are.
  bool repeatable = false;
  /// Its URL came from a server, not from the user: it may not lead to a link-local address.
  bool led_here = false;
};

/// How long the server may take. What the caller takes between two steps does not count.
struct http_time_outs {
  std::chrono::nanoseconds connect = std::chrono::seconds{10};
  std::chrono::nanoseconds first_byte = std::chrono::seconds{60};  ///< from the last one sent
  std::chrono::nanoseconds idle = std::chrono::seconds{60};        ///< between two of the body
  std::optional<std::chrono::nanoseconds> total = std::nullopt;
};

struct http_failure;

struct http_options {
  http_time_outs time_outs = {};
  std::string ca_file = {};     ///< certificates to trust instead of the system's
  std::size_t at_once = 1;      ///< requests that a client will have on their way, about
  bool direct = false;          ///< no proxy, whatever the environment says
  std::string proxy = {};       ///< instead of the environment's http_proxy, https_proxy, no_proxy
  int redirects_max = 5;        ///< of GET and HEAD; 0 gives the redirect to the caller
  std::string user_agent = {};  ///< "weir/VERSION" if empty
  /// How patiently a source makes a request again: for a minute, however many attempts that takes.
  backoff_policy patience = {.attempts_max = std::numeric_limits<int>::max()};
  /// Told of a failure for which a request waits longer than a moment. Any thread may call it.
  std::function<void(const http_failure& why)> on_wait = {};
  /// Once it says so, nobody wants an answer any more. Any thread may call it; may be empty.
  std::function<bool()> is_over = {};
};

/// What an answer begins with.
struct http_head {
  int status = 0;
  http_headers headers;

  /// The value of the first header of that name, in any case of letters; nullptr if there is none.
  const std::string* find(std::string_view name) const;
  /// What Content-Length says.
  std::optional<std::uint64_t> length() const;
};

struct http_response {
  http_head head;
  std::string body;
  std::string url;  ///< that answered: where redirects led
};

/// A request that came to nothing.
struct http_failure {
  enum class kind : std::uint8_t {
    unsent,       ///< no byte of it reached the server: it may be sent again, whatever it does
    unknown,      ///< it was sent, at least in part, and the answer did not come, or not whole
    status,       ///< the server answered that it did not do it
    interrupted,  ///< the pipeline is to end
  };
  kind what;
  std::string message;  ///< names the URL (without its query and user) and the cause
  int status = 0;       ///< of the answer, if one began
  /// Trying again will not help: a bad URL, a certificate that is not trusted, a refusal.
  bool lasting = false;
  std::optional<std::chrono::nanoseconds> retry_after = std::nullopt;  ///< as the server asked
  std::string hint = {};                                               ///< what the user can do
  std::string code = {};  ///< the service's own word for it, if it has one: "NoSuchKey"
};

template <class T>
using http_result = std::expected<T, http_failure>;

/// The URL as people may see it: without user, password, query and fragment.
std::string shown_url(std::string_view url);

/// Repeating the request cannot do harm.
bool is_repeatable(const http_request& r) noexcept;

/// What an answer asks its client to wait. `wall_ns` is the time now, for answers with a date.
std::optional<std::chrono::nanoseconds> retry_after(const http_head& head, std::int64_t wall_ns);

/// The failure that an answer with an unwanted status stands for; `detail` is what its body
/// says, if anything.
http_failure failed_status(std::string_view url, const http_head& head, std::int64_t wall_ns,
                           std::string_view detail = {});

}  // namespace weir

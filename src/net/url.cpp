#include "net/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/ascii.hpp"
#include "net/percent.hpp"

namespace weir {
namespace {

/// libcurl's view of a URL, which is the one that requests go by.
class parsed_url {
 public:
  explicit parsed_url(const std::string& text) : url_(curl_url(), &curl_url_cleanup) {
    good_ = set(CURLUPART_URL, text.c_str());
  }

  bool good() const noexcept { return good_; }
  /// Goes on to `reference`, as a browser would from here.
  bool follow(const std::string& reference) { return set(CURLUPART_URL, reference.c_str()); }
  void clear(CURLUPart part) { set(part, nullptr); }
  std::string get(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), part, &text, flags) != CURLUE_OK) return {};
    std::string out = text;
    curl_free(text);
    return out;
  }

 private:
  bool set(CURLUPart part, const char* text) {
    return curl_url_set(url_.get(), part, text, 0) == CURLUE_OK;
  }

  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  bool good_;
};

struct query_split {
  std::string_view before;  ///< without `?`
  std::string_view query;
};

query_split split_query(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const auto mark = std::min(url.find('?'), url.size());
  return {url.substr(0, mark), url.substr(std::min(mark + 1, url.size()))};
}

/// The first parameter of `query`, which loses it.
std::string_view take_parameter(std::string_view& query) {
  const auto end = std::min(query.find('&'), query.size());
  const auto parameter = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  return parameter;
}

bool is_named(std::string_view parameter, std::string_view name) {
  return percent_decoded(parameter.substr(0, parameter.find('='))) == name;
}

}  // namespace

std::string resolved_url(const std::string& from, const std::string& to) {
  parsed_url url(from);
  if (!url.good() || !url.follow(to)) return {};
  url.clear(CURLUPART_USER);
  url.clear(CURLUPART_PASSWORD);
  return url.get(CURLUPART_URL);
}

bool same_origin(const std::string& a, const std::string& b) {
  const parsed_url one(a);
  const parsed_url other(b);
  return one.good() && other.good() && one.get(CURLUPART_SCHEME) == other.get(CURLUPART_SCHEME) &&
         lower_case(one.get(CURLUPART_HOST)) == lower_case(other.get(CURLUPART_HOST)) &&
         one.get(CURLUPART_PORT, CURLU_DEFAULT_PORT) ==
             other.get(CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

std::optional<std::string> parameter_in(std::string_view url, std::string_view name) {
  for (std::string_view query = split_query(url).query; !query.empty();) {
    const auto parameter = take_parameter(query);
    if (!is_named(parameter, name)) continue;
    const auto value = std::min(parameter.find('='), parameter.size());
    return percent_decoded(parameter.substr(std::min(value + 1, parameter.size())));
  }
  return std::nullopt;
}

std::string with_parameter(std::string_view url, std::string_view name, std::string_view value) {
  auto [before, query] = split_query(url);
  std::string out{before};
  char separator = '?';
  bool replaced = false;
  const auto append = [&](std::string_view parameter) {
    out += std::exchange(separator, '&');
    out += parameter;
  };
  const std::string wanted = percent_encoded(name) + "=" + percent_encoded(value);
  while (!query.empty()) {
    const auto parameter = take_parameter(query);
    if (!is_named(parameter, name))
      append(parameter);
    else if (!std::exchange(replaced, true))
      append(wanted);
  }
  if (!replaced) append(wanted);
  return out;
}

std::optional<url_login> take_login(std::string& url) {
  parsed_url parsed(url);
  if (!parsed.good()) return std::nullopt;
  url_login out{parsed.get(CURLUPART_USER, CURLU_URLDECODE),
                parsed.get(CURLUPART_PASSWORD, CURLU_URLDECODE)};
  if (out.user.empty() && out.password.empty()) return std::nullopt;
  const auto host = url.find("://") + 3;
  const auto path = url.find_first_of("/?#", host);
  url.erase(host, url.rfind('@', path) + 1 - host);
  return out;
}

}  // namespace weir

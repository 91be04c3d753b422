#include "net/bucket_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weir {

bucket_address parse_bucket_address(const std::string& url, std::string_view scheme,
                                    reporter& report) {
  std::string_view rest = url;
  const std::string start = fmt::format("{}://", scheme);
  if (rest.starts_with(start)) rest.remove_prefix(start.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  bucket_address out{std::string{rest.substr(0, slash)},
                     std::string{rest.substr(std::min(slash + 1, rest.size()))}};
  if (!url.starts_with(start) || out.bucket.empty())
    report.error(fmt::format("`{}` is no address of an object", url), {},
                 fmt::format("write {0}BUCKET/KEY or {0}BUCKET/PREFIX/", start));
  return out;
}

}  // namespace weir

#pragma once
#include <string>
#include <string_view>

#include "weir/component.hpp"

namespace weir {

/// "s3://BUCKET/PATTERN" in its parts; the pattern may be empty.
struct bucket_address {
  std::string bucket;
  std::string pattern;
};

/// Reads an address; reports one without a bucket.
bucket_address parse_bucket_address(const std::string& url, std::string_view scheme,
                                    reporter& report);

}  // namespace weir

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_retry.hpp"

namespace weir {

/// One object of a listing.
struct stored_object {
  std::string key;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  ///< 0 if unknown
  /// As `object_store::version_header` names it; empty if the listing does not.
  std::string version = {};
};

/// A listing's ETag as answers' heads have it: strong and in quotes. Empty for any other.
std::string listed_etag(std::string text);

/// A part of a listing.
struct object_page {
  std::vector<stored_object> objects;  ///< in the byte order of their keys
  std::string next;                    ///< where the next page begins; empty after the last
};

/// A container of one cloud's object store: how it is listed and how its objects are asked for.
/// Requests are signed when they are made. Safe to use from several threads, each with its client.
class object_store {
 public:
  virtual ~object_store() = default;

  /// The objects whose keys begin with `prefix`, from `page` on, which is empty or an earlier
  /// page's `next`. Constant memory: at most a thousand objects. Makes attempts as `patience` has
  /// it.
  virtual http_result<object_page> list(http_client& client, const std::string& prefix,
                                        const std::string& page,
                                        const backoff_policy& patience) = 0;
  /// The request for an object.
  virtual http_result<http_request> get(http_client& client, const std::string& key,
                                        const http_headers& added) = 0;
  virtual error_story read_error(const http_head& head, const std::string& body) = 0;
  /// Which header names an object's version.
  virtual std::string version_header() const { return "ETag"; }
  /// "s3://bucket/key"
  virtual std::string shown(const std::string& key) const = 0;
};

}  // namespace weir

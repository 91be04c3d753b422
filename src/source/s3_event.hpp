#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// An object of which a notification says that it was created.
struct created_object {
  std::string bucket;
  std::string key;
  std::string region;  ///< may be empty
  friend bool operator==(const created_object&, const created_object&) = default;
};

/// The objects that a notification of S3 tells of: as S3 sends it, wrapped by SNS, or an event of
/// EventBridge. None if it tells of something else that happens in S3: an object was deleted,
/// notifications were set up. If it is no such notification: why, a constant phrase.
std::expected<std::vector<created_object>, std::string_view> objects_in_event(
    const std::string& body);

}  // namespace weir

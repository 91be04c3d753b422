#include "source/identity.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace weir {

std::string file_identity(const file_status& status, std::string_view head) {
  return fmt::format("{:x}:{:x}:{}:{:016x}", status.device, status.inode, head.size(),
                     XXH3_64bits(head.data(), head.size()));
}

std::optional<identity_parts> parse_file_identity(std::string_view identity) {
  identity_parts out;
  const auto take = [&identity](auto& number, int base) {
    const auto [end, error] =
        std::from_chars(identity.data(), identity.data() + identity.size(), number, base);
    if (error != std::errc{}) return false;
    identity.remove_prefix(static_cast<std::size_t>(end - identity.data()));
    const bool more = identity.starts_with(':');
    identity.remove_prefix(more);
    return more || identity.empty();
  };
  if (!take(out.device, 16) || !take(out.inode, 16) || !take(out.head_bytes, 10)) return {};
  if (!take(out.head_hash, 16) || out.head_bytes > identity_head_bytes) return {};
  return out;
}

bool begins_as(const identity_parts& known, std::string_view head) {
  if (head.size() < known.head_bytes) return false;
  return XXH3_64bits(head.data(), known.head_bytes) == known.head_hash;
}

known_shard recognise(const std::string& path, const file_status& status, std::string_view head,
                      const resume_points& resume) {
  head = head.substr(0, identity_head_bytes);
  shard as{
      .name = path, .identity = file_identity(status, head), .modified_ns = status.modified_ns};
  const auto first_sight = as.identity;
  for (std::size_t length = head.size(); resume; --length) {
    as.identity = file_identity(status, head.substr(0, length));
    const position from = resume(as);
    if (from != position{}) return {std::make_shared<const shard>(std::move(as)), from, length};
    if (length == 0) break;
  }
  as.identity = first_sight;
  return {std::make_shared<const shard>(std::move(as)), {}, head.size()};
}

}  // namespace weir

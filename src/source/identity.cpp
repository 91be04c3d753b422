#include "source/identity.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace weir {

std::string file_identity(const file_status& status, std::string_view head) {
  return fmt::format("{:x}:{:x}:{}:{:016x}", status.device, status.inode, head.size(),
                     XXH3_64bits(head.data(), head.size()));
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

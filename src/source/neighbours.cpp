#include "source/neighbours.hpp"

#include "codec/codec.hpp"
#include "codec/decode.hpp"
#include "source/identity.hpp"
#include "source/landmark.hpp"

namespace weir {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string behind_links(std::string path, disk& files) {
  constexpr int most_links = 40;  // as the kernel has it
  for (int links = 0; links < most_links; ++links) {
    auto target = files.link_target(path);
    if (!target) break;
    if (!target->starts_with('/')) target->insert(0, path.substr(0, path.rfind('/') + 1));
    path = std::move(*target);
  }
  return path;
}

std::vector<std::string> neighbours(const std::string& of, disk& files) {
  const std::string path = behind_links(of, files);
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  auto paths = files.list(directory_of(path)).value_or(std::vector<std::string>{});
  for (std::string& name : paths) name.insert(0, directory);
  return paths;
}

file_key key_of(const file_status& status) {
  return {status.device, status.inode};
}

std::string_view stem(std::string_view path) {
  const std::string_view name = last_part(path);
  return name.substr(0, name.find('.'));
}

std::vector<std::pair<std::string, file_key>> called_alike(const std::string& log, disk& files) {
  const std::string path = behind_links(log, files);
  std::vector<std::pair<std::string, file_key>> found;
  for (std::string& each : neighbours(path, files)) {
    if (!last_part(each).starts_with(stem(path))) continue;
    if (const auto status = files.status(each))
      found.emplace_back(std::move(each), key_of(*status));
  }
  return found;
}

bool try_undisturbed(const std::string& path, disk& files, const std::function<bool()>& attempt) {
  constexpr int most_attempts = 100;
  auto before = called_alike(path, files);
  for (int attempts = 0; attempts < most_attempts; ++attempts) {
    if (attempt()) return true;
    auto after = called_alike(path, files);
    if (after == before) break;
    before = std::move(after);
  }
  return false;
}

bool is_beginning_of(const std::string& part, const std::string& whole, disk& files) {
  const auto a = files.open(part, open_for::reading);
  const auto b = files.open(whole, open_for::reading);
  const auto size = a ? (*a)->status() : std::unexpected(a.error());
  if (!size || !b) return false;
  const std::string head = head_of(part, identity_head_bytes, files);
  if (!head_of(whole, identity_head_bytes, files).starts_with(head)) return false;
  const auto end = landmark_at(**a, size->size);
  return end && landmark_at(**b, size->size) == end;
}

std::string head_of(const std::string& path, std::size_t most, disk& files) {
  std::string head(most, '\0');
  const auto input = files.open(path, open_for::reading);
  const auto got = input ? (*input)->read_at(head, 0) : std::unexpected(input.error());
  head.resize(got.value_or(0));
  return head;
}

bool is_compressed(const std::string& path, disk& files) {
  return sniff(head_of(path, sniff_bytes, files), true) != codec::none;
}

}  // namespace weir

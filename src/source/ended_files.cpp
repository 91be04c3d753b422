#include "source/ended_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "source/earlier_file.hpp"

namespace weir {
namespace {

/// Paths may come and go for ever (containers).
constexpr std::size_t most_logs = 10'000;

constexpr std::string_view key_mark = " ended:";

std::string to_token(const file_of_log& f) {
  return fmt::format("{}{}{:x}:{:x}", file_token(f.identity, f.modified_ns, f.before_place),
                     key_mark, f.key.first, f.key.second);
}

std::optional<file_key> key_in(std::string_view token) {
  const auto mark = token.rfind(key_mark);
  if (mark == token.npos) return std::nullopt;
  file_key key;
  const char* const end = token.data() + token.size();
  const auto device = std::from_chars(token.data() + mark + key_mark.size(), end, key.first, 16);
  if (device.ec != std::errc{} || device.ptr == end) return std::nullopt;
  const auto inode = std::from_chars(device.ptr + 1, end, key.second, 16);
  return inode.ec == std::errc{} ? std::optional{key} : std::nullopt;
}

std::optional<ended_file> from_remembered(remembered_shard s) {
  auto known = from_file_token(s.token);
  const auto key = key_in(s.token);
  if (!s.at.past_fault || !known || !key) return std::nullopt;
  shard of{.name = s.name, .identity = known->identity, .modified_ns = known->modified_ns};
  return ended_file{.file = {std::move(s.name), *key, std::move(known->identity),
                             known->modified_ns, known->before_place},
                    .end = {std::make_shared<const shard>(std::move(of)), s.at}};
}

std::int64_t modified_ns(const std::pair<const std::string, ended_file>& known) {
  return known.second.file.modified_ns;
}

}  // namespace

std::optional<ended_file> ended_files::add(ended_file f) {
  const std::lock_guard alone(mutex_);
  const auto known = last_.find(f.file.log);
  std::optional<ended_file> passed;
  if (known != last_.end()) {
    if (known->second.file.modified_ns > f.file.modified_ns) return f;
    passed = take(known);
    if (passed->file.identity == f.file.identity) passed.reset();
  } else if (last_.size() >= most_logs) {
    passed = take(std::ranges::min_element(last_, {}, modified_ns));
  }
  logs_[f.file.identity] = f.file.log;
  last_.insert_or_assign(f.file.log, std::move(f));
  return passed;
}

ended_file ended_files::take(by_log::iterator known) {
  ended_file out = std::move(known->second);
  logs_.erase(out.file.identity);
  last_.erase(known);
  return out;
}

std::string ended_files::token(const std::string& identity) {
  const std::lock_guard alone(mutex_);
  const auto log = logs_.find(identity);
  return log == logs_.end() ? std::string{} : to_token(last_.at(log->second).file);
}

std::vector<ended_file> ended_files_of(const resume_points& resume) {
  std::vector<ended_file> all;
  for (remembered_shard& s : resume.with_token()) {
    if (auto f = from_remembered(std::move(s))) all.push_back(std::move(*f));
  }
  return all;
}

}  // namespace weir

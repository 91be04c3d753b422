#pragma once
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/disk.hpp"

namespace weir::test {

/// A disk in memory that forgets on `crash` what was not synced: bytes need `file::sync`, names
/// (new files, renames, removals) need `sync_directory`. Faults are set by its members.
class memory_disk final : public disk {
 public:
  std::uint64_t capacity_bytes = UINT64_MAX;  ///< of all files together; beyond it ENOSPC
  int sync_error = 0;                         ///< an errno for every `file::sync`
  int rename_error = 0;
  int syncs = 0;  ///< calls of `file::sync` so far, failed ones included

  /// What is left after a power loss, as if read back after the restart.
  void crash() {
    names_ = durable_names_;
    for (auto& [path, content] : names_) content->cached = content->durable;
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& [path, content] : names_) out.push_back(path);
    return out;
  }
  bool has(const std::string& path) const { return names_.contains(path); }
  std::string text(const std::string& path) const { return names_.at(path)->cached; }
  void put(const std::string& path, const std::string& text) {
    directories_.insert(parent(path));
    durable_names_[path] = names_[path] = std::make_shared<bytes>(bytes{text, text});
  }

  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    if (!directories_.contains(parent(path))) return failed(ENOENT);
    auto found = names_.find(path);
    if (found == names_.end()) {
      if (why == open_for::reading) return failed(ENOENT);
      found = names_.emplace(path, std::make_shared<bytes>()).first;
    } else if (why == open_for::writing_new) {
      return failed(EEXIST);
    }
    return std::make_unique<memory_file>(*this, found->second);
  }
  io_result<file_status> status(const std::string& path) override {
    if (directories_.contains(path)) return file_status{.is = file_status::kind::directory};
    const auto found = names_.find(path);
    if (found == names_.end()) return failed(ENOENT);
    return file_status{.size = found->second->cached.size()};
  }
  io_result<std::vector<std::string>> list(const std::string& directory) override {
    std::vector<std::string> out;
    for (const auto& [path, content] : names_) {
      if (parent(path) == directory) out.push_back(path.substr(directory.size() + 1));
    }
    return out;
  }
  io_result<void> rename(const std::string& from, const std::string& to) override {
    if (rename_error != 0) return failed(rename_error);
    const auto found = names_.find(from);
    if (found == names_.end()) return failed(ENOENT);
    names_[to] = found->second;
    names_.erase(from);
    return {};
  }
  io_result<void> remove(const std::string& path) override {
    if (names_.erase(path) == 0) return failed(ENOENT);
    return {};
  }
  io_result<void> make_directories(const std::string& path) override {
    for (std::string at = path; directories_.insert(at).second;) at = parent(at);
    return {};
  }
  io_result<void> sync_directory(const std::string& path) override {
    if (!directories_.contains(path)) return failed(ENOENT);
    std::erase_if(durable_names_, [&](const auto& entry) { return parent(entry.first) == path; });
    for (const auto& [name, content] : names_) {
      if (parent(name) == path) durable_names_[name] = content;
    }
    return {};
  }

 private:
  struct bytes {
    std::string cached;
    std::string durable;
  };

  class memory_file final : public file {
   public:
    memory_file(memory_disk& on, std::shared_ptr<bytes> content)
        : disk_(on), content_(std::move(content)) {}

    io_result<std::size_t> read(std::span<char> into) override {
      const auto n = read_at(into, at_);
      at_ += *n;
      return n;
    }
    io_result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) override {
      const std::string& text = content_->cached;
      if (offset >= text.size()) return 0;
      const std::size_t n = std::min(into.size(), text.size() - offset);
      std::memcpy(into.data(), text.data() + offset, n);
      return n;
    }
    io_result<void> write(std::string_view text) override {
      const std::size_t room = disk_.room_bytes();
      const std::string_view fits = text.substr(0, room);
      content_->cached.resize(std::max(content_->cached.size(), at_ + fits.size()));
      content_->cached.replace(at_, fits.size(), fits);
      at_ += fits.size();
      if (fits.size() < text.size()) return failed(ENOSPC);
      return {};
    }
    io_result<void> sync() override {
      ++disk_.syncs;
      if (disk_.sync_error != 0) return failed(disk_.sync_error);
      content_->durable = content_->cached;
      return {};
    }
    io_result<void> seek(std::uint64_t offset) override {
      at_ = offset;
      return {};
    }
    io_result<void> truncate(std::uint64_t length) override {
      content_->cached.resize(length);
      return {};
    }
    io_result<file_status> status() override {
      return file_status{.size = content_->cached.size()};
    }
    io_result<void> close() override { return {}; }
    io_result<void> lock() override { return {}; }
    int wait_fd() const noexcept override { return -1; }

   private:
    memory_disk& disk_;
    std::shared_ptr<bytes> content_;
    std::size_t at_ = 0;
  };

  static std::unexpected<io_error> failed(int code) { return std::unexpected(io_error{code}); }
  static std::string parent(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
  }
  std::uint64_t room_bytes() const {
    std::uint64_t used = 0;
    for (const auto& [path, content] : names_) used += content->cached.size();
    return used < capacity_bytes ? capacity_bytes - used : 0;
  }

  std::map<std::string, std::shared_ptr<bytes>> names_;
  std::map<std::string, std::shared_ptr<bytes>> durable_names_;
  std::set<std::string> directories_{".", "/"};
};

}  // namespace weir::test

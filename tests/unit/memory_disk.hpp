#pragma once
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/disk.hpp"

namespace weir::test {

/// Ends a run where the power fails.
struct power_failure {};

/// A disk in memory that forgets on `crash` what was not synced: bytes need `file::sync`, names
/// (new files and directories, renames, removals) need `sync_directory`. Faults are set by its
/// members.
class memory_disk final : public disk {
 public:
  static constexpr std::size_t sector_bytes = 512;

  std::uint64_t capacity_bytes = UINT64_MAX;  ///< of all files together; beyond it ENOSPC
  int sync_error = 0;                         ///< an errno for every `file::sync`
  int rename_error = 0;
  int syncs = 0;  ///< calls of `file::sync` so far, failed ones included
  /// The sync, counted like `syncs`, that fails with EIO. As with Linux, a later one of that file
  /// succeeds, but makes durable only what was written since.
  int failing_sync = 0;
  /// So many calls until the power fails: that call throws power_failure, having done a part of
  /// its work, and none after it does anything. Negative: never.
  int calls_left = -1;
  std::function<void()> on_call;  ///< before each call that changes or reads something

  /// What is left after a power loss, as if read back after the restart.
  void crash() {
    directories_ = durable_directories_;
    std::erase_if(durable_names_,
                  [&](const auto& entry) { return !directories_.contains(parent(entry.first)); });
    names_ = durable_names_;
    renamed_.clear();
    for (auto& [path, content] : names_) content->cached = content->durable;
  }
  /// The same, but of what was not synced a random part is left: names, lengths, sectors.
  void crash(std::mt19937_64& random) {
    std::set<std::string> all;
    for (const auto* names : {&names_, &durable_names_}) {
      for (const auto& [path, content] : *names) all.insert(path);
    }
    for (const std::string& path : directories_) {
      if (random() % 2 == 0 && durable_directories_.contains(parent(path))) {
        durable_directories_.insert(path);
      }
    }
    for (const std::string& path : all) {
      if (random() % 2 == 0) continue;
      const auto found = names_.find(path);
      if (found == names_.end()) {
        durable_names_.erase(path);
      } else {
        durable_names_[path] = found->second;
      }
    }
    // A renamed file is under one of its names.
    for (const auto& [from, to] : renamed_) {
      if (!durable_names_.contains(from) && names_.contains(to)) durable_names_[to] = names_[to];
    }
    for (auto& [path, content] : durable_names_) content->tear(random);
    restart();
    crash();
  }
  /// Only the process has ended.
  void restart() { calls_left = -1; }
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& [path, content] : names_) out.push_back(path);
    return out;
  }
  std::uint64_t used_bytes() const {
    std::uint64_t used = 0;
    for (const auto& [path, content] : names_) used += content->cached.size();
    return used;
  }
  bool has(const std::string& path) const { return names_.contains(path); }
  std::string text(const std::string& path) const { return names_.at(path)->cached; }
  void put(const std::string& path, const std::string& text) {
    directories_.insert(parent(path));
    durable_directories_.insert(parent(path));
    durable_names_[path] = names_[path] =
        std::make_shared<bytes>(bytes{.cached = text, .durable = text, .inode = next_inode_++});
  }

  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    if (!is_powered()) return failed(EIO);
    if (!directories_.contains(parent(path))) return failed(ENOENT);
    auto found = names_.find(path);
    if (found == names_.end()) {
      if (why == open_for::reading) return failed(ENOENT);
      found = names_.emplace(path, new_file()).first;
    } else if (why == open_for::writing_new) {
      return failed(EEXIST);
    }
    return std::make_unique<memory_file>(*this, found->second);
  }
  io_result<file_status> status(const std::string& path) override {
    if (directories_.contains(without_slash(path)))
      return file_status{.is = file_status::kind::directory};
    const auto found = names_.find(path);
    if (found == names_.end()) return failed(ENOENT);
    return found->second->status();
  }
  io_result<std::vector<std::string>> list(const std::string& directory) override {
    const std::string in = without_slash(directory);
    std::vector<std::string> out;
    for (const auto& [path, content] : names_) {
      if (parent(path) == in) out.push_back(path.substr(in.size() + 1));
    }
    return out;
  }
  io_result<void> rename(const std::string& from, const std::string& to) override {
    if (!is_powered()) return failed(EIO);
    if (rename_error != 0) return failed(rename_error);
    const auto found = names_.find(from);
    if (found == names_.end()) return failed(ENOENT);
    names_[to] = found->second;
    names_.erase(from);
    renamed_[from] = to;
    return {};
  }
  io_result<void> remove(const std::string& path) override {
    if (!is_powered()) return failed(EIO);
    if (names_.erase(path) == 0) return failed(ENOENT);
    return {};
  }
  io_result<void> make_directories(const std::string& path) override {
    if (!is_powered()) return failed(EIO);
    for (std::string at = path; directories_.insert(at).second;) at = parent(at);
    return {};
  }
  io_result<void> sync_directory(const std::string& path) override {
    if (!is_powered()) return failed(EIO);
    if (!directories_.contains(path)) return failed(ENOENT);
    std::erase_if(durable_names_, [&](const auto& entry) { return parent(entry.first) == path; });
    for (const auto& [name, content] : names_) {
      if (parent(name) == path) durable_names_[name] = content;
    }
    for (const std::string& name : directories_) {
      if (parent(name) == path) durable_directories_.insert(name);
    }
    return {};
  }

 private:
  struct bytes {
    std::string cached = {};
    std::string durable = {};
    std::uint64_t inode = 0;
    std::set<std::size_t> lost = {};  ///< sectors that are taken for durable since a sync failed

    file_status status() const {
      return {.size = cached.size(), .device = 1, .inode = inode, .modified_ns = 0};
    }
    void write(std::size_t at, std::string_view text) {
      if (text.empty()) return;
      cached.resize(std::max(cached.size(), at + text.size()));
      cached.replace(at, text.size(), text);
      const std::size_t end = (at + text.size() - 1) / sector_bytes + 1;
      lost.erase(lost.lower_bound(at / sector_bytes), lost.lower_bound(end));
    }
    void truncate(std::size_t length) {
      cached.resize(length);
      lost.erase(lost.lower_bound(length / sector_bytes), lost.end());
    }
    void sync() {
      if (lost.empty()) {
        durable = cached;
        return;
      }
      durable.resize(cached.size());
      for_each_sector([this](std::size_t number, std::size_t at, std::size_t size) {
        if (!lost.contains(number)) durable.replace(at, size, cached, at, size);
      });
    }
    void fail_sync() {
      durable.resize(cached.size());
      for_each_sector([this](std::size_t number, std::size_t at, std::size_t size) {
        if (durable.compare(at, size, cached, at, size) != 0) lost.insert(number);
      });
    }
    /// What a power failure may leave between what is durable and what is cached.
    void tear(std::mt19937_64& random) {
      if (random() % 2 == 0) durable.resize(cached.size());
      for_each_sector([&](std::size_t number, std::size_t at, std::size_t size) {
        if (random() % 2 == 0 || lost.contains(number)) return;
        durable.replace(at, size, cached, at, size);
      });
      lost.clear();
    }
    void for_each_sector(const auto& act) const {
      const std::size_t end = std::min(durable.size(), cached.size());
      for (std::size_t at = 0; at < end; at += sector_bytes) {
        act(at / sector_bytes, at, std::min(sector_bytes, end - at));
      }
    }
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
      if (!disk_.is_powered()) return failed(EIO);
      const std::string& text = content_->cached;
      if (offset >= text.size()) return 0;
      const std::size_t n = std::min(into.size(), text.size() - offset);
      std::memcpy(into.data(), text.data() + offset, n);
      return n;
    }
    io_result<void> write(std::string_view text) override {
      const bool last = disk_.calls_left == 0;
      if (!last && !disk_.is_powered()) return failed(EIO);
      const std::size_t there = std::max(content_->cached.size(), at_) - at_;
      const std::size_t room = last ? text.size() / 2 : there + disk_.room_bytes();
      const std::string_view fits = text.substr(0, room);
      content_->write(at_, fits);
      at_ += fits.size();
      if (last) disk_.is_powered();
      if (fits.size() < text.size()) return failed(ENOSPC);
      return {};
    }
    io_result<void> sync() override {
      if (!disk_.is_powered()) return failed(EIO);
      ++disk_.syncs;
      if (disk_.sync_error != 0) return failed(disk_.sync_error);
      if (disk_.syncs == disk_.failing_sync) {
        content_->fail_sync();
        return failed(EIO);
      }
      content_->sync();
      return {};
    }
    io_result<void> seek(std::uint64_t offset) override {
      at_ = offset;
      return {};
    }
    io_result<void> truncate(std::uint64_t length) override {
      if (!disk_.is_powered()) return failed(EIO);
      content_->truncate(length);
      return {};
    }
    io_result<file_status> status() override { return content_->status(); }
    io_result<void> close() override { return {}; }
    io_result<void> lock() override { return {}; }
    int wait_fd() const noexcept override { return -1; }

   private:
    memory_disk& disk_;
    std::shared_ptr<bytes> content_;
    std::size_t at_ = 0;
  };

  static std::unexpected<io_error> failed(int code) { return std::unexpected(io_error{code}); }
  static std::string without_slash(const std::string& path) {
    return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  }
  static std::string parent(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
  }
  std::shared_ptr<bytes> new_file() {
    return std::make_shared<bytes>(bytes{.inode = next_inode_++});
  }
  /// Counts a call. Throws power_failure at the moment when the power fails.
  bool is_powered() {
    if (on_call) on_call();
    if (calls_left == off) return false;
    if (calls_left < 0) return true;
    if (--calls_left >= 0) return true;
    calls_left = off;
    throw power_failure{};
  }
  std::uint64_t room_bytes() const {
    const std::uint64_t used = used_bytes();
    return used < capacity_bytes ? capacity_bytes - used : 0;
  }

  static constexpr int off = -2;

  std::uint64_t next_inode_ = 1;
  std::map<std::string, std::shared_ptr<bytes>> names_;
  std::map<std::string, std::shared_ptr<bytes>> durable_names_;
  std::map<std::string, std::string> renamed_;  ///< since the last crash
  std::set<std::string> directories_{".", "/"};
  std::set<std::string> durable_directories_ = directories_;
};

}  // namespace weir::test

#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "file_tree.hpp"
#include "gzipped.hpp"
#include "source/follow.hpp"
#include "unit/contract.hpp"

namespace weir::test {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

inline follow_options following(std::vector<std::string> paths) {
  follow_options o;
  o.paths = std::move(paths);
  return o;
}

/// A follow source at work, in virtual time, on a tree that a test changes between reads.
class follow_at_work : public testing::TestWithParam<bool> {
 protected:
  /// Reads until nothing has come for a second.
  lines read() { return texts(records()); }
  seen_records records() { return read_all(*stream_, in_, at_); }
  void start(const std::string& path, bool tail = false) {
    auto o = following({tree_.path(path)});
    o.poll = GetParam();
    o.tail = tail;
    source_ = std::make_unique<follow_source>(o);
    open();
  }
  /// With the state as it is.
  void open() {
    const auto keep = [this](std::span<const begun_shard> begun) {
      for (lines& names = kept_.emplace_back(); const begun_shard& s : begun)
        names.push_back(s.name);
      for (const begun_shard& s : begun) state_[s.identity] = {s.name, s.at, s.token};
      begun_ += begun.size();
    };
    const auto known = [this] {
      std::vector<remembered_shard> all;
      for (const auto& [identity, s] : state_) all.push_back(s);
      return all;
    };
    const auto token = [this](const shard& of) {
      const auto s = state_.find(of.identity);
      return s == state_.end() ? std::string{} : s->second.token;
    };
    stream_.emplace(source_->open(in_.with, {resume_from(at_), token, known, keep}));
  }
  void rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(tree_.path(from), tree_.path(to));
  }
  void remove(const std::string& name) { std::filesystem::remove(tree_.path(name)); }
  void compress(const std::string& from, const std::string& content) {
    remove(from);
    tree_.write(from + ".gz", gzipped(content));
  }
  void stop() { stream_.reset(); }
  /// The state is gone.
  void forget() {
    at_.clear();
    state_.clear();
  }
  /// Goes on with what a checkpoint would have kept of the run before, of `path` unless it was
  /// begun as another.
  void resume(const std::string& path) {
    for (const auto& [identity, at] : at_) {
      const remembered_shard& known = state_[identity];
      const auto begun = from_file_token(known.token);
      const shard of{.name = known.name.empty() ? tree_.path(path) : known.name,
                     .identity = identity,
                     .modified_ns = begun ? begun->modified_ns : 0};
      const std::string token = source_->token_at(of, at);
      if (token.empty())
        state_.erase(identity);
      else
        state_[identity] = {of.name, at, token};
    }
    in_.with.say = [this](const std::string& what) { said_.push_back(what); };
    open();
  }
  /// Seconds after some moment: files that are written at once may differ by less than the clock
  /// shows.
  void written_at(const std::string& name, int seconds) {
    const auto begin = std::filesystem::file_time_type::clock::now() - 1h;
    std::filesystem::last_write_time(tree_.path(name), begin + std::chrono::seconds(seconds));
  }
  void rotate_as(const std::string& name, int seconds) {
    written_at("app.log", seconds);
    rename("app.log", name);
  }
  /// As gzip does: with the time of what it compresses.
  void compress_rotated(const std::string& name, const std::string& content) {
    const auto time = std::filesystem::last_write_time(tree_.path(name));
    compress(name, content);
    std::filesystem::last_write_time(tree_.path(name + ".gz"), time);
  }

  file_tree tree_;
  surroundings in_;
  positions at_;
  lines said_;
  std::vector<lines> kept_;  // the names of each call
  std::size_t begun_ = 0;
  std::map<std::string, remembered_shard> state_;
  std::unique_ptr<follow_source> source_;
  std::optional<stream> stream_;
};

}  // namespace weir::test

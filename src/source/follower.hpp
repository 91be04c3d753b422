#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/watcher.hpp"
#include "source/followed_file.hpp"
#include "source/read_before.hpp"
#include "source/read_earlier.hpp"
#include "source/reading.hpp"
#include "source/rotated_name.hpp"

namespace weir {

struct follow_options : line_options {
  std::vector<std::string> paths;
  bool tail = false;
  bool poll = false;
  std::chrono::nanoseconds rotate_wait = std::chrono::seconds{5};
};

/// What is to be read next: what is new in a file, or the rest that a copy holds.
struct news {
  followed_file* in = nullptr;
  std::optional<copy_of_file> copy = {};
  explicit operator bool() const noexcept { return in != nullptr || copy; }
};

/// Knows the files that some paths and globs stand for at any time, and which of them may have
/// news. What changed is learnt from the kernel; since that says nothing of network file systems,
/// everything is looked at now and then as well, more often where the kernel cannot watch. Files
/// that an earlier run did not come to the end of are looked for under other names. One thread.
class follower {
 public:
  /// All outlive it.
  follower(const follow_options& options, reading& how, const context& with,
           const resume_points& resume);

  /// What is lost. To be taken once.
  std::vector<earlier_file> take_gone() { return std::move(gone_); }
  void look_again(followed_file& f) { enqueue(f); }
  /// In the order in which it was noticed; what was noticed at once, the oldest first.
  news next_news();
  /// Waits until something may have changed, but not beyond `until`. Says what ended it.
  clock::woken wait(time_point until);

 private:
  using files = std::map<file_key, followed_file>;
  /// A file that was met, to be put in order among the others.
  struct new_file {
    bool is_current;  ///< it is where its log is
    std::int64_t modified_ns;
    std::optional<rotated_name> name;
    std::size_t met;  ///< its place among those that were met
    news is;
    bool operator<(const new_file& other) const;
  };

  /// Compressed files are not looked into any more: what is not found now is not gone.
  bool is_over() const noexcept { return with_.wake->stopped(); }
  void take_up_earlier(std::vector<earlier_file> known);
  bool take_up_again(earlier_file& f);
  void take_up_what_came_between();
  std::vector<followed_file*> rotated_away();
  std::optional<file_of_log> latest_rotated(const std::string& log,
                                            std::span<followed_file* const> away);
  void take_up_since_latest(const std::string& log);
  void queue_behind_new_files(followed_file& f);
  void take_up_since(const file_of_log& f);
  void take_up(const std::vector<named_file>& rotated, const std::string& log);
  bool is_copy_of_current(const named_file& rotated, const std::string& log);
  bool is_open_uncompressed(const std::string& log, std::int64_t modified_ns);
  std::optional<copy_of_file> open_copy(const earlier_file& f);
  void take_up_copy(copy_of_file copy);
  bool take_up_cut_off(followed_file& f, const followed_file::cut& cut);
  void mention_cut_off(const followed_file::cut& cut);
  void take_up_compressed(const named_file& rotated, const std::string& log);
  bool follows(const std::string& path) const;
  std::vector<std::string> first_followed(const std::vector<earlier_file>& known) const;
  void mention_compressed(const followed_file& f);
  bool turns_out_new(followed_file& f);
  void keep_begun(followed_file* first);
  void look_at_everything();
  void take_changes();
  void finish_rotated();
  void list_files();
  void list_one(const std::string& path);
  void meet(const std::string& path, followed_file::start where);
  followed_file* add_file(const std::string& path, const std::string& name,
                          followed_file::start where, std::optional<file_key> expected = {});
  void settle_names();
  void queue_new_files();
  files::iterator forget(files::iterator gone);
  void enqueue(followed_file& changed);
  void watch_directory(const std::string& path);
  time_point next_due() const;

  const follow_options& options_;
  reading& how_;
  const context& with_;
  const resume_points& resume_;

  watcher watcher_;
  bool watching_all_ = false;
  files files_;
  std::unordered_map<int, followed_file*> watched_;
  std::deque<news> queue_;
  std::vector<new_file> new_files_;
  std::vector<followed_file*> came_;  ///< those of them that no run knew under their path
  read_before read_before_;
  /// Logs that were said to miss files, or to unless their counts run up: where they do, each
  /// rotation would say so again.
  std::set<std::string> doubted_;
  std::vector<earlier_file> gone_;
  bool mentioned_compressed_ = false;
  /// Paths and globs whose files begin at their end: those that no run has followed, at its start.
  std::vector<std::string> tailed_;
  /// Not durable yet: none of them becomes so without those that came before. Those of `tailed_`
  /// become so with the places where their files begin: no sooner, or a kill in between would make
  /// the next run read all of them.
  std::vector<begun_shard> to_keep_;
  time_point look_again_{};
  std::chrono::nanoseconds pause_;
};

/// Throws weir::error (no_input) if the directory of a path or glob is missing; the file itself may
/// come later.
void check_followed(const std::vector<std::string>& paths, disk& files);

}  // namespace weir

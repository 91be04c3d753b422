#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sink/output.hpp"
#include "weir/batch.hpp"

namespace weir {

/// The file of rejected records: one JSON object a line, always valid, with all that is needed to
/// find, repair and replay the record:
///
///   {"time":"2026-01-02T03:04:05Z","source":"app.log","number":7,"offset":512,"stage":"json",
///    "reason":"not an object","at":0,"raw":"[1]","shard":"8:1f:1024:9a3f...",
///    "pipeline":"5d41..."}
///
/// `time` is the start of the run, so that a replay writes the same line. `raw` holds the record's
/// bytes as they were read; where they are not valid UTF-8, {"$base64":"..."} stands for the
/// string. `shard` is the identity of the source, the same in every run and after a renaming, and
/// `pipeline` the SHA-256 of the plan that rejected the record. `record/dead_record.hpp` reads it
/// back. An existing file is continued: dead letters stay until somebody removes them, and a last
/// line that was torn does not take the next one with it. One thread at a time.
class dead_letter {
 public:
  /// `pipeline` is the hash of the plan.
  dead_letter(std::string path, std::string pipeline)
      : path_(std::move(path)), pipeline_(std::move(pipeline)) {}

  /// What an earlier run of the same state committed.
  struct committed {
    std::uint64_t bytes = 0;
    std::string pipeline;  ///< the hash of its plan
  };

  /// Throws weir::error if the file cannot be opened.
  void open(const context& with);
  /// The same, to go on behind `last`; what lies there is of a run that did not come to its commit,
  /// and is cut off. Throws weir::error as well if another pipeline has written there. A file that
  /// is shorter, since somebody removed dead letters, is continued as it is, and so is one of which
  /// nothing is known.
  void resume(const context& with, const std::optional<committed>& last);
  /// Appends the rejects of `from`, all or none of them where the disk allows it.
  delivery write(const batch& from);
  const std::string& path() const noexcept { return path_; }
  std::uint64_t size_bytes() const noexcept { return out_->end_bytes(); }
  /// Makes them durable.
  delivery commit() { return out_->commit(); }
  delivery close() { return out_->close(); }

 private:
  bool is_cut_short(const context& with, const committed& last) const;
  void refuse_others(const context& with, const committed& last) const;
  delivery append_all(const batch& from);
  void append(const reject_entry& entry, std::string& out) const;

  std::string path_;
  std::string pipeline_;
  std::string time_;  ///< as JSON
  std::optional<output> out_;
};

}  // namespace weir

#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "record/dead_record.hpp"
#include "weir/source.hpp"

namespace weir {

/// Makes the lines of a dead letter the records again that they tell of, each in its own shard, at
/// its own number and offset.
///
/// Positions go by number, but a dead letter has the records of a shard in the order in which they
/// were refused: by one stage after the other, by several runs. So the records of a shard form as
/// many ascending stretches as it takes, each of them a shard to those behind it: the first has the
/// identity of the original, the others "+2", "+3" behind it. The same dead letter gives the same
/// stretches, also after it grew. One thread.
class replay {
 public:
  /// `path` is the dead letter's. All references outlive the batches.
  replay(const std::string& path, resume_points resume, const stage_id& stage, const context& with);

  /// Appends the records of `lines` to `out`, but for those that `resume` knows. What is no line of
  /// a dead letter, or holds only a part of its record, becomes a reject.
  void take(const batch& lines, batch& out);

 private:
  struct stretch {
    std::shared_ptr<const shard> of;
    std::uint64_t last = 0;     ///< the number of its latest record
    std::uint64_t resumed = 0;  ///< earlier runs were done with it up to here
  };

  stretch new_stretch(const std::string& name, std::string identity) const;
  stretch& stretch_for(const dead_record& d);
  void take_line(const record& line, batch& out);
  void reject_line(std::uint64_t number, std::uint64_t offset, std::string_view raw,
                   std::string_view why, batch& out);

  resume_points resume_;
  const stage_id& stage_;
  const context& with_;
  stretch lines_;  ///< those that are no records
  std::unordered_map<std::string, std::vector<stretch>> known_;
};

}  // namespace weir

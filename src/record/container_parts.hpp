#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "record/container_line.hpp"
#include "record/line_joiner.hpp"

namespace weir {

/// Joins the parts of containers' lines, each stream of each shard by itself, and holds what lies
/// behind the first part of an open line, with its positions. Records come out in the order of
/// their first parts.
class container_parts final : public line_joiner {
 public:
  struct limits {
    std::uint64_t bytes = 1 << 20;        ///< of the shard, from a line's first part on
    bool rejects = false;                 ///< a line that reaches the limit; else it ends there
    std::chrono::nanoseconds timeout{0};  ///< none: a line waits for ever
  };
  using shard_test = std::function<bool(const shard&)>;
  /// `rejects_as` and `with` outlive all batches. Shards that do not pass `test` go by as they are;
  /// without one, all pass.
  container_parts(limits how, const stage_id& rejects_as, const context& with, shard_test test)
      : line_joiner(with.pool),
        limits_(how),
        rejects_as_(rejects_as),
        with_(with),
        test_(std::move(test)) {}

  void end_due(time_point now) override;
  time_point due() const noexcept override;

 private:
  /// A line whose last part has not come.
  struct open_line {
    std::string stream;
    std::vector<std::uint64_t> parts;  ///< their records' numbers
    std::uint64_t offset;
    time_point due;
  };
  /// A line that was joined. Between its first part and its last one lie other records, so a run
  /// may go on there: then the other parts have been delivered with the first.
  struct joined_line {
    std::string stream;
    std::uint64_t first;
    std::uint64_t last;
  };
  struct log {
    std::shared_ptr<const shard> source;
    batch held;
    std::vector<open_line> open = {};  ///< in the order of their first parts
    std::vector<joined_line> joined = {};
    std::shared_ptr<const std::string> state = std::make_shared<const std::string>();
  };

  log& log_of(const run& r);
  void take_one_run(batch piece, time_point now) override;
  void take_line(log& l, batch& b, record& r, time_point now);
  void end_line(log& l, batch& b, std::vector<open_line>::iterator line);
  void end_at_limit(log& l, batch& b);
  void hand_on(log& l, batch piece);
  void hand_on_before(log& l, batch& piece, std::uint64_t end, std::size_t live_records);
  std::shared_ptr<const std::string> state_at(log& l, std::uint64_t next_number) const;

  limits limits_;
  const stage_id& rejects_as_;
  const context& with_;
  shard_test test_;
  std::list<log> logs_;
};

/// The records that container_parts makes of the lines of `in`: see join_lines.
stream with_whole_lines(stream in, container_parts::limits how, const stage_id* id,
                        const context* with, container_parts::shard_test test = {});

}  // namespace weir

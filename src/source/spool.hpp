#pragma once
#include <memory>
#include <string>

#include "base/spool_queue.hpp"
#include "weir/source.hpp"

namespace weir {

/// Takes the records out of a spool, as they were put in, and waits for more until the writer ends
/// it. Every batch has a stretch of the spool itself as its last run: behind that, or at a record
/// of the shards in the batch, reading goes on in another run.
class spool_source final : public source {
 public:
  /// Of the spool as a shard. There is one in a pipeline, so any name will do.
  static constexpr const char* identity = "spool";

  explicit spool_source(std::shared_ptr<spool_queue> queue) : queue_(std::move(queue)) {}

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  void committed(std::span<const shard_place> reached) override;

 private:
  std::shared_ptr<spool_queue> queue_;
};

}  // namespace weir

#pragma once
#include <list>
#include <memory>
#include <utility>

#include "parse/shard_formats.hpp"
#include "record/line_joiner.hpp"

namespace weir {

/// Holds the first lines of each shard until they suffice to decide on its format: all that decide,
/// or as many as the shard has, or as came in a second. So what is decided does not
/// hang on how the bytes came.
class first_lines final : public line_joiner {
 public:
  first_lines(std::shared_ptr<shard_formats> formats, std::shared_ptr<block_pool> pool)
      : line_joiner(std::move(pool)), formats_(std::move(formats)) {}

  void end_due(time_point now) override;
  time_point due() const noexcept override;

 private:
  struct beginning {
    std::shared_ptr<const shard> source;
    batch held;
    time_point due;
  };

  void take_one_run(batch piece, time_point now) override;
  void decide(std::list<beginning>::iterator which);

  std::shared_ptr<shard_formats> formats_;
  std::list<beginning> open_;
};

}  // namespace weir

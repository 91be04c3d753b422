#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "weir/batch.hpp"

namespace weir::testing {

/// A batch with one record, for tests that look at or change a single one.
class one_record {
 public:
  explicit one_record(std::string_view text, shape as = shape::json)
      : pool_(std::make_shared<block_pool>(std::make_shared<budget>(64 << 20))), batch_(pool_) {
    batch_.open_run(std::make_shared<shard>(shard{.name = "test.log", .identity = "test"}),
                    {70, 6});
    batch_.add(batch_.store().memory.copy(text), 7, 70).set_shape(as);
    batch_.advance({70 + text.size() + 1, 7});
  }

  record& operator*() { return batch_.all()[0]; }
  record* operator->() { return &batch_.all()[0]; }
  batch& as_batch() { return batch_; }

 private:
  std::shared_ptr<block_pool> pool_;
  batch batch_;
};

}  // namespace weir::testing

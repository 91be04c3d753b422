#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/spool_queue.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Puts records into a spool, from which a pipeline of their own takes them. It takes them as fast
/// as the disk does, until the spool is full: then it waits for room.
class spool_sink final : public sink {
 public:
  explicit spool_sink(spool_options options)
      : queue_(std::make_shared<spool_queue>(std::move(options))) {}

  const std::shared_ptr<spool_queue>& queue() const noexcept { return queue_; }
  /// As messages call it.
  std::string name() const { return "spool " + queue_->options().directory; }

  void open(const context& with) override;
  std::uint64_t resume(const context& with, const sink_memory& memory) override;
  delivery write(const batch& records) override;
  std::expected<prepared, delivery_error> prepare() override;
  delivery commit(const commit_point& point) override;
  bool wants_commit() const noexcept override { return queue_->wants_publishing(); }
  time_point due() const noexcept override;
  delivery on_due() override;
  delivery close() override;
  bool takes_any_text() const noexcept override { return true; }
  std::vector<std::string> files() const override { return {queue_->options().directory}; }
  std::string guarantee() const override;

 private:
  std::vector<spool_block> packed(const batch& records) const;
  delivery await_room(std::uint64_t bytes);
  delivery reader_left() const;
  delivery failed(io_error why);

  std::shared_ptr<spool_queue> queue_;
  const context* with_ = nullptr;
  std::optional<delivery_error> broken_;
};

}  // namespace weir

#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_exchange.hpp"
#include "net/request_limit.hpp"
#include "sink/http_answer.hpp"
#include "sink/http_form.hpp"
#include "sink/kept_group.hpp"
#include "weir/sink.hpp"

namespace weir {

/// How many requests a server is sent, and how fast.
struct http_pace {
  std::size_t at_once = 1;           ///< on their way, at most
  std::chrono::nanoseconds pause{};  ///< between the beginnings of two
};

/// Delivers each batch as one request, several of which may be on their way: as many as the server
/// bears, see `request_limit`.
///
/// A request has a body of its own, made of rows of the group. Once one fails, no other is begun;
/// when the rest have been answered, the call at hand tells of it, whatever batch it was. The same
/// call made again sends what came back, one request first: the probe. So calls that are repeated
/// add nothing to the group.
class http_delivery final : public sink {
 public:
  http_delivery(http_form form, http_options options, http_pace pace);

  void open(const context& with) override;
  std::uint64_t resume(const context& with, const sink_memory& memory) override;
  /// Returns once there is room for another request: with one at a time, when it was answered.
  delivery write(const batch& records) override;
  time_point due() const noexcept override;
  delivery on_due() override;
  /// Waits for all answers.
  std::expected<prepared, delivery_error> prepare() override;
  delivery commit(const commit_point& point) override;
  commit_group groups() const noexcept override;
  delivery close() override { return {}; }
  bool refuses_late() const noexcept override { return true; }
  std::string guarantee() const override;

 private:
  struct row_range {
    std::size_t first;
    std::size_t last;
  };
  struct parcel {
    row_range rows;
    std::size_t body_bytes;
    std::uint64_t round;
    std::unique_ptr<http_exchange> exchange;
  };
  /// How far a call has to get.
  enum class goal : std::uint8_t { what_can_be_done, room, all };

  delivery go_on(goal to);
  bool is_reached(goal to) const;
  bool may_send() const;
  void send();
  void take_answers();
  void take_answer(parcel& p);
  void refuse(row_range which, std::string reason);
  std::string bounded(std::string reason);
  void note_failure(delivery_error why);
  bool is_to_be_told() const;
  delivery_error tell();
  delivery_error out_of_time();
  void charge_bodies();

  http_form form_;
  http_options options_;
  http_pace pace_;
  const context* with_ = nullptr;
  std::optional<http_client> client_;
  std::optional<budget_share> bodies_;
  request_limit limit_;
  kept_group group_;
  bool batch_is_in_ = false;                 ///< the group has the batch of a call that failed
  std::map<std::size_t, std::size_t> left_;  ///< rows to be sent: the first, and behind the last
  std::vector<parcel> on_way_;
  std::optional<delivery_error> failure_;  ///< not told yet
  bool in_trouble_ = false;                ///< since a failure was told, nothing went well
  time_point next_request_ = time_point::min();
  time_point looked_ = time_point::min();
  std::vector<std::string> reasons_;
};

}  // namespace weir

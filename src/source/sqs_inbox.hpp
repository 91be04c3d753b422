#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_retry.hpp"
#include "net/sqs_queue.hpp"
#include "source/held_messages.hpp"
#include "source/s3_event.hpp"

namespace weir {

/// One part of a message: an object to read, or the message itself if it is no event.
struct arrival {
  held_messages::part part;
  std::optional<created_object> object = {};
  std::string_view why = {};   ///< it is no event; a constant phrase
  queue_message message = {};  ///< that is no event
};

/// Receives messages, a few at a time, and opens them. One thread.
class sqs_inbox {
 public:
  struct settings {
    std::size_t most;  ///< messages at a time
    std::chrono::seconds visibility;
    std::optional<std::chrono::nanoseconds> idle;  ///< the end, when nothing came for so long
  };

  /// All outlive it.
  sqs_inbox(sqs_queue& queue, http_client& client, held_messages& held, settings how);

  /// Goes on until something has arrived or the end has come; false if `until` or an interrupt came
  /// first. Throws weir::error if the queue cannot be asked.
  bool await(time_point until);
  /// The next part; nothing at the end.
  std::optional<arrival> take();

 private:
  void ask();
  void take_answer();
  void open(queue_message message);
  bool has_ended();

  sqs_queue& queue_;
  http_client& client_;
  held_messages& held_;
  settings how_;
  std::optional<patient_fetch> receiving_;
  std::optional<time_point> quiet_since_;
  std::deque<arrival> arrived_;
  bool ended_ = false;
};

}  // namespace weir

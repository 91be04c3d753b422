#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/keeper.hpp"
#include "net/http_client.hpp"
#include "net/sqs_queue.hpp"
#include "weir/batch.hpp"
#include "weir/source.hpp"

namespace weir {

/// The messages that were received and are not done with. A background thread keeps them from other
/// receivers meanwhile, however long a sink blocks, and deletes those that are done with: whose
/// parts have been read to their ends, and all of that is durable. Safe to use from several
/// threads.
class held_messages {
 public:
  /// `queue` and `time` outlive it.
  held_messages(sqs_queue& queue, http_options http, clock& time, std::chrono::seconds visibility);

  /// One of the things that a message tells of.
  struct part {
    std::uint64_t message;
    std::size_t number;
  };

  /// Holds a message of so many parts, and gives its number. Without any it is done with.
  std::uint64_t hold(const queue_message& m, std::size_t parts);
  /// `records` are of that part, and about to go on.
  void moved(part of, const batch& records);
  /// It was read; if not `whole`, the message is left to come again.
  void ended(part of, bool whole);
  void committed(std::span<const shard_place> reached);

  /// The end: deletes what is done with, and gives the rest back, so that others may have it at
  /// once. How many messages could not be deleted: they will come again.
  std::size_t finish();

 private:
  struct part_state {
    std::shared_ptr<const shard> of = nullptr;
    position read = {};
    position durable = {};
    bool ended = false;
  };
  struct message_state {
    std::string receipt;
    std::vector<part_state> parts;
    bool broken = false;  ///< a part of it was not read whole
  };

  time_point do_what_is_due();
  std::size_t remove_done();
  void extend();
  void settle(std::map<std::uint64_t, message_state>::iterator message);
  sqs_queue::receipts receipts();

  sqs_queue& queue_;
  clock& time_;
  std::chrono::seconds visibility_;
  interrupt undisturbed_;  ///< a run that drains deletes, too
  http_client client_;     ///< of the keeper, then of `finish`
  time_point extension_due_;
  std::mutex mutex_;  ///< guards what follows
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, message_state> messages_;
  sqs_queue::receipts done_;
  std::optional<keeper> keeper_;  // last: it uses all of the others
};

}  // namespace weir

#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/http_clients.hpp"
#include "net/request_limit.hpp"
#include "net/s3_store.hpp"
#include "source/held_messages.hpp"
#include "source/line_source.hpp"
#include "source/sqs_inbox.hpp"

namespace weir {

struct sqs_source_settings {
  sqs_settings queue;
  s3_settings objects;  ///< but for the bucket, and the region where an event names it
  http_options http;
  sqs_inbox::settings inbox;
  std::size_t merge;  ///< objects at a time
};

/// Reads the objects of S3 that the messages of a queue tell of. What it read whole it deletes from
/// the queue, once that is durable.
class sqs_source final : public line_source {
 public:
  sqs_source(sqs_source_settings how, reading_options lines);

  estimate look(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  std::optional<concurrent_shards> open_shards(const context& with, resume_points resume) override;
  bool endless() const noexcept override { return !how_.inbox.idle; }
  bool forgets() const noexcept override { return true; }
  void committed(std::span<const shard_place> reached) override;
  void close() override;

 private:
  /// What the streams of one run share.
  struct means {
    std::shared_ptr<http_clients> clients;
    std::shared_ptr<held_messages> held;
  };

  means begin(const context& with);
  shard_openers listing(const context& with, resume_points resume);
  stream one_by_one(const context& with, resume_points resume);
  stream records_of(arrival what, means by, const context& with, resume_points resume);
  stream object(arrival what, means by, const context& with, resume_points resume);
  stream no_event(arrival what, means by, const context& with, resume_points resume);
  std::shared_ptr<s3_store> store_for(const created_object& o, disk& files);

  sqs_source_settings how_;
  request_limit limit_;
  std::unique_ptr<sqs_queue> queue_;
  std::shared_ptr<held_messages> held_;
  std::mutex mutex_;  ///< guards stores_
  std::map<std::pair<std::string, std::string>, std::shared_ptr<s3_store>> stores_;
};

}  // namespace weir

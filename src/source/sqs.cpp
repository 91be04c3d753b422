#include "source/sqs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "net/s3_access.hpp"
#include "source/connection.hpp"
#include "source/in_turns.hpp"
#include "source/object_inventory.hpp"
#include "source/read_remote.hpp"
#include "source/sources.hpp"

namespace weir {
namespace {

using std::chrono::seconds;

struct sqs_options : reading_options, connection_options, s3_access {
  web_url url;
  std::uint64_t merge = 8;
  std::optional<std::chrono::nanoseconds> idle;
  std::chrono::nanoseconds visibility = seconds{60};
};

/// A short rest of a listing that was interrupted, so that it does not spin while the nudge lasts.
constexpr auto breath = std::chrono::milliseconds{10};

stream nothing() {
  co_return;
}

/// The records of one object, of which `held` is told how far they have gone. One that a drain
/// leaves is given back at the end.
stream told_of(stream records, held_messages::part part, std::shared_ptr<held_messages> held,
               std::shared_ptr<const bool> broken) {
  for (;;) {
    const pull want = co_await request;
    batch* const some = records.next(want);
    if (some == nullptr && want.drain) co_return;
    if (some == nullptr) break;
    held->moved(part, *some);
    co_yield *some;
  }
  held->ended(part, !*broken);
}

bool is_missing(const http_failure& why) {
  return why.message.contains("QueueDoesNotExist") || why.message.contains("NonExistentQueue");
}

void check(const sqs_options& o, reporter& report) {
  check(static_cast<const reading_options&>(o), report);
  check(static_cast<const connection_options&>(o), report);
  check(static_cast<const s3_access&>(o), report);
  if (o.merge == 0 || o.merge > 256) report.error("`merge` must lie between 1 and 256", {});
  if (o.visibility < seconds{1} || o.visibility > std::chrono::hours{12})
    report.error("`visibility` must lie between 1s and 12h", {});
  if (o.idle && *o.idle < seconds{1}) report.error("`idle` must be at least 1s", {});
}

sqs_source_settings settings_of(const sqs_options& o) {
  constexpr std::uint64_t most_messages = 10;
  http_options http = to_http_options(o);
  http.ca_file = aws_ca_file(o.ca);
  s3_settings objects = settings_of(o, {});
  return {.queue = {.url = o.url.text, .region = o.region, .who = objects.who},
          .objects = std::move(objects),
          .http = std::move(http),
          .inbox = {.most = std::min(o.merge, most_messages),
                    .visibility = std::chrono::ceil<seconds>(o.visibility),
                    .idle = o.idle},
          .merge = o.merge};
}

}  // namespace

sqs_source::sqs_source(sqs_source_settings how, reading_options lines)
    : line_source(std::move(lines)), how_(std::move(how)), limit_(how_.merge) {}

estimate sqs_source::look(const context& with) {
  http_client client(how_.http, *with.time, *with.wake);
  sqs_queue queue(how_.queue, process_environment(), *with.files);
  const auto waiting = queue.count(client);
  if (!waiting && is_missing(waiting.error()))
    throw error(exit_code::no_input, waiting.error().message, "check the queue's URL and region");
  if (!waiting) throw as_error(waiting.error());
  return {.bytes = {},
          .records = {},
          .shards = 0,
          .endless = endless(),
          .reason = fmt::format("about {} messages", *waiting),
          .resuming =
              "an object whose message comes again is gone on with where it was; without, "
              "it is read again (at least once)"};
}

sqs_source::means sqs_source::begin(const context& with) {
  queue_ = std::make_unique<sqs_queue>(how_.queue, process_environment(), *with.files);
  held_ = std::make_shared<held_messages>(*queue_, how_.http, *with.time, how_.inbox.visibility);
  return {std::make_shared<http_clients>(how_.http, *with.time, *with.wake), held_};
}

stream sqs_source::open(const context& with, resume_points resume) {
  return one_by_one(with, std::move(resume));
}

std::optional<concurrent_shards> sqs_source::open_shards(const context& with,
                                                         resume_points resume) {
  return concurrent_shards{in_turns(listing(with, std::move(resume)), limit_), how_.merge, true};
}

/// On threads of its own: a listing that waits for messages keeps nobody waiting.
shard_openers sqs_source::listing(const context& with, resume_points resume) {
  const means by = begin(with);
  const http_clients::lease client = by.clients->borrow();
  sqs_inbox inbox(*queue_, *client, *by.held, how_.inbox);
  shard_opener next;
  for (;;) {
    if (inbox.await(never)) {
      auto arrived = inbox.take();
      if (!arrived) co_return;
      next = [this, what = std::move(*arrived), by, &with, resume] {
        return records_of(what, by, with, resume);
      };
    } else {
      client->pause(client->time().now() + breath);
      next = nothing;
    }
    co_yield next;
  }
}

stream sqs_source::one_by_one(const context& with, resume_points resume) {
  const means by = begin(with);
  const http_clients::lease client = by.clients->borrow();
  sqs_inbox inbox(*queue_, *client, *by.held, how_.inbox);
  batch time(with.pool);
  for (;;) {
    const pull want = co_await request;
    if (want.drain) co_return;
    if (!inbox.await(want.until)) {
      time.reset(with.pool);
      co_yield time;
      continue;
    }
    auto arrived = inbox.take();
    if (!arrived) co_return;
    stream records = records_of(std::move(*arrived), by, with, resume);
    while (batch* const some = records.next(co_await request)) co_yield *some;
  }
}

stream sqs_source::records_of(arrival what, means by, const context& with, resume_points resume) {
  return what.object ? object(std::move(what), std::move(by), with, std::move(resume))
                     : no_event(std::move(what), std::move(by), with, std::move(resume));
}

stream sqs_source::object(arrival what, means by, const context& with, resume_points resume) {
  const auto store = store_for(*what.object, *with.files);
  auto broken = std::make_shared<bool>(false);
  stream records = read_remote(
      shard_of(store, what.object->key), reading_,
      {.clients = by.clients, .on_unreadable = [broken] { *broken = true; }, .limit = &limit_},
      with, std::move(resume));
  return told_of(std::move(records), what.part, by.held, std::move(broken));
}

stream sqs_source::no_event(arrival what, means by, const context& with, resume_points resume) {
  const std::string& body = what.message.body;
  auto of = std::make_shared<const shard>(
      shard{.name = shown_url(queue_->url()) + " " + what.message.id,
            .identity = fmt::format("sqs:{}#{}", shown_url(queue_->url()), what.message.id),
            .modified_ns = with.started_ns});
  if (!resume || resume(*of).number == 0) {
    batch out(with.pool);
    out.open_run(of, {});
    const std::string_view kept = out.store().memory.copy(body + '\n');
    record& r = out.add(kept.substr(0, body.size()), 1, 0);
    out.advance({.offset = kept.size(), .number = 1});
    out.reject_record(r, reject(what.why), reading_.stage);
    by.held->moved(what.part, out);
    co_yield out;
  }
  by.held->ended(what.part, true);
}

std::shared_ptr<s3_store> sqs_source::store_for(const created_object& o, disk& files) {
  const std::lock_guard lock(mutex_);
  auto& store = stores_[{o.bucket, o.region}];
  if (!store) {
    s3_settings settings = how_.objects;
    settings.bucket = o.bucket;
    settings.region = o.region.empty() ? how_.queue.region : o.region;
    store = std::make_shared<s3_store>(std::move(settings), process_environment(), files);
  }
  return store;
}

void sqs_source::committed(std::span<const shard_place> reached) {
  if (held_) held_->committed(reached);
}

void sqs_source::close() {
  const auto held = std::exchange(held_, nullptr);
  const std::size_t left = held ? held->finish() : 0;
  if (left > 0)
    reading_.unreadable.add(fmt::format("{}: {} messages could not be deleted: they come again",
                                        shown_url(queue_->url()), left));
}

component from_sqs() {
  declare<sqs_options> sqs(component::role::source, "sqs",
                           "Reads the objects that notifications of S3 in a queue tell of.");
  sqs.describe(
      "Each message is an event of S3: as S3 sends it, wrapped by SNS, or of EventBridge. The "
      "objects that were created are read, several at a time, in no order; other events of S3 are "
      "passed over. Any number of processes may share the queue.\n\nA message is kept from other "
      "receivers for as long as its objects are read and delivered, and deleted once all of their "
      "records are durable: synced or committed by the sink, or in the dead letter. A crash before "
      "that lets it come again: after `visibility` at most, at once when the run was ended by a "
      "signal. With --state an object that comes again is gone on with where it was; without, it "
      "is "
      "read again (at least once). An object that cannot be read is reported, and its message "
      "comes "
      "again, until the queue's redrive policy moves it.\n\nA message that is no event of S3 is "
      "rejected, and deleted once it is in the dead letter; so this source wants --dead-letter or "
      "--state.\n\nWithout `idle` it goes on until it is interrupted. Credentials are looked for "
      "as "
      "by `s3`; objects are read as `s3` reads them.");
  sqs.option("url", &sqs_options::url, "the queue's URL", required);
  sqs.option("idle", &sqs_options::idle, "end when no message has come for so long");
  sqs.option("visibility", &sqs_options::visibility,
             "how long a message is kept from others at a time; it is extended before it ends");
  sqs.option("merge", &sqs_options::merge,
             "how many objects to read at a time, on as many threads");
  add_s3_access(sqs);
  add_reading_options(sqs);
  add_connection_options(sqs);
  sqs.example("Errors of objects as they come; run it with --state DIR, or --dead-letter FILE",
              R"(from sqs https://sqs.eu-central-1.amazonaws.com/123456789012/logs | json | )"
              R"(where level = "ERROR" | to errors.ndjson)");
  return sqs.makes([](const sqs_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    return std::make_unique<sqs_source>(settings_of(o), o);
  });
}

}  // namespace weir

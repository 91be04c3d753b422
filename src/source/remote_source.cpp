#include "source/remote_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "source/in_turns.hpp"
#include "source/read_file.hpp"
#include "source/remote_survey.hpp"

namespace weir {
namespace {

constexpr std::uint64_t merge_max = 256;

}  // namespace

void check(const remote_options& o, reporter& report) {
  check(static_cast<const reading_options&>(o), report);
  check(static_cast<const connection_options&>(o), report);
  if (o.merge == 0 || o.merge > merge_max)
    report.error(fmt::format("`merge` must lie between 1 and {}", merge_max), {});
}

remote_source::remote_source(remote_options options, inventory_maker objects)
    : line_source(options),
      options_(std::move(options)),
      http_(to_http_options(options_)),
      limit_(options_.merge + options_.prefetch.bytes / stretch_bytes),
      room_(options_.prefetch.bytes, limit_),
      objects_(std::move(objects)) {}

void remote_source::wait_for(std::chrono::nanoseconds time) {
  http_.patience.budget = time;
}

estimate remote_source::look(const context& with) {
  http_client client(telling(http_, with), *with.time, *with.wake);
  looked_at_ = objects_(with);
  return looked_at_->look(client);
}

/// What was looked at, if that has not been used: its listing has begun.
std::unique_ptr<remote_inventory> remote_source::inventory(const context& with) {
  auto known = std::exchange(looked_at_, nullptr);
  return known ? std::move(known) : objects_(with);
}

std::optional<outlook> remote_source::survey(const context& with) {
  http_client client(telling(http_, with), *with.time, *with.wake);
  const auto all = inventory(with);
  return survey_objects(*all, client, options_, with);
}

namespace {

/// A listing and what it needs for as long as it is read.
struct open_listing {
  std::unique_ptr<http_client> client;
  std::unique_ptr<remote_inventory> of;
  std::optional<generator<const listed_input>> all;
};

generator<const listed_input> read_listing(open_listing from) {
  while (const listed_input* const one = from.all->next()) co_yield *one;
}

}  // namespace

std::optional<generator<const listed_input>> remote_source::list(const context& with) {
  open_listing made{
      .client = std::make_unique<http_client>(telling(http_, with), *with.time, *with.wake),
      .of = inventory(with),
      .all = {}};
  made.all = made.of->list(*made.client);
  if (!made.all) return std::nullopt;
  return read_listing(std::move(made));
}

stream remote_source::open(const context& with, resume_points resume) {
  return read_shards(listing(with, std::move(resume)));
}

std::optional<concurrent_shards> remote_source::open_shards(const context& with,
                                                            resume_points resume) {
  if (options_.merge < 2) return std::nullopt;
  return concurrent_shards{in_turns(listing(with, std::move(resume)), limit_), options_.merge,
                           options_.order == "any"};
}

/// The listing's version counts: what has changed since is another one to the next run.
bool remote_source::is_finished(const remote_shard& listed) const {
  if (!reading_.was_read || !listed.version.is_certain()) return false;
  return reading_.was_read(
      {.name = listed.name, .identity = remote_identity(listed.name, listed.version)});
}

shard_openers remote_source::listing(const context& with, resume_points resume) {
  http_options how = telling(http_, with);
  how.is_over = [this] { return over_.load(); };
  auto clients = std::make_shared<http_clients>(std::move(how), *with.time, *with.wake);
  const http_clients::lease client = clients->borrow();
  const std::shared_ptr<remote_inventory> objects = inventory(with);
  auto shards = objects->shards(*client);
  while (remote_shard* const next = shards.next()) {
    if (is_finished(*next)) {
      reading_.stored_bytes += next->version.size.value_or(0);
      continue;
    }
    shard_opener opener = [this, what = std::move(*next), objects, clients, &with,
                           resume]() mutable {
      return read_remote(std::move(what), reading_,
                         {.clients = clients,
                          .inventory = objects,
                          .on_unreadable = {},
                          .limit = &limit_,
                          .room = &room_},
                         with, std::move(resume));
    };
    co_yield opener;
  }
}

}  // namespace weir

#include "source/remote_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "source/read_file.hpp"

namespace weir {
namespace {

constexpr std::uint64_t merge_max = 256;

}  // namespace

http_options to_http_options(const remote_options& o) {
  http_options out;
  out.time_outs = {.connect = o.connect_timeout,
                   .first_byte = o.first_byte_timeout,
                   .idle = o.idle_timeout,
                   .total = std::nullopt};
  out.ca_file = o.ca;
  out.proxy = o.proxy.reveal();
  return out;
}

void check(const remote_options& o, reporter& report) {
  check(static_cast<const reading_options&>(o), report);
  if (o.merge == 0 || o.merge > merge_max)
    report.error(fmt::format("`merge` must lie between 1 and {}", merge_max), {});
  const auto shortest = std::min({o.connect_timeout, o.first_byte_timeout, o.idle_timeout});
  if (shortest.count() <= 0) report.error("a time-out must be longer than nothing", {});
}

error as_error(const http_failure& why) {
  const bool missing = why.status == 404 || why.status == 410;
  const bool refused = why.status == 401 || why.status == 403;
  const exit_code code = missing   ? exit_code::no_input
                         : refused ? exit_code::io
                                   : exit_code::unavailable;
  return {code, why.message, why.hint};
}

remote_source::remote_source(remote_options options, inventory_maker objects)
    : http_(to_http_options(options)),
      merge_(options.merge),
      any_order_(options.order == "any"),
      reading_{.options = std::move(options)},
      objects_(std::move(objects)) {}

estimate remote_source::look(const context& with) {
  http_client client(http_, *with.time, *with.wake);
  return objects_(with)->look(client);
}

stream remote_source::open(const context& with, resume_points resume) {
  return read_shards(listing(with, std::move(resume)));
}

std::optional<concurrent_shards> remote_source::open_shards(const context& with,
                                                            resume_points resume) {
  if (merge_ < 2) return std::nullopt;
  return concurrent_shards{listing(with, std::move(resume)), merge_, any_order_};
}

shard_openers remote_source::listing(const context& with, resume_points resume) {
  auto clients = std::make_shared<http_clients>(http_, *with.time, *with.wake);
  const http_clients::lease client = clients->borrow();
  const std::shared_ptr<remote_inventory> objects = objects_(with);
  auto shards = objects->shards(*client);
  while (remote_shard* const next = shards.next()) {
    shard_opener opener = [this, what = std::move(*next), objects, clients, &with, resume] {
      return read_remote(what, reading_, {clients, objects}, with, resume);
    };
    co_yield opener;
  }
}

}  // namespace weir

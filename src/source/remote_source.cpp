#include "source/remote_source.hpp"

#include <fmt/format.h>

#include <utility>

#include "source/read_file.hpp"

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

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
    : line_source(options),
      http_(to_http_options(options)),
      merge_(options.merge),
      any_order_(options.order == "any"),
      objects_(std::move(objects)) {}

estimate remote_source::look(const context& with) {
  http_client client(http_, *with.time, *with.wake);
  return objects_(with)->look(client);
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
  open_listing made{.client = std::make_unique<http_client>(http_, *with.time, *with.wake),
                    .of = objects_(with),
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

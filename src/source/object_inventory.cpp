#include "source/object_inventory.hpp"

#include <fmt/format.h>

#include <utility>

namespace weir {
namespace {

/// How far a look goes before reading.
constexpr int pages_looked_at = 1;

bool is_directory_marker(const stored_object& o) {
  return o.size == 0 && o.key.ends_with('/');
}

}  // namespace

remote_shard shard_of(const std::shared_ptr<object_store>& store, const std::string& key) {
  return {
      .name = store->shown(key),
      .request = [store, key](http_client& client,
                              const http_headers& added) { return store->get(client, key, added); },
      .read_error = [store](const http_head& head,
                            const std::string& body) { return store->read_error(head, body); },
      .version_header = store->version_header()};
}

object_inventory::object_inventory(std::unique_ptr<object_store> store, std::string pattern)
    : store_(std::move(store)), wanted_(std::move(pattern)) {}

generator<const stored_object> object_inventory::objects(http_client& client) {
  const bool literal = wanted_.is_key() || exists_as_key(client);
  std::vector<std::string> prefixes = wanted_.prefixes();
  if (literal) prefixes = {wanted_.text()};
  for (const std::string& prefix : prefixes) {
    std::string page;
    do {
      auto got = store_->list(client, prefix, page, client.options().patience);
      if (!got && got.error().what == http_failure::kind::interrupted) co_return;
      if (!got) throw as_error(got.error());
      for (const stored_object& o : got->objects) {
        const bool wanted = literal ? o.key == wanted_.text() : wanted_.matches(o.key);
        if (wanted && !is_directory_marker(o)) co_yield o;
        if (literal && wanted) co_return;
      }
      page = std::move(got->next);
    } while (!page.empty());
  }
}

/// A key may hold the characters of a wildcard: as with paths, what is there wins.
bool object_inventory::exists_as_key(http_client& client) {
  if (wanted_.text().empty() || wanted_.text().ends_with('/')) return false;
  if (!wanted_.text().contains('[') && !wanted_.text().contains('{') &&
      !wanted_.text().contains('?'))
    return false;
  const auto got = store_->list(client, wanted_.text(), {}, client.options().patience);
  return got && !got->objects.empty() && got->objects.front().key == wanted_.text();
}

error object_inventory::nothing_found() const {
  if (wanted_.is_key())
    return {exit_code::no_input, store_->shown(wanted_.text()) + ": there is no such object",
            "end it with / or /** to read everything below it"};
  return {exit_code::no_input, store_->shown(wanted_.text()) + ": no object matches",
          "`*` does not go beyond a slash, `**` does"};
}

estimate object_inventory::look(http_client& client) {
  estimate seen{.bytes = 0, .records = {}, .shards = 0, .endless = false, .reason = {}};
  constexpr std::uint64_t most = 1000 * pages_looked_at;
  auto all = objects(client);
  const stored_object* next = all.next();
  if (next == nullptr && !client.wake().stopped()) throw nothing_found();
  for (; next != nullptr && seen.shards < most; next = all.next()) {
    ++seen.shards;
    *seen.bytes += next->size;
  }
  const bool more = next != nullptr;
  if (more) seen.bytes.reset();
  seen.reason = fmt::format("{}{} {}", more ? "more than " : "", seen.shards,
                            seen.shards == 1 ? "object" : "objects");
  return seen;
}

generator<remote_shard> object_inventory::shards(http_client& client) {
  auto all = objects(client);
  while (const stored_object* const next = all.next()) {
    remote_shard shard = shard_of(store_, next->key);
    shard.size_bytes = next->size;
    co_yield shard;
  }
}

std::optional<generator<const listed_input>> object_inventory::list(http_client& client) {
  return listed(client);
}

generator<const listed_input> object_inventory::listed(http_client& client) {
  bool any = false;
  auto all = objects(client);
  while (const stored_object* const next = all.next()) {
    any = true;
    const listed_input one{.name = store_->shown(next->key),
                           .size_bytes = next->size,
                           .modified_ns = next->modified_ns};
    co_yield one;
  }
  if (!any && !client.wake().stopped()) throw nothing_found();
}

}  // namespace weir

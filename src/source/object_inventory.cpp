#include "source/object_inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {
namespace {

/// Beyond so many objects, or pages of which few are wanted, a look only tells that there are more.
constexpr std::size_t objects_looked_at = 1000;
constexpr std::uint64_t pages_looked_at = 10;

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

object_inventory::listing object_inventory::begin(http_client& client) {
  if (begun_) return *std::exchange(begun_, std::nullopt);
  if (wanted_.is_key() || exists_as_key(client)) return {{}, {wanted_.text()}, {}, true};
  return {{}, wanted_.prefixes(), {}, false};
}

/// Asks for the next page.
void object_inventory::turn_page(listing& of, http_client& client) {
  ++pages_asked_;
  auto got = store_->list(client, of.prefixes.front(), of.page, client.options().patience);
  of.objects.clear();
  if (!got && got.error().what != http_failure::kind::interrupted) throw as_error(got.error());
  if (!got) return of.prefixes.clear();
  for (stored_object& o : got->objects) {
    const bool wanted = of.literal ? o.key == wanted_.text() : wanted_.matches(o.key);
    if (wanted && !is_directory_marker(o)) of.objects.push_back(std::move(o));
  }
  of.page = std::move(got->next);
  // The key itself would be the first that begins with it.
  if (of.literal || of.page.empty()) of.prefixes.erase(of.prefixes.begin());
}

generator<const stored_object> object_inventory::objects(http_client& client) {
  listing all = begin(client);
  for (;;) {
    for (const stored_object& o : all.objects) co_yield o;
    if (all.prefixes.empty()) co_return;
    turn_page(all, client);
  }
}

/// A key may hold the characters of a wildcard: as with paths, what is there wins.
bool object_inventory::exists_as_key(http_client& client) {
  if (wanted_.text().empty() || wanted_.text().ends_with('/')) return false;
  if (!wanted_.text().contains('[') && !wanted_.text().contains('{') &&
      !wanted_.text().contains('?'))
    return false;
  ++pages_asked_;
  const auto got = store_->list(client, wanted_.text(), {}, client.options().patience);
  return got && !got->objects.empty() && got->objects.front().key == wanted_.text();
}

error object_inventory::nothing_found() const {
  if (wanted_.is_key())
    return {exit_code::no_input, store_->shown(wanted_.text()) + ": there is no such object",
            "end it with / or /** to read everything below it"};
  if (!wanted_.text().contains('*'))
    return {exit_code::no_input, store_->shown(wanted_.text()) + ": no object matches"};
  return {exit_code::no_input, store_->shown(wanted_.text()) + ": no object matches",
          "`*` does not go beyond a slash, `**` does"};
}

/// What is read next goes on behind it.
estimate object_inventory::look(http_client& client) {
  listing first = begin(client);
  std::vector<stored_object> found;
  const auto is_enough = [&] {
    return found.size() >= objects_looked_at || (!found.empty() && pages_asked_ >= pages_looked_at);
  };
  while (!first.prefixes.empty() && !is_enough()) {
    turn_page(first, client);
    std::ranges::move(first.objects, std::back_inserter(found));
  }
  if (found.empty() && !client.wake().stopped()) throw nothing_found();
  const bool more = !first.prefixes.empty();
  estimate seen{.bytes = 0, .records = {}, .shards = 0, .endless = false, .reason = {}};
  seen.shards = found.size();
  for (const stored_object& o : found) *seen.bytes += o.size;
  if (more) seen.bytes.reset();
  seen.reason = fmt::format("{}{} {}", more ? "more than " : "", seen.shards,
                            seen.shards == 1 ? "object" : "objects");
  first.objects = std::move(found);
  begun_ = std::move(first);
  return seen;
}

/// On a thread of its own, or by who asks for it if there is none left. Until then nobody else uses
/// the client.
std::future<object_inventory::listing> object_inventory::page_behind(const listing& now,
                                                                     http_client& client) {
  return std::async(
      [this, &client, next = listing{{}, now.prefixes, now.page, now.literal}]() mutable {
        turn_page(next, client);
        return std::move(next);
      });
}

/// A page takes so long that those who read small objects would run out of them: the next one is
/// asked for when half of this one is taken.
generator<remote_shard> object_inventory::shards(http_client& client) {
  listing now = begin(client);
  for (;;) {
    std::future<listing> next;
    const std::size_t half = now.objects.size() / 2;
    for (std::size_t i = 0; i < now.objects.size(); ++i) {
      if (i == half && !now.prefixes.empty()) next = page_behind(now, client);
      const stored_object& o = now.objects[i];
      remote_shard shard = shard_of(store_, o.key);
      shard.size_bytes = o.size;
      shard.version = {.etag = o.version, .modified = {}, .size = o.size};
      co_yield shard;
    }
    if (now.prefixes.empty()) co_return;
    if (!next.valid()) next = page_behind(now, client);
    now = next.get();
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

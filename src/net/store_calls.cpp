#include "net/store_calls.hpp"

#include <fmt/format.h>

#include <atomic>
#include <utility>

#include "base/ascii.hpp"
#include "net/remote_object.hpp"

namespace weir {

store_calls::store_calls(object_store& store, http_options http, const context& with,
                         backoff_policy patience)
    : store_(store),
      with_(with),
      patience_(patience),
      client_(std::move(http), *with.time, *with.wake, http_client::once_stopped::delivers) {}

error_reader store_calls::error_reading() {
  return [this](const http_head& head, const std::string& body) {
    return store_.read_error(head, body);
  };
}

http_result<http_response> store_calls::ask(const request_maker& make) {
  return fetch_patiently(client_, make, patience_, real_chance(), error_reading());
}

http_result<void> store_calls::read(const std::string& key,
                                    const std::function<void(std::string_view)>& each) {
  const auto request = [&](http_client& client, const http_headers& added) {
    return store_.get(client, key, added);
  };
  remote_object object({.request = request,
                        .read_error = error_reading(),
                        .version_header = store_.version_header(),
                        .patience = patience_},
                       client_);
  std::atomic<std::uint64_t> uncounted = 0;
  auto bytes = object.bytes(0, with_, uncounted);
  while (const chunk* const some = bytes.next({})) each(some->bytes);
  if (const http_failure* const why = object.failure()) return std::unexpected(*why);
  return {};
}

http_failure odd_answer(const std::string& where, std::string_view what) {
  return {.what = http_failure::kind::unknown,
          .message = fmt::format("{}: the answer {} cannot be understood", where, what)};
}

void add_words(http_headers& to, const std::map<std::string, std::string>& words,
               std::string_view prefix) {
  for (const auto& [name, value] : words) to.push_back({fmt::format("{}{}", prefix, name), value});
}

object_facts facts_in(const http_head& head, std::string_view prefix) {
  object_facts out{.size_bytes = head.length().value_or(0), .words = {}};
  for (const http_header& h : head.headers) {
    const std::string name = lower_case(h.name);
    if (name.starts_with(prefix)) out.words[name.substr(prefix.size())] = h.value;
  }
  return out;
}

}  // namespace weir

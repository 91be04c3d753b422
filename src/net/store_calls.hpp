#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "net/object_store.hpp"
#include "net/object_writer.hpp"

namespace weir {

/// What a writer asks of its store. Each call makes attempts as `patience` has it, and goes on
/// through a drain: what is on its way is to arrive. One thread at a time.
class store_calls {
 public:
  /// `store` and `with` outlive it.
  store_calls(object_store& store, http_options http, const context& with, backoff_policy patience);

  /// For what signing may have to fetch.
  http_client& client() noexcept { return client_; }
  const backoff_policy& patience() const noexcept { return patience_; }

  /// The answer to a request, which is made anew, and signed, for each attempt.
  http_result<http_response> ask(const request_maker& make);
  /// Hands the bytes of an object to `each`, as they come.
  http_result<void> read(const std::string& key, const std::function<void(std::string_view)>& each);

 private:
  error_reader error_reading();

  object_store& store_;
  const context& with_;
  backoff_policy patience_;
  http_client client_;
};

/// The failure of a call whose answer makes no sense. `where` is the object.
http_failure odd_answer(const std::string& where, std::string_view what);

/// An object's words as headers: `prefix` ("x-amz-meta-") and the word's name.
void add_words(http_headers& to, const std::map<std::string, std::string>& words,
               std::string_view prefix);
/// What the head of an object's answer tells of it.
object_facts facts_in(const http_head& head, std::string_view prefix);

}  // namespace weir

#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/backoff.hpp"
#include "net/http_client.hpp"
#include "net/http_exchange.hpp"

namespace weir {

/// What a service says in an answer that is an error.
struct error_story {
  std::string detail = {};  ///< for the message; empty if it says nothing
  std::string code = {};    ///< see http_failure
  /// Its cause has been removed (credentials renewed, the region learnt): worth one more attempt at
  /// once.
  bool mended = false;
};
using error_reader = std::function<error_story(const http_head& head, const std::string& body)>;

/// Makes the request of one attempt, so that each can be signed anew. Fails if nobody can sign it.
using request_maker = std::function<http_result<http_request>()>;

/// Whether another attempt may succeed and can do no harm: a request that may not be repeated is
/// sent again only if nothing of it arrived, or the server answered that it did nothing (429, 503).
bool may_retry(const http_failure& why, bool repeatable) noexcept;

/// When a request that keeps failing is made again.
class retry_times {
 public:
  /// Made when it fails for the first time. `client` outlives it.
  retry_times(const http_client& client, const backoff_policy& policy, uniform_chance chance);
  /// Nothing once patience has ended. A long wait is told to the client's `on_wait`.
  std::optional<time_point> next(const http_failure& why);

 private:
  const http_client& client_;
  time_point since_;
  std::chrono::nanoseconds patience_;
  backoff_schedule waits_;
};

/// A request that is made again as the policy has it, step by step, for a caller who may not wait
/// for long. An answer with a status of 300 or more is a failure, and so is a body that is too
/// large. One thread at a time.
class patient_fetch {
 public:
  struct plan {
    request_maker make;
    backoff_policy patience = {};
    uniform_chance chance = real_chance();
    error_reader read_error = {};
    std::size_t most_bytes = 4 << 20;
  };

  /// `client` outlives it. Nothing is sent before `await`.
  patient_fetch(http_client& client, plan how);

  /// Goes on until there is an outcome; false if `until` or an interrupt came first.
  bool await(time_point until);
  /// The whole answer, or why the last attempt failed; once `await` said so.
  http_result<http_response>& outcome() noexcept { return *outcome_; }
  /// Why the latest attempt failed; kind::interrupted if none has.
  const http_failure& latest_failure() const noexcept { return latest_; }

 private:
  bool await_retry(time_point until);
  void ask();
  void take_answer();
  void try_again_or_fail(http_failure why);

  http_client& client_;
  plan how_;
  std::optional<retry_times> retries_;
  bool repeatable_ = false;
  bool mended_ = false;  ///< once is enough
  std::unique_ptr<http_exchange> exchange_;
  time_point retry_at_ = time_point::min();
  http_failure latest_{
      .what = http_failure::kind::interrupted, .message = "interrupted", .lasting = true};
  std::optional<http_result<http_response>> outcome_;
};

/// The same, waiting for it unless the pipeline is stopped.
http_result<http_response> fetch_patiently(http_client& client, const request_maker& make,
                                           const backoff_policy& policy, uniform_chance chance,
                                           const error_reader& read_error = {},
                                           std::size_t most_bytes = 4 << 20);

}  // namespace weir

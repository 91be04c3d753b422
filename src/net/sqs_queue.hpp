#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "net/aws_credential_chain.hpp"
#include "net/http_retry.hpp"

namespace weir {

struct sqs_settings {
  std::string url;  ///< of the queue
  std::string region =
      {};  ///< empty: of the host's name, AWS_REGION, AWS_DEFAULT_REGION, the profile
  aws_identity who = {};
};

/// A message as it was received. `receipt` is what its holder names it by.
struct queue_message {
  std::string id;
  std::string receipt;
  std::string body;
};

/// A queue of Amazon SQS, or of what speaks its JSON protocol. Requests are signed when they are
/// made. Safe to use from several threads, each with its client.
class sqs_queue {
 public:
  /// `files` outlives it.
  sqs_queue(sqs_settings settings, const environment& env, disk& files);

  const std::string& url() const noexcept { return settings_.url; }

  struct receive_options {
    std::size_t most = 10;         ///< messages, at most ten
    std::chrono::seconds wait{0};  ///< for the first one, at most 20 s
    std::chrono::seconds visibility{60};
  };
  /// To be awaited: the answer is for `messages_in`. `client` outlives it.
  patient_fetch::plan receive(http_client& client, receive_options how);
  static http_result<std::vector<queue_message>> messages_in(const http_response& answer);

  /// About how many messages wait in it.
  http_result<std::string> count(http_client& client);

  // For up to ten receipts at a time. They give the receipts that another attempt may do better
  // with: those of messages that are not the caller's any more are passed over.
  using receipts = std::vector<std::string>;
  receipts remove(http_client& client, const receipts& of);
  receipts set_visibility(http_client& client, const receipts& of, std::chrono::seconds from_now);

 private:
  request_maker request(http_client& client, std::string action, std::string body);
  http_result<http_response> ask(http_client& client, const std::string& action, std::string body);
  receipts in_batch(http_client& client, const std::string& action, const receipts& of,
                    const std::string& more);
  error_story read_error(const http_head& head, const std::string& body);

  sqs_settings settings_;
  std::string endpoint_;
  aws_credential_chain credentials_;
  std::string region_;
};

}  // namespace weir

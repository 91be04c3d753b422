#pragma once
#include <cstddef>
#include <memory>

#include "net/http.hpp"
#include "weir/context.hpp"

namespace weir {

class curl_loop;
class http_exchange;

/// An HTTP/1.1 client: several requests at a time, one thread at a time. TLS is verified; proxies
/// come from the environment or the options; answers are not decompressed.
///
/// It waits on `wake`, so that a source can answer when the pipeline drains. A sink, which has to
/// deliver what is left, gives it an interrupt that nobody uses.
class http_client {
 public:
  /// `time` and `wake` outlive it.
  http_client(http_options options, clock& time, interrupt& wake);
  ~http_client();

  /// Begins a request, whose answer is to be read as a stream.
  std::unique_ptr<http_exchange> start(http_request what);
  /// The whole answer, whatever its status, if its body has at most `most_bytes`. Waits for it,
  /// unless the pipeline is stopped.
  http_result<http_response> fetch(http_request what, std::size_t most_bytes = 4 << 20);

  /// Waits until then, before another attempt. False at once when the pipeline is stopped.
  bool pause(time_point until);

  clock& time() const noexcept;
  interrupt& wake() const noexcept;

 private:
  http_options options_;
  std::unique_ptr<curl_loop> loop_;
};

}  // namespace weir

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
/// It waits on `wake`, so that a source can answer when the pipeline drains. That of a sink, which
/// has to deliver what is left, goes on for the grace of the drain.
class http_client {
 public:
  enum class once_stopped : std::uint8_t { ends, delivers };

  /// `time` and `wake` outlive it.
  http_client(http_options options, clock& time, interrupt& wake,
              once_stopped then = once_stopped::ends);
  /// One that waits as `like` does.
  http_client(http_options options, const http_client& like);
  ~http_client();

  /// Begins a request, whose answer is to be read as a stream.
  std::unique_ptr<http_exchange> start(http_request what);
  /// The whole answer, whatever its status, if its body has at most `most_bytes`. Waits for it for
  /// as long as `may_go_on`.
  http_result<http_response> fetch(http_request what, std::size_t most_bytes = 4 << 20);

  /// Goes on with the requests that were started until there may be news of one, but not beyond
  /// `until`. A stop does not keep it from that: see `may_go_on`.
  void turn(time_point until);
  /// Waits until then, before another attempt. False once it may not go on.
  bool pause(time_point until);
  /// False once the pipeline is stopped, or nobody wants an answer; or once the grace of its drain
  /// is over.
  bool may_go_on() const;
  /// What a request to `whom` comes to that may not go on.
  http_failure broken_off(const std::string& whom) const;

  const http_options& options() const noexcept { return options_; }
  clock& time() const noexcept;
  interrupt& wake() const noexcept;

 private:
  http_options options_;
  once_stopped then_;
  std::unique_ptr<curl_loop> loop_;
};

}  // namespace weir

#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "net/http_client.hpp"

namespace weir {

/// Clients for the threads that read at the same time: each is lent to one at a time and keeps its
/// connections for the next. Safe to use from several threads.
class http_clients {
 public:
  /// `time` and `wake` outlive it.
  http_clients(http_options options, clock& time, interrupt& wake);

  struct giver_back {
    http_clients* to;
    void operator()(http_client* used) const;
  };
  using lease = std::unique_ptr<http_client, giver_back>;

  /// It is given back when the lease ends, at the latest before this goes.
  lease borrow();

 private:
  http_options options_;
  clock& time_;
  interrupt& wake_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<http_client>> idle_;
};

}  // namespace weir

#include "net/http_clients.hpp"

#include <utility>

namespace weir {

http_clients::http_clients(http_options options, clock& time, interrupt& wake)
    : options_(std::move(options)), time_(time), wake_(wake) {}

http_clients::lease http_clients::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return {new http_client(options_, time_, wake_), giver_back{this}};
  auto known = std::move(idle_.back());
  idle_.pop_back();
  return {known.release(), giver_back{this}};
}

void http_clients::giver_back::operator()(http_client* used) const {
  std::unique_ptr<http_client> back{used};
  const std::lock_guard lock(to->mutex_);
  to->idle_.push_back(std::move(back));
}

}  // namespace weir

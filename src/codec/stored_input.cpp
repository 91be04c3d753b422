#include "codec/stored_input.hpp"

#include <algorithm>

namespace weir {

bool stored_input::fetch(const pull& wanted) {
  const chunk* const next = ended_ ? nullptr : from_.next(wanted);
  if (!next) {
    ended_ = true;
    return true;
  }
  fetched_ += next->bytes.size();
  if (rest_.empty()) {
    rest_ = next->bytes;
    memory_ = next->memory;
  } else if (!next->bytes.empty()) {
    join(*next);
  }
  if (next->fault) {
    fault_ = next->fault;
    ended_ = true;
  }
  return ended_ || !next->bytes.empty();
}

void stored_input::join(const chunk& next) {
  const std::size_t size = rest_.size() + next.bytes.size();
  auto joined = pool_->take(size);
  char* const end = std::ranges::copy(rest_, joined->data()).out;
  std::ranges::copy(next.bytes, end);
  rest_ = {joined->data(), size};
  memory_ = std::move(joined);
}

}  // namespace weir

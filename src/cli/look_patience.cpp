#include "cli/look_patience.hpp"

#include <chrono>

#include "source/waits_for_servers.hpp"

namespace weir {
namespace {

constexpr std::chrono::seconds usual_wait{5};

}  // namespace

void limit_wait(source& of, const invocation& it) {
  if (auto* const from = dynamic_cast<waits_for_servers*>(&of))
    from->wait_for(it.give_up_after.value_or(usual_wait));
}

}  // namespace weir

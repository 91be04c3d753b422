#include "source/shard_end.hpp"

#include <string>
#include <utility>

namespace weir {

void reading_progress::note(const batch& some) {
  if (some.runs().empty()) return;
  at = some.runs().back().to;
  ended = some.runs().back().ends;
}

// What a parser keeps of the shard stays what it is.
void tell_end(batch& only, std::shared_ptr<const shard> of, position at, const context& with) {
  const std::string kept = with.parser_state ? with.parser_state(*of) : std::string{};
  only.reset(with.pool);
  only.open_run(std::move(of), at,
                kept.empty() ? nullptr : std::make_shared<const std::string>(kept));
  only.advance(at);
  only.end_shard();
}

}  // namespace weir

#include "source/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/duration.hpp"

namespace weir {

http_options to_http_options(const connection_options& o) {
  http_options out;
  out.time_outs = {.connect = o.connect_timeout,
                   .first_byte = o.first_byte_timeout,
                   .idle = o.idle_timeout,
                   .total = std::nullopt};
  if (o.total_timeout.count() > 0) out.time_outs.total = o.total_timeout;
  out.ca_file = o.ca;
  out.proxy = o.proxy.reveal();
  return out;
}

http_options telling(http_options how, const context& with) {
  if (!with.say) return how;
  how.on_wait = [say = with.say, patience = how.patience.budget,
                 said = std::make_shared<std::atomic<bool>>(false)](const http_failure& why) {
    if (said->exchange(true)) return;
    say(fmt::format("waiting: {}; tried again for {}", why.message, format_duration(patience)));
  };
  return how;
}

void check(const connection_options& o, reporter& report) {
  const auto shortest = std::min({o.connect_timeout, o.first_byte_timeout, o.idle_timeout});
  if (shortest.count() <= 0 || o.total_timeout.count() < 0)
    report.error("a time-out must be longer than nothing", {});
}

exit_code code_of(const http_failure& why) {
  if (why.status == 404 || why.status == 410) return exit_code::no_input;
  const bool answered_oddly = why.what == http_failure::kind::status && why.status / 100 < 3;
  return answered_oddly ? exit_code::io : exit_code::unavailable;
}

error as_error(const http_failure& why) {
  return {code_of(why), why.message, why.hint};
}

}  // namespace weir

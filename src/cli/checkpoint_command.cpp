#include "cli/checkpoint_command.hpp"

#include <fmt/format.h>

#include "base/disk.hpp"
#include "cli/terminal.hpp"
#include "engine/log_inspection.hpp"
#include "engine/log_repair.hpp"

namespace weir {
namespace {

exit_code inspect(const invocation& it, disk& files) {
  const log_inspection seen = inspect_log(files, it.operands.front());
  fmt::print("{}", it.json ? inspection_json(seen) : inspection_text(seen));
  if (!seen.damaged()) return exit_code::ok;
  if (seen.has_way_on()) {
    say(fmt::format(
        "  = help: `weir checkpoint repair {}` goes back to what is before the damage\n",
        it.operands.front()));
  }
  return exit_code::io;
}

exit_code repair(const invocation& it, disk& files) {
  const auto done = repair_log(files, it.operands.front());
  say(done ? repair_text(*done) : it.operands.front() + "/log: nothing to repair\n");
  return exit_code::ok;
}

}  // namespace

exit_code checkpoint_command(const invocation& it) {
  const auto files = real_disk();
  return it.verb == "repair" ? repair(it, *files) : inspect(it, *files);
}

}  // namespace weir

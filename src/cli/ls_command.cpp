#include "cli/ls_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "base/time.hpp"
#include "cli/load.hpp"
#include "cli/look_patience.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "engine/diagnostics.hpp"
#include "record/json_bytes.hpp"
#include "sink/visible.hpp"

namespace weir {
namespace {

std::string time_text(std::int64_t ns) {
  std::string out;
  if (ns != 0) format_time(ns, "%Y-%m-%dT%H:%M:%SZ", out);
  return out;
}

/// For people: the time, the size, the name.
std::string line_of(const listed_input& one) {
  const std::string size = one.size_bytes ? std::to_string(*one.size_bytes) : std::string{};
  std::string out = fmt::format("{:20}  {:>15}  ", time_text(one.modified_ns), size);
  append_visible(one.name, out);
  return out + "\n";
}

/// For machines: what is not known is null, and a name that is not UTF-8 is in base64.
std::string json_of(const listed_input& one) {
  std::string out = "{\"name\":";
  write_json_bytes(one.name, out);
  out += ",\"bytes\":" + (one.size_bytes ? std::to_string(*one.size_bytes) : "null");
  const std::string time = time_text(one.modified_ns);
  return out + ",\"modified\":" + (time.empty() ? "null" : '"' + time + '"') + "}\n";
}

/// False once nobody reads any more.
bool print(const std::string& line) {
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
         std::ferror(stdout) == 0;
}

exit_code print_all(source& of, const context& with, bool json) {
  auto inputs = of.list(with);
  if (!inputs) {
    throw error(exit_code::usage, "this source has no listing",
                "files, s3://, gs://, az:// and http:// have one");
  }
  while (const listed_input* const one = inputs->next()) {
    if (!print(json ? json_of(*one) : line_of(*one))) return exit_code::ok;
  }
  for (const std::string& why : of.why_unreadable()) say("error: " + why + "\n");
  return of.unreadable() > 0 ? exit_code::io : exit_code::ok;
}

}  // namespace

exit_code ls_command(const invocation& it, const std::vector<component>& table) {
  const std::unique_ptr<disk> files = real_disk();
  loaded what = load(it, table, *files);
  const terminal errors = look_at_terminal(STDERR_FILENO, it.color);
  if (!what.report.found().empty()) {
    say(render(what.text, what.report.found(), errors.color));
  }
  if (!what.made) return exit_code::usage;
  real_clock time;
  interrupt wake;
  const signal_guard signals(wake);
  context with;
  with.pool = std::make_shared<block_pool>(std::make_shared<budget>(memory_bytes(it)));
  with.time = &time;
  with.wake = &wake;
  with.files = files.get();
  with.say = [](const std::string& notice) { say(notice + "\n"); };
  limit_wait(*what.made->from, it);
  return signals.code_of([&] { return print_all(*what.made->from, with, it.json); });
}

}  // namespace weir

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <span>

#include "base/disk.hpp"
#include "base/nearest.hpp"
#include "base/standard_descriptors.hpp"
#include "cli/checkpoint_command.hpp"
#include "cli/dlq_command.hpp"
#include "cli/invocation.hpp"
#include "cli/ls_command.hpp"
#include "cli/pipeline_command.hpp"
#include "cli/report_file.hpp"
#include "cli/terminal.hpp"
#include "engine/describe.hpp"
#include "engine/report.hpp"
#include "engine/schema.hpp"
#include "expr/functions.hpp"
#include "weir/component.hpp"
#include "weir/error.hpp"
#include "weir/version.hpp"

namespace weir {
namespace {

exit_code complain(const std::string& message, const std::string& hint, exit_code code) {
  say(fmt::format("error: {}\n", message));
  if (!hint.empty()) say(fmt::format("  = help: {}\n", hint));
  return code;
}

/// A function of the expression language, as the page of a component.
std::string describe(const expr::function& f) {
  return fmt::format("{} (function)\n  {}\n\nExample:\n  {} gives {}\n", f.signature, f.summary,
                     f.example, f.example_result);
}

exit_code unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const component& c : components()) names.push_back(c.name);
  for (const expr::function& f : expr::functions()) names.emplace_back(f.name);
  const auto meant = nearest(name, names);
  return complain("no source, stage, sink or function is called `" + name + "`",
                  meant ? "did you mean `" + *meant + "`?" : "see `weir list`", exit_code::usage);
}

exit_code describe_each(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    bool known = false;
    for (const component& c : components()) {
      if (c.name != name) continue;
      fmt::print("{}{}", known ? "\n" : "", describe(c));
      known = true;
    }
    if (const expr::function* const f = known ? nullptr : expr::find_function(name)) {
      fmt::print("{}", describe(*f));
      known = true;
    }
    if (!known) return unknown(name);
  }
  return exit_code::ok;
}

exit_code act(const invocation& it) {
  switch (it.what) {
    case action::help:
      fmt::print("{}", it.help);
      return exit_code::ok;
    case action::version:
      fmt::print("weir {}\n", version);
      return exit_code::ok;
    case action::list:
      fmt::print("{}", list(components()));
      return exit_code::ok;
    case action::schema:
      fmt::print("{}", schema(components()));
      return exit_code::ok;
    case action::describe:
      return describe_each(it.operands);
    case action::completion:
      fmt::print("{}", completion(shell_of(it.operands.front()).value(), shape_of_command(),
                                  components()));
      return exit_code::ok;
    case action::checkpoint:
      return checkpoint_command(it);
    case action::dlq:
      return dlq_command(it);
    case action::ls:
      return ls_command(it, components());
    default:
      return pipeline_command(it, components());
  }
}

/// What was printed may still lie in a buffer. A reader that has gone away wants no more of it.
void require_printed() {
  errno = 0;
  if (std::fflush(stdout) == 0 || errno == EPIPE) return;
  throw error(exit_code::io, "stdout: " + io_error{errno}.message());
}

exit_code misused(const misuse& why) {
  const exit_code code = complain(why.message, why.hint, exit_code::usage);
  if (!why.report_path.empty()) {
    const auto files = real_disk();
    write_whole(*files, why.report_path, report_json(report_of_no_run(code, why.message, 0)));
  }
  return code;
}

exit_code carry_out(std::span<const char* const> arguments) {
  const auto understood = understand(arguments, components(), ::isatty(STDIN_FILENO) == 0);
  if (!understood) return misused(understood.error());
  const exit_code outcome = act(*understood);
  require_printed();
  return outcome;
}

exit_code command(std::span<const char* const> arguments) {
  try {
    return carry_out(arguments);
  } catch (const error& e) {
    return complain(e.what(), e.hint(), e.code());
  } catch (const std::bad_alloc&) {
    say("error: out of memory\n");
    return exit_code::io;
  } catch (const std::exception& e) {
    return complain(e.what(), {}, exit_code::io);
  }
}

}  // namespace
}  // namespace weir

namespace {

/// Batches are filled on one thread and freed on another. By default glibc gives such memory back
/// to the kernel each time and faults it in again: a quarter of the time of a run with two lanes.
/// Each arena keeps the most that it ever had. With one for all, eight threads that read small
/// objects waited for each other; one for each of them would keep a tenth more than two do.
void keep_freed_memory() {
  ::mallopt(M_ARENA_MAX, 2);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TOP_PAD, 16 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  weir::occupy_standard_descriptors();
  keep_freed_memory();
  const std::span<const char* const> all(argv, static_cast<std::size_t>(argc));
  return static_cast<int>(weir::command(all.subspan(all.empty() ? 0 : 1)));
}

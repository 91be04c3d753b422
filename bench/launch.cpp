// Runs a command and writes what it cost to a file, as JSON.
//
//   launch RESULT COMMAND ARGUMENT...
//
// A process keeps the peak memory of whatever it was before its exec. So a script cannot measure a
// command that is smaller than the script's interpreter; this small program can.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>

#include "system.hpp"

namespace {

using namespace bench;

struct cost {
  double seconds = 0;
  int exit_code = 0;
  rusage used{};
};

cost run(char** command) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) fail_call("fork");
  if (child == 0) {
    ::execvp(command[0], command);
    std::perror(command[0]);
    ::_exit(127);
  }
  cost c;
  int status = 0;
  while (::wait4(child, &status, 0, &c.used) < 0) {
    if (errno != EINTR) fail_call("wait4");
  }
  c.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  c.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return c;
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) fail("usage: launch RESULT COMMAND ARGUMENT...");
  const cost c = run(argv + 2);
  std::FILE* const out = std::fopen(argv[1], "w");
  if (out == nullptr) fail_call(argv[1]);
  std::fprintf(out,
               R"({"seconds": %.6f, "user": %.6f, "system": %.6f, "peak_bytes": %jd, "exit": %d})"
               "\n",
               c.seconds, seconds(c.used.ru_utime), seconds(c.used.ru_stime),
               static_cast<std::intmax_t>(c.used.ru_maxrss) * 1024, c.exit_code);
  return std::fclose(out) == 0 ? 0 : 2;
}

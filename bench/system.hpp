#pragma once
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace bench {

/// Ends the program with a message. A yardstick that goes on after an error measures nothing.
[[noreturn]] inline void fail(std::string_view what) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

/// The same for a failed system call: names it and its cause.
[[noreturn]] inline void fail_call(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::exit(2);
}

}  // namespace bench

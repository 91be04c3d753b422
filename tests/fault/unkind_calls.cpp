// Preloaded into weir: calls that do what they may and nobody likes. WEIR_UNKIND says which:
//   short   reads and writes take or give only some of the bytes
//   clock   the clock on the wall jumps by a year, back and forth, each time somebody looks
#include <dlfcn.h>
#include <sys/types.h>
#include <time.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_unkind(std::string_view way) {
  static const char* const chosen = std::getenv("WEIR_UNKIND");
  return chosen != nullptr && chosen == way;
}

/// Of several bytes not all.
size_t some_of(size_t bytes) {
  static std::atomic<unsigned> calls{0};
  return bytes < 2 || !is_unkind("short") ? bytes : 1 + (++calls * 7919u) % (bytes - 1);
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* from, size_t bytes) {
  static const auto real = next<ssize_t(int, const void*, size_t)>("write");
  return real(fd, from, some_of(bytes));
}

ssize_t read(int fd, void* into, size_t bytes) {
  static const auto real = next<ssize_t(int, void*, size_t)>("read");
  return real(fd, into, some_of(bytes));
}

int clock_gettime(clockid_t which, struct timespec* now) noexcept {
  static const auto real = next<int(clockid_t, struct timespec*)>("clock_gettime");
  static std::atomic<unsigned> looks{0};
  const int result = real(which, now);
  constexpr time_t year_s = 31'536'000;
  if (result == 0 && which == CLOCK_REALTIME && is_unkind("clock")) {
    // In no pattern that somebody who looks twice each time would fall in with.
    now->tv_sec += ++looks * 2654435761u >> 31 == 0 ? year_s : -year_s;
  }
  return result;
}
}

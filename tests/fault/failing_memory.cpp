// Preloaded into weir: from the start of main the WEIR_FAILING_ALLOCATION-th allocation finds no
// memory. How many there were is appended to the file WEIR_ALLOCATIONS names.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

extern "C" {
// How glibc calls its own.
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* old, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace {

/// What libraries make of themselves before main begins is not weir's.
std::atomic<bool> has_begun{false};
std::atomic<long> made{0};
long failing = 0;
int (*main_of_weir)(int, char**, char**);

bool fails() {
  if (!has_begun.load(std::memory_order_relaxed) || ++made != failing) return false;
  errno = ENOMEM;
  return true;
}

void write_count() {
  has_begun = false;
  const char* const path = std::getenv("WEIR_ALLOCATIONS");
  if (path == nullptr) return;
  const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  ::dprintf(file, "%ld", made.load());
  ::close(file);
}

int counted_main(int count, char** arguments, char** environment) {
  const char* const which = std::getenv("WEIR_FAILING_ALLOCATION");
  failing = which == nullptr ? 0 : std::atol(which);
  has_begun = true;
  const int code = main_of_weir(count, arguments, environment);
  write_count();
  return code;
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
  return fails() ? nullptr : __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) {
  return fails() ? nullptr : __libc_calloc(count, bytes);
}

void* realloc(void* old, std::size_t bytes) {
  return fails() ? nullptr : __libc_realloc(old, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return fails() ? nullptr : __libc_memalign(alignment, bytes);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t bytes) {
  if (fails()) return ENOMEM;
  *out = __libc_memalign(alignment, bytes);
  return *out == nullptr ? ENOMEM : 0;
}

/// What calls main. Its last parameters are as in glibc's csu/libc-start.c.
int __libc_start_main(int (*main)(int, char**, char**), int count, char** arguments, void (*init)(),
                      void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  using start =
      int(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  main_of_weir = main;
  const auto real = reinterpret_cast<start*>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(counted_main, count, arguments, init, fini, rtld_fini, stack_end);
}
}

#include "base/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace weir {

// The one that is opened gets the lowest number that is free, which is the one that was missing.
void occupy_standard_descriptors() noexcept {
  constexpr std::array<int, 3> unusable_but_for_messages{O_WRONLY, O_RDONLY, O_RDWR};
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) == -1)
      static_cast<void>(
          ::open("/dev/null", unusable_but_for_messages[static_cast<std::size_t>(fd)]));
}

}  // namespace weir

#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace weir {
namespace {

std::string_view environment(const char* name) {
  const char* const found = std::getenv(name);
  return found ? found : "";
}

}  // namespace

terminal look_at_terminal(int descriptor, when color) {
  terminal out;
  out.present = ::isatty(descriptor) == 1 && environment("TERM") != "dumb";
  out.color = color == when::always ||
              (color == when::automatic && out.present && environment("NO_COLOR").empty());
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) out.columns = size.ws_col;
  return out;
}

void say(std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace weir

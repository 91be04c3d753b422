// A state machine without states: the place in the code is the state. A traffic light for
// pedestrians that answers each tick, and skips ahead when somebody presses the button.
#include <iostream>
#include <string_view>

#include "weir/generator.hpp"

struct tick {
  bool button_pressed = false;
};

using lights = weir::generator<const std::string_view, tick>;

lights pedestrian_crossing() {
  constexpr std::string_view cars_go = "cars go";
  constexpr std::string_view cars_stop = "cars stop";
  constexpr std::string_view people_walk = "people walk";
  while (true) {
    bool wanted = false;
    while (!wanted) {
      const tick now = co_await weir::request;
      wanted = now.button_pressed;
      if (!wanted) co_yield cars_go;
    }
    co_yield cars_stop;
    co_yield people_walk;
    co_yield people_walk;
    co_yield cars_stop;
  }
}

int main() {
  auto crossing = pedestrian_crossing();
  for (int second = 0; second < 9; ++second) {
    const bool pressed = second == 2 || second == 8;
    const std::string_view* shown = crossing.next({.button_pressed = pressed});
    std::cout << second << (pressed ? " (button) " : " ") << *shown << '\n';
  }
}

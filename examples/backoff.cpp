// Retries as a generator that its caller steers. The generator knows the schedule, the caller knows
// what happened: it tells the outcome with `next(outcome)`, a change of the world with `raise`, and
// that it has had enough with `finish`, on which the generator still hands over one last item.
#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>

#include "weir/generator.hpp"

using std::chrono::milliseconds;

enum class outcome { first_try, refused, overloaded };

struct network_changed {};

struct advice {
  milliseconds wait{0};
  std::string why;
};

constexpr milliseconds first_wait{100};
constexpr milliseconds longest_wait{2000};

milliseconds following(milliseconds wait, outcome last) {
  if (last == outcome::first_try) return milliseconds{0};
  const int factor = last == outcome::overloaded ? 4 : 2;
  return std::clamp(wait * factor, first_wait, longest_wait);
}

weir::generator<advice, outcome> backoff() {
  milliseconds wait{0};
  int attempts = 0;
  bool open = true;
  while (open) {
    wait = following(wait, co_await weir::request);
    ++attempts;
    advice next{wait, "try again"};
    try {
      co_yield next;
    } catch (const network_changed&) {
      wait = milliseconds{0};
    } catch (const weir::generator_closed&) {
      open = false;
    }
  }
  advice summary{milliseconds{0}, "gave up after " + std::to_string(attempts) + " attempts"};
  co_yield summary;
}

void show(const char* event, const advice* a) {
  std::cout << event << ": " << a->why << " (" << a->wait.count() << " ms)\n";
}

int main() {
  auto schedule = backoff();
  show("start", schedule.next(outcome::first_try));
  show("refused", schedule.next(outcome::refused));
  show("refused", schedule.next(outcome::refused));
  show("overloaded", schedule.next(outcome::overloaded));
  show("refused", schedule.next(outcome::refused));
  show("refused", schedule.next(outcome::refused));
  show("another network", schedule.raise(std::make_exception_ptr(network_changed{})));
  show("refused", schedule.next(outcome::refused));
  show("enough", schedule.finish());
  std::cout << "more? " << (schedule.next(outcome::refused) ? "yes" : "no") << '\n';
}

// An API that gives its answers in pages, walked as one sequence: page n + 1 is asked for only once
// page n has been used up, so a reader that stops early saves the requests that it did not need.
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "weir/generator.hpp"

struct page {
  std::vector<std::string> names;
  std::optional<int> next_cursor;
};

// Stands for a request over the network: three pages of two users.
page fetch_page(int cursor) {
  static const std::vector<std::string> users{"ada", "brian", "dennis", "grace", "ken", "margaret"};
  std::cout << "  GET /users?cursor=" << cursor << '\n';
  const auto first = static_cast<std::size_t>(cursor) * 2;
  page answer{{users[first], users[first + 1]}, std::nullopt};
  if (first + 2 < users.size()) answer.next_cursor = cursor + 1;
  return answer;
}

weir::generator<std::string> all_users() {
  std::optional<int> cursor = 0;
  while (cursor) {
    page current = fetch_page(*cursor);
    for (std::string& name : current.names) co_yield name;
    cursor = current.next_cursor;
  }
}

int main() {
  std::cout << "nothing is requested yet\n";
  auto users = all_users();

  std::cout << "looking for grace:\n";
  for (const std::string& name : users) {
    std::cout << "  " << name << '\n';
    if (name == "grace") break;
  }

  std::cout << "the rest, from where we stopped:\n";
  for (const std::string& name : users) std::cout << "  " << name << '\n';
}

#pragma once
#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace weir {

/// What a sink has open for each stem of its name template, the latest used first.
template <class T>
class open_stems {
 public:
  /// What is open for `stem`, which is the latest then; null if nothing is.
  T* use(std::string_view stem) {
    if (!all_.empty() && all_.front().stem == stem) return &all_.front().open;
    const auto known = by_stem_.find(stem);
    if (known == by_stem_.end()) return nullptr;
    all_.splice(all_.begin(), all_, known->second);
    return &all_.front().open;
  }
  /// Precondition: nothing is open for `stem`.
  T& add(std::string stem, T what) {
    all_.push_front({std::move(stem), std::move(what)});
    by_stem_.emplace(all_.front().stem, all_.begin());
    return all_.front().open;
  }
  /// Precondition of both: !empty().
  T take_latest() { return take(all_.begin()); }
  T take_oldest() { return take(std::prev(all_.end())); }

  std::size_t size() const noexcept { return all_.size(); }
  bool empty() const noexcept { return all_.empty(); }

  /// Calls `fn(T&)` for each until one fails; gives that failure, or the last result.
  template <class Fn>
  auto for_each(Fn fn) -> decltype(fn(std::declval<T&>())) {
    for (entry& e : all_) {
      if (auto done = fn(e.open); !done) return done;
    }
    return {};
  }

  void for_all(auto fn) const {
    for (const entry& e : all_) fn(e.open);
  }

 private:
  struct entry {
    std::string stem;
    T open;
  };

  T take(std::list<entry>::iterator which) {
    by_stem_.erase(which->stem);
    T taken = std::move(which->open);
    all_.erase(which);
    return taken;
  }

  std::list<entry> all_;
  std::unordered_map<std::string_view, typename std::list<entry>::iterator> by_stem_;
};

}  // namespace weir

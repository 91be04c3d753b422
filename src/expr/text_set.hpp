#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expr {

/// A fixed set of texts, made for sets of a handful and values that mostly are not in them: lengths
/// that no member has are refused by one bit, and the few members of a length are compared
/// directly.
class text_set {
 public:
  explicit text_set(std::vector<std::string> members) : members_(std::move(members)) {
    std::ranges::sort(members_, before);
    for (const std::string& m : members_) lengths_ |= bit(m.size());
  }

  std::size_t shortest() const noexcept { return members_.empty() ? 0 : members_.front().size(); }

  bool contains(std::string_view text) const noexcept {
    if (!(lengths_ & bit(text.size()))) return false;
    return members_.size() <= few ? scan(text) : search(text);
  }

 private:
  static constexpr std::size_t few = 12;

  static std::uint64_t bit(std::size_t length) noexcept {
    return std::uint64_t{1} << (length % 64);
  }
  // By length first: then most comparisons end at the lengths.
  static bool before(std::string_view a, std::string_view b) noexcept {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
  bool scan(std::string_view text) const noexcept {
    for (const std::string& m : members_) {
      if (m.size() != text.size()) continue;
      if (text.empty()) return true;
      if (m[0] == text[0] && std::memcmp(m.data(), text.data(), text.size()) == 0) return true;
    }
    return false;
  }
  bool search(std::string_view text) const noexcept {
    const auto at = std::ranges::lower_bound(members_, text, before);
    return at != members_.end() && *at == text;
  }

  std::vector<std::string> members_;
  std::uint64_t lengths_ = 0;
};

}  // namespace weir::expr

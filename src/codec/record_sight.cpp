#include "codec/record_sight.hpp"

#include <utility>

#include "base/blank.hpp"

namespace weir {

void record_sight::begin() {
  place_ = place::nowhere;
  latest_ = latest_token_ = '\0';
  comma_ = false;
}

bool record_sight::take(char c, const std::optional<std::string>& first_key) {
  const char before = std::exchange(latest_, c);
  switch (place_) {
    case place::nowhere:
      if (c != '{' || (latest_token_ != '}' && before != '\n')) break;
      place_ = place::brace;
      begins_line_ = before == '\n';
      behind_comma_ = comma_;
      seen_.clear();
      key_.clear();
      break;
    case place::brace:
      if (c == '"')
        place_ = place::key;
      else if (!is_blank(c))
        place_ = place::nowhere;
      break;
    case place::key:
      if (c == '"' && (begins_line_ || !first_key || key_ == *first_key)) return seen_ += c, true;
      if (c == '"' || c == '\\' || c == '\n') place_ = place::nowhere;
      key_ += c;
      break;
  }
  seen_ += c;
  if (seen_.size() > 2 * known_key_bytes_max) place_ = place::nowhere;
  if (place_ == place::nowhere) seen_.clear();
  if (c == ',') comma_ = true;
  if (c == ',' || is_blank(c)) return false;
  latest_token_ = c;
  comma_ = false;
  return false;
}

}  // namespace weir

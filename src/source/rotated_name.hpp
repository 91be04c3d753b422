#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// What the name of a rotated file says: "app.log.2.gz" and "app-20260102.log" of "app.log".
struct rotated_name {
  std::string scheme;  ///< without the mark of a compressor, "#" for its digits: "app.log.#"
  std::string digits;  ///< the numbers, with dots between them: "2026.01.02"
  friend bool operator==(const rotated_name&, const rotated_name&) = default;

  /// Counted ("2"), not dated ("20260102"), behind the whole of the log's own name: logrotate's
  /// way, where each rotation adds one to the numbers of the files before.
  bool is_counted() const;
};

/// The name of what a compressed file was made of; the same name if it does not end as theirs do.
std::string_view without_compressor(std::string_view name);

/// Nothing if `path` is not called like the log `log` with digits in it. Directories do not count.
std::optional<rotated_name> rotated_name_of(std::string_view path, std::string_view log);

/// The name tells that `a` was rotated later than `b`: same scheme, a smaller count or a later
/// date.
bool is_rotated_later(const rotated_name& a, const rotated_name& b);

}  // namespace weir

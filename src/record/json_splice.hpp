#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/assignment.hpp"
#include "weir/record.hpp"

namespace weir {

/// Sets fields of a record in the usual case: no field is there twice, and the object ends where
/// the record does. One look at each member's first byte, one copy into the store. Reused, it
/// allocates nothing. One thread at a time.
class json_splicer {
 public:
  /// False, and nothing done, if the record needs the general way. The values may view the record.
  bool set(record& r, std::span<const assignment> fields);

 private:
  /// The value of a member that is assigned to.
  struct place {
    const char* begin;
    const char* end;
    std::size_t field;
  };
  bool find(const record& r, std::span<const assignment> fields);
  bool sight(std::string_view object, std::span<const assignment> fields);
  bool walk_text(std::string_view object, std::span<const assignment> fields);
  bool walk_index(const record& r, std::span<const assignment> fields);
  const std::uint32_t* visit(const char* base, const std::uint32_t* at, const char* end,
                             std::span<const assignment> fields);
  bool note(std::string_view key, std::string_view value, std::span<const assignment> fields);
  bool is_placed(std::size_t field) const noexcept;
  void render(std::span<const assignment> fields);
  char* write(const record& r, std::span<const assignment> fields, char* to) const;

  std::vector<place> places_;    ///< in the order of the text
  std::uint64_t initials_ = 0;   ///< of the fields' names, a bit for each
  const char* brace_ = nullptr;  ///< the object's last one
  bool any_member_ = false;
  std::string rendered_;                  ///< members whose values are not constant
  std::vector<rendered_member> members_;  ///< of all fields
  std::vector<std::size_t> ends_;         ///< of the fields in rendered_
  std::size_t members_bytes_ = 0;
};

}  // namespace weir

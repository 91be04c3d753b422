#pragma once
#include <memory>
#include <span>

#include "parse/line_parser.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// Which lines make up an entry of systemd's journal in its export format.
std::unique_ptr<line_rule> journald_rule();

/// Turns such entries into records of JSON; others are rejected, or stay as they are with
/// `keep_others`. Entries may hold any bytes.
void read_journal_entries(batch& in, std::span<record> entries, bool keep_others,
                          const stage_id& rejects_as);

/// Whether a text begins as such an entry does: for `auto`, whose first look sees only lines of
/// text. The fields are `read_journal_entries`' to read.
class journal_entry_sight final : public line_parser {
 public:
  verdict parse(std::string_view text, field_list& out) override;
};

}  // namespace weir

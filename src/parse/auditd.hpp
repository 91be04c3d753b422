#pragma once
#include "parse/line_parser.hpp"

namespace weir {

/// Reads lines of Linux's audit log, `type=SYSCALL msg=audit(1364481363.243:24287): arch=...`, one
/// line for each part of an event: the parts of one share their serial.
class auditd_parser final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override;
};

}  // namespace weir

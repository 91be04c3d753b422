#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weir/record.hpp"

namespace weir::expr {

/// How bad a record is, from harmless to worst: the scale of syslog with `trace` below it.
enum class severity : std::uint8_t {
  trace,
  debug,
  info,
  notice,
  warn,
  error,
  critical,
  alert,
  emergency,
};

/// `warn`, `error`, ...
std::string_view name_of(severity s) noexcept;
/// A severity by its name or an alias (`warning`, `err`, `fatal`, `W`, ...), in any case.
std::optional<severity> parse_severity(std::string_view word) noexcept;
/// All full names, for suggestions.
std::span<const std::string> severity_names();

/// Whether `@level` may be found in a field of this name.
bool is_level_field(std::string_view name);

/// `@level`: the first of the usual fields (level, severity, lvl, log.level, ...) that can be read
/// as a severity. Numbers are syslog's 0 to 7 or pino's 10 to 60; those of Python's levelno and
/// OpenTelemetry's severityNumber are known by the field's name, as is the priority of Suricata's
/// alerts. Where a container's log has none, it is that of the line that the container wrote: JSON,
/// logfmt, klog, or a time with a level beside it.
std::optional<severity> level_of(const record& r);

}  // namespace weir::expr

#pragma once
#include <optional>
#include <string_view>

namespace weir {

/// The parts of a line of PostgreSQL's log: what log_line_prefix wrote, and what PostgreSQL says.
struct postgresql_line {
  std::string_view time;    ///< `2026-01-02 09:14:07.123 UTC`, or seconds since 1970
  std::string_view prefix;  ///< between the time and the level
  /// ERROR, LOG, ..., or DETAIL, HINT, STATEMENT, ...: the English name, whatever the language.
  std::string_view level;
  std::string_view message;  ///< up to the end of the line, or all that follows
  bool two_blanks = false;   ///< behind the level's colon, as PostgreSQL writes them
};
/// Nothing if `text` does not begin with such a line.
std::optional<postgresql_line> read_postgresql_line(std::string_view text) noexcept;

/// The English name of the level that is all of `word`; empty if that is none.
std::string_view postgresql_level(std::string_view word) noexcept;

/// Whether it tells more of the message in front of it, as DETAIL does.
bool is_postgresql_addition(std::string_view level) noexcept;

/// Of a client `10.0.0.7(51234)`: the two parts; the port is empty if there is none.
struct postgresql_client {
  std::string_view host;
  std::string_view port;
};

/// What the prefix tells. Texts are empty where it does not.
struct postgresql_prefix {
  std::string_view pid;
  std::string_view line;
  std::string_view session;
  std::string_view code;
  std::string_view user;
  std::string_view database;
  std::string_view application;
  postgresql_client client;
  bool is_known = true;  ///< nothing else stands in it
};
/// Reads `[%p]`, `[%p-%l]`, `[%l-1]`, `%u@%d`, `user=%u,db=%d,app=%a,client=%h`, `%r`, `%c`, `%e`
/// and the `:%r:%u@%d:[%p]:` of Amazon RDS, in any order.
postgresql_prefix read_postgresql_prefix(std::string_view prefix) noexcept;

}  // namespace weir

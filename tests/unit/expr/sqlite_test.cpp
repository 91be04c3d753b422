// Random expressions of the common subset give in weir what they give in SQLite.
//
// Left out, because there the two differ by decision: SQLite's affinity and comparisons across
// types, case-insensitive LIKE, integer division (weir's `/` is of floats; here one operand is a
// float), and integer overflow (SQLite goes on with floats, weir gives null; numbers here are
// small).
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <cmath>
#include <memory>
#include <random>

#include "unit/expr/running.hpp"

namespace weir::expr::testing {
namespace {

/// The record and the row: one field of each kind that can be null.
constexpr auto record_json =
    R"({"i":7,"j":-3,"z":0,"x":2.5,"y":-0.25,"s":"abc","t":"b","e":"","u":"añb","n":null})";
constexpr auto columns =
    "7 as i, -3 as j, 0 as z, 2.5 as x, -0.25 as y, 'abc' as s, 'b' as t, '' as e, 'añb' as u, "
    "null as n";

/// Writes random expressions, by type, so that no operator meets the wrong one.
class generator {
 public:
  explicit generator(std::uint32_t seed) : random_(seed) {}

  std::string condition(int depth) {
    if (depth <= 0)
      return pick({"i > 3", "s = 'abc'", "n = 1", "true", "false", "z = 0", "e != s"});
    switch (below(13)) {
      case 0:
        return condition(depth - 1) + " and " + condition(depth - 1);
      case 1:
        return condition(depth - 1) + " or " + condition(depth - 1);
      case 2:
        return "not " + atom(depth - 1);
      case 3:
        return number(depth - 1) + comparison() + number(depth - 1);
      case 4:
        return text(depth - 1) + comparison() + text(depth - 1);
      case 5:
        return number(depth - 1) + maybe_not() + " in (" + number(depth - 2) + ", " +
               number(depth - 2) + ")";
      case 6:
        return text(depth - 1) + maybe_not() + " in (" + text(depth - 2) + ", " + text(depth - 2) +
               ", null)";
      case 7:
        return number(depth - 1) + maybe_not() + " between " + number(depth - 2) + " and " +
               number(depth - 2);
      case 8:
        return text(depth - 1) + maybe_not() + " like " + pattern();
      case 9:
        return any(depth - 1) + " is" + maybe_not() + " null";
      case 10:
        return atom(depth - 1);
      case 11:
        return "(" + condition(depth - 1) + ") is" + maybe_not() + pick({" true", " false"});
      default:
        return "coalesce(" + atom(depth - 1) + ", " + atom(depth - 1) + ")";
    }
  }

  std::string any(int depth) {
    const std::size_t which = below(3);
    return which == 0 ? number(depth) : which == 1 ? text(depth) : atom(depth);
  }

 private:
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
  }
  std::string pick(std::initializer_list<const char*> choices) {
    return *(choices.begin() + below(choices.size()));
  }
  std::string maybe_not() { return below(2) ? " not" : ""; }
  std::string comparison() { return pick({" = ", " != ", " <> ", " < ", " <= ", " > ", " >= "}); }
  std::string pattern() {
    return pick({"'a%'", "'%b'", "'_b_'", "'%'", "''", "'a_%'", "'%b%'", "'___'"});
  }
  std::string atom(int depth) { return "(" + condition(depth) + ")"; }

  std::string number(int depth) {
    if (depth <= 0)
      return pick({"i", "j", "z", "x", "y", "n", "1", "2", "0", "-5", "1.5", "-0.5", "100"});
    switch (below(12)) {
      case 0:
        return "(" + number(depth - 1) + " + " + number(depth - 1) + ")";
      case 1:
        return "(" + number(depth - 1) + " - " + number(depth - 1) + ")";
      case 2:
        return "(" + number(depth - 1) + " * " + number(depth - 1) + ")";
      case 3:
        return "(" + number(depth - 1) + " / 4.0)";
      case 4:
        return "(1.0 / " + number(depth - 1) + ")";
      case 5:
        return "(i % " + pick({"3", "0", "-2", "n", "j"}) + ")";
      case 6:
        return "abs(" + number(depth - 1) + ")";
      case 7:
        return "length(" + text(depth - 1) + ")";
      case 8:
        return "(- " + number(depth - 1) + ")";
      case 9:
        return "case when " + condition(depth - 1) + " then " + number(depth - 1) + " else " +
               number(depth - 1) + " end";
      case 10:
        return "case " + text(depth - 2) + " when " + text(depth - 2) + " then " +
               number(depth - 1) + " end";
      default:
        return "coalesce(" + number(depth - 1) + ", " + number(depth - 1) + ")";
    }
  }

  std::string text(int depth) {
    if (depth <= 0) return pick({"s", "t", "e", "u", "n", "'abc'", "'b'", "''", "'Añ'", "'a b '"});
    switch (below(9)) {
      case 0:
        return "lower(" + text(depth - 1) + ")";
      case 1:
        return "upper(" + text(depth - 1) + ")";
      case 2:
        return "substr(" + text(depth - 1) + ", " + pick({"1", "2", "-1", "5"}) + ", " +
               pick({"0", "1", "2", "9"}) + ")";
      case 3:
        return "replace(" + text(depth - 1) + ", 'b', 'xy')";
      case 4:
        return "trim(" + text(depth - 1) + ")";
      case 5:
        return "ltrim(" + text(depth - 1) + ", 'ab')";
      case 6:
        return "rtrim(" + text(depth - 1) + ", 'bc')";
      case 7:
        return "nullif(" + text(depth - 1) + ", " + text(depth - 1) + ")";
      default:
        return "coalesce(" + text(depth - 1) + ", " + text(depth - 1) + ")";
    }
  }

  std::mt19937 random_;
};

struct closes {
  void operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
  void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};

class sqlite {
 public:
  sqlite() {
    sqlite3* db = nullptr;
    sqlite3_open(":memory:", &db);
    db_.reset(db);
    sqlite3_exec(db, "pragma case_sensitive_like = on", nullptr, nullptr, nullptr);
  }

  /// The value's column of the one row; its owner is the statement.
  std::unique_ptr<sqlite3_stmt, closes> run(const std::string& expression) {
    const std::string sql = "select " + expression + " from (select " + columns + ")";
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      ADD_FAILURE() << sqlite3_errmsg(db_.get()) << " in " << expression;
      return nullptr;
    }
    std::unique_ptr<sqlite3_stmt, closes> owned{statement};
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    return owned;
  }

 private:
  std::unique_ptr<sqlite3, closes> db_;
};

/// SQLite has no booleans, and minus zero is zero to it.
bool same(const value& v, sqlite3_stmt* row) {
  const int type = sqlite3_column_type(row, 0);
  switch (v.type) {
    case kind::missing:
    case kind::null:
      return type == SQLITE_NULL;
    case kind::boolean:
      return type == SQLITE_INTEGER && sqlite3_column_int64(row, 0) == (v.boolean ? 1 : 0);
    case kind::integer:
      return type == SQLITE_INTEGER && sqlite3_column_int64(row, 0) == v.integer;
    case kind::real:
      return type == SQLITE_FLOAT && sqlite3_column_double(row, 0) == v.real;
    case kind::string: {
      const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, 0));
      return type == SQLITE_TEXT &&
             v.text ==
                 std::string_view{bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, 0))};
    }
    default:
      return false;
  }
}

std::string shown(const value& v) {
  std::string out;
  write_json(v, out);
  return out;
}

TEST(expressions, give_what_sqlite_gives) {
  constexpr int count = 20'000;
  generator random{20260102};
  sqlite oracle;
  one_record r{record_json};
  scratch s;
  int nulls = 0;
  for (int i = 0; i < count; ++i) {
    const std::string text = i % 2 ? random.condition(1 + i % 4) : random.any(1 + i % 4);
    reporter report;
    const auto compiled = compile({text, {}}, report);
    ASSERT_TRUE(compiled) << text << "\n" << complaints(report);
    s.reset();
    const value got = compiled->evaluate(*r, s);
    const auto row = oracle.run(text);
    ASSERT_TRUE(row);
    ASSERT_TRUE(same(got, row.get()))
        << text << "\nweir: " << shown(got) << "\nSQLite: " << sqlite3_column_text(row.get(), 0);
    nulls += got.is_null();
  }
  EXPECT_EQ(s.type_mismatches, 0u);
  // The generator is worth something only if it does not drown in nulls.
  EXPECT_LT(nulls, count / 2);
}

}  // namespace
}  // namespace weir::expr::testing

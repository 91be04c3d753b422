#include "sink/sqlite.hpp"

#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstring>
#include <string>
#include <vector>

#include "sink_fixture.hpp"
#include "weir/component.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using kind = delivery_error::kind;

/// Databases are read back with the sqlite3 command.
class sqlite_sink_test : public test::sink_fixture {
 protected:
  std::unique_ptr<sink> made(const std::string& parameters = "?table=t") const {
    return make_sqlite_sink({.url = "sqlite:" + file() + parameters});
  }
  std::unique_ptr<sink> opened(const std::string& parameters = "?table=t") {
    auto out = made(parameters);
    out->open(with_);
    return out;
  }
  std::string file() const { return path("out.db"); }
  std::string sql(const std::string& statements) const {
    return output_of("sqlite3 -batch '" + file() + "' \"" + statements + "\" 2>&1");
  }
  /// Ends a group. Returns the reasons of the rows that were refused.
  static std::vector<std::string> end_group(sink& out, const commit_point& point = {}) {
    const auto ready = out.prepare();
    if (!ready) throw std::runtime_error(ready.error().message);
    std::vector<std::string> why;
    for (const refused_record& r : ready->refused) {
      why.push_back(std::to_string(r.number) + ": " + std::string{r.why});
    }
    if (const delivery done = out.commit(point); !done) {
      throw std::runtime_error(done.error().message);
    }
    return why;
  }
  static commit_point point(std::uint64_t generation, std::uint64_t entry) {
    return {.pipeline = "p1", .sink = "db", .generation = generation, .entry = entry};
  }
  static sink_memory memory(std::uint64_t generation, std::uint64_t entry) {
    return {.last = point(generation, entry), .token = {}};
  }
  using strings = std::vector<std::string>;
};

TEST_F(sqlite_sink_test, a_missing_table_gets_a_column_for_each_field_of_the_first_group) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"s":"a","i":1,"r":1.5,"b":true,"o":{"x":[1]},"n":null})"})));
  ASSERT_TRUE(out->write(records({R"({"later":1,"i":2})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select sql from sqlite_schema where name = 't'"),
            "CREATE TABLE \"t\" (\"s\" text, \"i\" integer, \"r\" real, \"b\" boolean, \"o\" text, "
            "\"n\" text, \"later\" integer, \"_rest\" text)\n");
  EXPECT_EQ(sql("select * from t"), "a|1|1.5|1|{\"x\":[1]}|||\n|2|||||1|\n");
}

TEST_F(sqlite_sink_test, fields_without_a_column_go_to_the_rest_as_they_were_read) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  end_group(*out);
  ASSERT_TRUE(out->write(records({R"({"b":1.50,"a":2,"c":"\u00e9","a":3})"})));
  end_group(*out);
  EXPECT_EQ(sql("select a, _rest from t"), "1|\n2|{\"b\":1.50,\"c\":\"\\u00e9\",\"a\":3}\n");
}

TEST_F(sqlite_sink_test, numbers_are_stored_exactly_or_refused) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"big":123456789012345678901234567890,"i":1,"mixed":1.5})",
                                  R"({"big":1e999,"i":-9223372036854775808,"mixed":1})",
                                  R"({"mixed":9007199254740993})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select big, typeof(big), i, mixed from t"),
            "123456789012345678901234567890|text|1|1.5\n1e999|text|-9223372036854775808|1\n"
            "|null||9007199254740993\n");
  ASSERT_TRUE(out->write(records({R"({"i":9223372036854775808})", R"({"i":5})"})));
  EXPECT_EQ(end_group(*out), strings{"4: the number does not fit into column `i`"});
  EXPECT_EQ(sql("select max(i) from t"), "5\n");
}

TEST_F(sqlite_sink_test, text_keeps_every_character) {
  const auto out = opened();
  ASSERT_TRUE(out->write(
      records({R"({"s":"\u00fc\ud83d\ude00 \"q\" \n \u0000x"})", "{\"s\":\"\xe6\x97\xa5\"}"})));
  ASSERT_TRUE(out->write(records({"plain \"text\""}, shape::text)));
  end_group(*out);
  EXPECT_EQ(sql("select hex(s) from t"),
            "C3BCF09F9880202271222"
            "00A200078\nE697A5\n\n");
  EXPECT_EQ(sql("select message from t where message is not null"), "plain \"text\"\n");
}

TEST_F(sqlite_sink_test, names_that_differ_only_in_case_share_no_column) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"Level":1,"level":2,"":3,"_rest":4,"a\"b":5})"})));
  end_group(*out);
  EXPECT_EQ(sql("select Level, \\\"a\\\"\\\"b\\\", _rest from t"),
            "1|5|{\"\":3,\"_rest\":4,\"level\":2}\n");
}

TEST_F(sqlite_sink_test, a_column_takes_its_field_in_any_case_unless_there_is_one_of_its_own) {
  sql("create table t (ID integer, kind text default 'none', _Rest)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"id":1,"KIND":"x"})", R"({"id":2,"ID":3,"\u004bind":"y"})",
                                  R"({"Id":4,"id":5})", R"({"\u00cd":6})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select * from t"),
            "1|x|\n3|y|{\"id\":2}\n4|none|{\"id\":5}\n|none|{\"\\u00cd\":6}\n");
}

TEST_F(sqlite_sink_test, an_existing_table_is_filled_by_name) {
  ASSERT_EQ(sql("create table t (id integer primary key, name text, twice int as (id * 2)) strict"),
            "");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"name":"a","id":7})", R"({"id":"x"})", R"({"id":8,"z":1})",
                                  R"({"id":7})", R"({"twice":1})", R"({"name":12.50})"})));
  EXPECT_EQ(
      end_group(*out),
      (strings{"2: datatype mismatch", "3: the table has no column `z`, and no column `_rest`",
               "4: UNIQUE constraint failed: t.id",
               "5: the table has no column `twice`, and no column `_rest`"}));
  EXPECT_EQ(sql("select * from t"), "7|a|14\n8|12.50|16\n");
}

TEST_F(sqlite_sink_test, a_field_that_is_missing_leaves_its_column_to_the_default) {
  sql("create table t (id integer primary key, n integer, kind text not null default 'none')");
  const auto out = opened();
  ASSERT_TRUE(out->write(records(
      {R"({"n":1})", R"({"n":2,"kind":"x"})", R"({"n":3,"kind":null})", R"({"n":4,"id":9})"})));
  EXPECT_EQ(end_group(*out), strings{"3: NOT NULL constraint failed: t.kind"});
  EXPECT_EQ(sql("select * from t"), "1|1|none\n2|2|x\n9|4|none\n");
}

TEST_F(sqlite_sink_test, a_row_without_any_field_gets_the_defaults) {
  sql("create table t (a integer default 1, b integer not null default 2)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({"{}", R"({"b":5})", "{}"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select * from t"), "1|2\n1|5\n1|2\n");
}

TEST_F(sqlite_sink_test, records_may_leave_out_columns_in_every_combination) {
  std::string columns = "n integer";
  for (int c = 0; c < 7; ++c) columns += ", c" + std::to_string(c) + " integer default 5";
  sql("create table t (" + columns + ")");
  const auto out = opened();
  strings lines;
  for (int n = 0; n < 256; ++n) {
    lines.push_back("{\"n\":" + std::to_string(n % 128));
    for (int c = 0; c < 7; ++c) {
      if ((n >> c) % 2 == 1) lines.back() += ",\"c" + std::to_string(c) + "\":1";
    }
    lines.back() += '}';
  }
  ASSERT_TRUE(out->write(records(lines)));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select count(*), sum(c0 + c1 + c2 + c3 + c4 + c5 + c6) from t"), "256|5376\n");
  EXPECT_EQ(sql("select count(*) from t where c0 = iif(n % 2 = 1, 1, 5) "
                "and c6 = iif(n / 64 % 2 = 1, 1, 5)"),
            "256\n");
}

TEST_F(sqlite_sink_test, refused_rows_are_told_as_they_were_read) {
  sql("create table t (a not null)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  batch bad = records({R"({ "a": null })"});
  bad.all()[0].set_text("{}", shape::json);
  ASSERT_TRUE(out->write(bad));
  const auto ready = out->prepare();
  ASSERT_TRUE(ready);
  ASSERT_EQ(ready->refused.size(), 1u);
  const refused_record& r = ready->refused[0];
  EXPECT_EQ(r.raw, R"({ "a": null })");
  EXPECT_EQ(r.number, 2u);
  EXPECT_EQ(r.offset, 8u);
  EXPECT_EQ(r.source, shard_.get());
  EXPECT_EQ(r.why, "NOT NULL constraint failed: t.a");
  EXPECT_TRUE(out->refuses_late());
}

TEST_F(sqlite_sink_test, a_trigger_that_rolls_back_costs_only_its_row) {
  sql("create table t (a); create trigger no before insert on t when new.a = 3 "
      "begin select raise(rollback, 'not 3'); end");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})", R"({"a":2})", R"({"a":3})", R"({"a":4})"})));
  EXPECT_EQ(end_group(*out), strings{"3: not 3"});
  EXPECT_EQ(sql("select a from t"), "1\n2\n4\n");
}

TEST_F(sqlite_sink_test, a_row_that_breaks_a_foreign_key_is_refused) {
  sql("create table p (id integer primary key); insert into p values (1); "
      "create table t (p integer references p)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"p":1})", R"({"p":2})", R"({"p":null})", R"({"p":1})"})));
  EXPECT_EQ(end_group(*out), strings{"2: FOREIGN KEY constraint failed"});
  EXPECT_EQ(sql("select * from t; pragma foreign_key_check"), "1\n\n1\n");
}

TEST_F(sqlite_sink_test, a_deferred_foreign_key_sees_rows_that_come_later_in_the_group) {
  sql("create table t (id integer primary key, p integer references t deferrable initially "
      "deferred)");
  const strings good{R"({"id":1,"p":2})", R"({"id":2,"p":3})", R"({"id":3})", R"({"id":4,"p":5})",
                     R"({"id":5,"p":4})"};
  const auto out = made();
  out->resume(with_, memory(1, 0));
  ASSERT_TRUE(out->write(records(good)));
  EXPECT_EQ(end_group(*out, point(1, 1)), strings{});
  EXPECT_EQ(sql("select id from t; delete from t"), "1\n2\n3\n4\n5\n");

  ASSERT_TRUE(out->write(records({R"({"id":7,"p":99})", R"({"id":8,"p":7})", R"({"id":"?"})"})));
  ASSERT_TRUE(out->write(records({R"({"id":1,"p":2})", R"({"id":2,"p":3})", R"({"id":3})"})));
  EXPECT_EQ(end_group(*out, point(1, 2)),
            (strings{"6: FOREIGN KEY constraint failed", "7: FOREIGN KEY constraint failed",
                     "8: datatype mismatch"}));
  ASSERT_TRUE(out->write(records({R"({"id":4,"p":5})", R"({"id":9,"p":8})", R"({"id":5,"p":4})"})));
  EXPECT_EQ(end_group(*out, point(1, 3)),
            (strings{"12: FOREIGN KEY constraint failed", "13: FOREIGN KEY constraint failed",
                     "14: FOREIGN KEY constraint failed"}))
      << "rows that need each other count as one if there is a bad one among them";
  EXPECT_EQ(sql("select id, p from t; pragma foreign_key_check"), "1|2\n2|3\n3|\n");
  EXPECT_EQ(sql("select entry from weir_commits"), "3\n");
}

TEST_F(sqlite_sink_test,
       a_trigger_that_rolls_back_while_deferred_keys_are_looked_at_costs_its_row) {
  sql("create table t (id integer primary key, p integer references t deferrable initially "
      "deferred); create trigger no before insert on t when new.id = 3 and "
      "not exists (select 1 from t where id = 1) begin select raise(rollback, 'alone'); end");
  const auto out = opened();
  ASSERT_TRUE(
      out->write(records({R"({"id":1,"p":99})", R"({"id":2})", R"({"id":3})", R"({"id":4})"})));
  EXPECT_EQ(end_group(*out), (strings{"1: FOREIGN KEY constraint failed", "3: alone"}));
  EXPECT_EQ(sql("select id from t"), "2\n4\n");
}

TEST_F(sqlite_sink_test, a_group_is_seen_only_once_it_is_committed) {
  sql("create table t (a)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  ASSERT_TRUE(out->prepare());
  EXPECT_EQ(sql("select count(*) from t"), "0\n");
  ASSERT_TRUE(out->commit({}));
  EXPECT_EQ(sql("select count(*) from t"), "1\n");
}

TEST_F(sqlite_sink_test, what_was_not_committed_is_abandoned) {
  sql("create table t (a)");
  {
    const auto out = opened();
    ASSERT_TRUE(out->write(records({R"({"a":1})"})));
    ASSERT_TRUE(out->prepare());
  }
  EXPECT_EQ(sql("select count(*) from t; pragma journal_mode"), "0\nwal\n");
}

TEST_F(sqlite_sink_test, the_row_of_the_commit_tells_where_a_run_goes_on) {
  {
    const auto out = made();
    EXPECT_EQ(out->resume(with_, memory(1, 0)), 0u);
    ASSERT_TRUE(out->write(records({R"({"a":1})"})));
    end_group(*out, point(1, 1));
    ASSERT_TRUE(out->write(records({R"({"a":2})"})));
    ASSERT_TRUE(out->prepare());  // the log's entry 2 is written, then the machine goes down
  }
  const auto out = made();
  EXPECT_EQ(out->resume(with_, memory(2, 2)), 1u);
  ASSERT_TRUE(out->write(records({R"({"a":2})"})));
  end_group(*out, point(2, 2));
  end_group(*out, point(2, 3));  // progress without rows
  EXPECT_EQ(sql("select a from t; select * from weir_commits"), "1\n2\np1|db|2|3\n");
}

TEST_F(sqlite_sink_test, an_older_copy_of_the_state_is_refused) {
  const auto out = made();
  out->resume(with_, memory(1, 0));
  end_group(*out, point(1, 1));
  end_group(*out, point(1, 2));
  try {
    made()->resume(with_, memory(2, 1));
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(std::string{e.what()}.substr(file().size()),
              ": it holds entry 2 of this pipeline, the state ends at 1: the state is an older "
              "copy");
  }
}

TEST_F(sqlite_sink_test, a_database_that_does_not_know_the_state_is_refused) {
  EXPECT_THROW(made()->resume(with_, memory(2, 7)), error);
}

TEST_F(sqlite_sink_test, a_newer_run_keeps_an_older_one_from_committing) {
  const auto old = made();
  old->resume(with_, memory(1, 0));
  ASSERT_TRUE(old->write(records({R"({"a":1})"})));
  end_group(*old, point(1, 1));
  const auto newer = made();
  EXPECT_EQ(newer->resume(with_, memory(2, 1)), 1u);

  ASSERT_TRUE(old->write(records({R"({"a":"of the old run"})"})));
  ASSERT_TRUE(old->prepare());
  const delivery done = old->commit(point(1, 2));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::broken);
  EXPECT_EQ(done.error().code, exit_code::locked);
  try {
    made()->resume(with_, memory(1, 1));
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::locked);
  }
  ASSERT_TRUE(newer->write(records({R"({"a":2})"})));
  end_group(*newer, point(2, 2));
  EXPECT_EQ(sql("select a from t"), "1\n2\n");
}

/// Another program's connection that holds the write lock.
class other_writer {
 public:
  explicit other_writer(const std::string& file) {
    sqlite3_open(file.c_str(), &db_);
    sqlite3_exec(db_, "begin immediate", nullptr, nullptr, nullptr);
  }
  ~other_writer() { sqlite3_close(db_); }
  other_writer(const other_writer&) = delete;
  other_writer& operator=(const other_writer&) = delete;

 private:
  sqlite3* db_ = nullptr;
};

TEST_F(sqlite_sink_test, a_lock_is_waited_for_and_then_the_batch_may_be_given_again) {
  sql("pragma journal_mode = wal; create table t (a)");
  const auto out = opened();
  const batch first = records({R"({"a":1})"});
  {
    const other_writer busy(file());
    const time_point before = time_.now();
    const delivery done = out->write(first);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, kind::refused);
    EXPECT_EQ(done.error().message, file() + ", table t: database is locked");
    EXPECT_EQ(time_.now() - before, std::chrono::seconds{1});
  }
  ASSERT_TRUE(out->write(first));
  end_group(*out);
  EXPECT_EQ(sql("select a from t"), "1\n");
}

TEST_F(sqlite_sink_test, a_group_that_waited_for_its_table_is_sent_by_the_next_call) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  {
    const other_writer busy(file());
    const auto ready = out->prepare();
    ASSERT_FALSE(ready);
    EXPECT_EQ(ready.error().what, kind::refused);
  }
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select a from t"), "1\n");
}

TEST_F(sqlite_sink_test, a_disk_that_is_full_from_the_beginning_is_waited_for) {
  const std::string small = path("small");
  ASSERT_EQ(::mkdir(small.c_str(), 0700), 0);
  if (::mount("weir-test", small.c_str(), "tmpfs", 0, "size=16k") != 0) {
    GTEST_SKIP() << "may not mount a tmpfs here: " << std::strerror(errno);
  }
  const auto out = make_sqlite_sink({.url = small + "/out.db?table=t"});
  const sink_memory memory{.last = {.pipeline = "p", .sink = "s", .generation = 1}};
  EXPECT_THROW(out->resume(with_, memory), sink_away);
  ASSERT_EQ(::mount("weir-test", small.c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
  EXPECT_EQ(out->resume(with_, memory), 0u);
  EXPECT_EQ(::umount2(small.c_str(), MNT_DETACH), 0);
}

TEST_F(sqlite_sink_test, a_full_disk_loses_and_repeats_nothing) {
  const std::string small = path("small");
  ASSERT_EQ(::mkdir(small.c_str(), 0700), 0);
  if (::mount("weir-test", small.c_str(), "tmpfs", 0, "size=512k") != 0) {
    GTEST_SKIP() << "may not mount a tmpfs here: " << std::strerror(errno);
  }
  const auto out = make_sqlite_sink({.url = small + "/out.db?table=t"});
  out->open(with_);
  const std::vector<std::string> lines(10, R"({"text":")" + std::string(10'000, 'x') + "\"}");
  std::size_t written = 0;
  delivery done;
  while (done) {
    const batch some = records(lines);
    done = out->write(some);
    if (done) written += lines.size();
    const auto ready = out->prepare();
    if (done && !ready) done = std::unexpected(ready.error());
    if (done) done = out->commit({});
  }
  EXPECT_EQ(done.error().what, kind::refused);
  EXPECT_EQ(done.error().message, small + "/out.db, table t: database or disk is full");
  ASSERT_EQ(::mount("weir-test", small.c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
  end_group(*out);
  EXPECT_EQ(output_of("sqlite3 " + small + "/out.db 'select count(*) from t'"),
            std::to_string(written) + '\n');
  EXPECT_EQ(::umount2(small.c_str(), MNT_DETACH), 0);
}

TEST_F(sqlite_sink_test, wrong_options_are_told) {
  const auto complaint = [&](const sqlite_options& options) -> std::string {
    try {
      make_sqlite_sink(options);
      return "";
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
      return e.what();
    }
  };
  EXPECT_EQ(complaint({.url = "sqlite:a.db"}), "no table is named");
  EXPECT_EQ(complaint({.url = "?table=t"}), "no database file is named");
  EXPECT_EQ(complaint({.url = "a.db?table=t", .table = "u"}), "two tables are named: u and t");
  EXPECT_EQ(complaint({.url = "a.db?table=t&create=perhaps"}),
            "`create` in the URL is not true or false");
  EXPECT_EQ(complaint({.url = "a.db?table=t&create=no", .table = "t", .create = true}),
            "`create` is said twice, and not the same");
  EXPECT_EQ(complaint({.url = "sqlite://a.db?table=my%20table"}), "");
}

TEST_F(sqlite_sink_test, a_missing_table_or_a_file_that_is_no_database_is_told_when_it_is_opened) {
  try {
    opened("?table=t&create=false");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.what(), file() + ": there is no table t");
  }
  std::ofstream(file()) << std::string(1000, 'x');
  try {
    opened();
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.what(), file() + ": file is not a database");
  }
}

}  // namespace
}  // namespace weir

// Needs a server: tests/servers/with_postgres.py runs this program with one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "sink/postgres.hpp"
#include "sink/postgres_link.hpp"
#include "unit/sink/sink_fixture.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using kind = delivery_error::kind;
using strings = std::vector<std::string>;

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

/// Each test has a schema of its own. What arrived is read back with psql.
class postgres_sink_test : public test::sink_fixture {
 protected:
  void SetUp() override {
    sink_fixture::SetUp();
    with_.time = &real_time_;
    ASSERT_NE(environment("WEIR_PG"), "") << "run it through tests/servers/with_postgres.py";
    sql("drop schema if exists s cascade; create schema s; drop table if exists weir_commits");
  }
  std::unique_ptr<sink> made(const std::string& server = "WEIR_PG", bool times = false) const {
    return make_postgres_sink(
        {.url = secret_url{environment(server.c_str()) + "?table=s.t"}, .times = times});
  }
  std::unique_ptr<sink> opened() {
    auto out = made();
    out->open(with_);
    return out;
  }
  static std::string sql(const std::string& statements) {
    return output_of("psql '" + environment("WEIR_PG") + "' -Atqc \"" + statements + "\" 2>&1");
  }
  static void crash_server() { ASSERT_EQ(std::system(environment("WEIR_PG_RESTART").c_str()), 0); }
  static void commit(sink& out, const commit_point& point = {}) {
    const delivery done = out.commit(point);
    ASSERT_TRUE(done) << done.error().message;
  }
  /// Ends a group. Returns the reasons of the rows that were refused.
  static strings end_group(sink& out, const commit_point& point = {}) {
    const auto ready = out.prepare();
    if (!ready) return {ready.error().message};
    strings why;
    for (const refused_record& r : ready->refused) {
      why.push_back(std::to_string(r.number) + ": " + std::string{r.why});
    }
    commit(out, point);
    return why;
  }
  static commit_point point(std::uint64_t generation, std::uint64_t entry) {
    return {.pipeline = "p1", .sink = "db", .generation = generation, .entry = entry};
  }
  static sink_memory memory(std::uint64_t generation, std::uint64_t entry) {
    return {.last = point(generation, entry), .token = {}};
  }

  real_clock real_time_;
};

TEST_F(postgres_sink_test, a_missing_table_gets_a_column_for_each_field_of_the_first_group) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"s":"a","i":1,"r":1.5,"b":true,"o":{"x":[1]},"n":null})"})));
  ASSERT_TRUE(out->write(records({R"({"later":12345678901234567890,"i":2,"ctid":1})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select column_name, data_type from information_schema.columns "
                "where table_schema = 's' and table_name = 't' order by ordinal_position"),
            "s|text\ni|bigint\nr|double precision\nb|boolean\no|jsonb\nn|text\nlater|numeric\n"
            "_rest|jsonb\n");
  EXPECT_EQ(sql("select * from s.t"),
            "a|1|1.5|t|{\"x\": [1]}|||\n|2|||||12345678901234567890|{\"ctid\": 1}\n");
}

TEST_F(postgres_sink_test, times_become_timestamps_if_asked_for) {
  const auto out = made("WEIR_PG", true);
  out->open(with_);
  ASSERT_TRUE(out->write(records({R"({"t":"2026-01-02T03:04:05.678901+01:00","s":"2026"})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("set timezone = 'UTC'; select t, pg_typeof(s) from s.t"),
            "2026-01-02 02:04:05.678901+00|text\n");
}

TEST_F(postgres_sink_test, text_keeps_every_character) {
  const auto out = opened();
  ASSERT_TRUE(out->write(records(
      {R"({"s":"\u00fc\ud83d\ude00 \"q\" \\ \\N \n\r\t\b","j":["a\\b\n"]})", R"({"s":"\\."})"})));
  ASSERT_TRUE(out->write(records({"plain \\ \"text\""}, shape::text)));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select encode(convert_to(s, 'UTF8'), 'hex') from s.t where s is not null"),
            "c3bcf09f98802022712220"
            "5c205c4e200a0d0908\n5c2e\n");
  EXPECT_EQ(sql("select j->>0 = E'a\\\\\\\\b\\\\n' from s.t where j is not null"), "t\n");
  EXPECT_EQ(sql("select message from s.t where message is not null"), "plain \\ \"text\"\n");
}

TEST_F(postgres_sink_test, numbers_are_stored_exactly_or_refused) {
  sql("create table s.t (i bigint, r double precision, n numeric, x text)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records(
      {R"({"i":-9223372036854775808,"r":0.1,"n":123456789012345678901234567890.5,"x":1.50})",
       R"({"i":9223372036854775808})", R"({"r":9007199254740993})", R"({"r":1767225600000000})"})));
  EXPECT_EQ(end_group(*out), (strings{"2: value is out of range for type bigint in column `i`",
                                      "3: the number does not fit exactly into column `r`"}));
  EXPECT_EQ(sql("select * from s.t"),
            "-9223372036854775808|0.1|123456789012345678901234567890.5|1.50\n|1.7672256e+15||\n");
}

TEST_F(postgres_sink_test, A4_21_exactly_the_rows_that_the_server_refuses_are_left_out) {
  sql("create table s.t (id bigint primary key, n integer check (n < 100), s text not null)");
  const auto out = opened();
  strings lines;
  strings refused;
  std::string kept;
  for (int i = 1; i <= 1000; ++i) {
    const std::string id = std::to_string(i);
    if (i % 250 == 7) {
      lines.push_back(R"({"id":)" + id + R"(,"n":"secret","s":""})");
      refused.push_back(id + ": invalid input syntax for type integer in column `n`");
    } else if (i == 500) {
      lines.push_back(R"({"id":500,"n":100,"s":""})");
      refused.push_back("500: new row for relation \"t\" violates check constraint \"t_n_check\"");
    } else if (i == 501) {
      lines.push_back(R"({"id":499,"n":1,"s":""})");
      refused.push_back("501: duplicate key value violates unique constraint \"t_pkey\"");
    } else if (i == 1000) {
      lines.push_back(R"({"id":1000,"s":null})");
      refused.push_back(
          "1000: null value in column \"s\" of relation \"t\" violates not-null constraint");
    } else if (i == 3) {
      lines.push_back(R"({"id":3,"s":"a\u0000b"})");
      refused.push_back("3: a NUL character, which PostgreSQL cannot store, in column `s`");
    } else if (i == 4) {
      lines.push_back(R"({"id":4,"s":"","other":1})");
      refused.push_back("4: the table has no column `other`, and no column `_rest`");
    } else {
      lines.push_back(R"({"id":)" + id + R"(,"s":"x"})");
      kept += id + '\n';
    }
  }
  ASSERT_TRUE(out->write(records(lines)));
  strings told = end_group(*out);
  const auto by_number = [](const std::string& a, const std::string& b) {
    return std::stoi(a) < std::stoi(b);
  };
  std::ranges::sort(refused, by_number);
  EXPECT_EQ(told, refused);
  EXPECT_EQ(sql("select id from s.t order by id"), kept);
}

TEST_F(postgres_sink_test, a_field_that_is_missing_leaves_its_column_to_the_default) {
  sql("create table s.t (id bigserial primary key, n bigint, kind text not null default 'none', "
      "by_row bigint generated by default as identity, _rest jsonb)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"n":1})", R"({"n":2,"kind":"x"})", R"({"n":3,"kind":null})",
                                  R"({"kind":"z","n":"?"})", R"({"n":5,"x":0})"})));
  ASSERT_TRUE(out->write(records({R"({"kind":"y","n":6})", R"({"n":7,"id":-7})"})));
  EXPECT_EQ(
      end_group(*out),
      (strings{"3: null value in column \"kind\" of relation \"t\" violates not-null constraint",
               "4: invalid input syntax for type bigint in column `n`"}));
  EXPECT_EQ(sql("select n, kind, _rest from s.t order by n"),
            "1|none|\n2|x|\n5|none|{\"x\": 0}\n6|y|\n7|none|\n");
  EXPECT_EQ(sql("select count(distinct id), min(id), count(distinct by_row) from s.t"), "5|-7|5\n");
}

TEST_F(postgres_sink_test, a_row_without_any_field_gets_the_defaults) {
  sql("create table s.t (a bigint default 1, b bigint not null default 2)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({"{}", R"({"b":5})", "{}"})));
  EXPECT_EQ(end_group(*out), strings{});
  ASSERT_TRUE(out->write(records({"{}"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select a, b from s.t order by b"), "1|2\n1|2\n1|2\n1|5\n");
}

TEST_F(postgres_sink_test, rows_that_leave_out_other_columns_by_turns_share_their_statements) {
  sql("create table s.t (n bigint, a text default 'a', b text default 'b'); create sequence "
      "s.statements; create function s.count() returns trigger language plpgsql as \\$\\$ begin "
      "perform nextval('s.statements'); return null; end \\$\\$; create trigger count before "
      "insert "
      "on s.t for each statement execute function s.count()");
  const strings fields{"", R"(,"a":"x")", R"(,"b":null)", R"(,"a":"x","b":"y")"};
  const auto out = opened();
  for (std::size_t i = 0; i < 4000; i += 100) {
    strings lines;
    for (std::size_t n = i; n < i + 100; ++n) {
      lines.push_back("{\"n\":" + std::to_string(n) + fields[n % 4] + "}");
    }
    ASSERT_TRUE(out->write(records(lines)));
  }
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(
      sql("select n % 4, a, b, count(distinct n), sum(n) from s.t group by 1, 2, 3 order by 1"),
      "0|a|b|1000|1998000\n1|x|b|1000|1999000\n2|a||1000|2000000\n3|x|y|1000|2001000\n");
  EXPECT_EQ(sql("select last_value from s.statements"), "4\n");
}

TEST_F(postgres_sink_test, rows_of_thousands_of_kinds_arrive_whole_and_once) {
  std::string columns = "n bigint, kind bigint, pad text";
  for (int c = 0; c < 12; ++c) columns += ", c" + std::to_string(c) + " bigint default -1";
  sql("create table s.t (" + columns + ")");
  const std::string pad(400, 'x');
  std::minstd_rand numbers(1);
  const auto line = [&](int n) {
    const unsigned kind = n % 4 == 0 ? 5 : n % 4 == 1 ? 9 : numbers() / 1024 % 4096;
    std::string out = "{\"n\":" + std::to_string(n) + ",\"kind\":" + std::to_string(kind);
    for (unsigned c = 0; c < 12; ++c) {
      if ((kind >> c) % 2 == 1) out += ",\"c" + std::to_string(c) + "\":" + std::to_string(n);
    }
    return out + R"(,"pad":")" + pad + "\"}";
  };
  const auto out = opened();
  for (int n = 0; n < 15'000; n += 1000) {
    strings lines;
    for (int i = n; i < n + 1000; ++i) lines.push_back(line(i));
    ASSERT_TRUE(out->write(records(lines)));
  }
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select count(*), count(distinct n), sum(n), sum(length(pad)), "
                "count(distinct kind) > 3000 from s.t"),
            "15000|15000|112492500|6000000|t\n");
  std::string wrong = "false";
  for (int c = 0; c < 12; ++c) {
    const std::string at = std::to_string(c);
    wrong += " or c" + at + " <> case (kind >> " + at + ") % 2 when 1 then n else -1 end";
  }
  EXPECT_EQ(sql("select count(*) from s.t where " + wrong), "0\n");
}

TEST_F(postgres_sink_test, rows_that_leave_out_what_hardly_another_does_keep_every_character) {
  sql("create table s.t (n bigint, s text default 's', j jsonb default '{}', r varchar(3) default "
      "'r', secret text default 'none'); create role partly login password 'partly'; grant usage "
      "on "
      "schema s to partly; grant insert (n, s, j, r) on s.t to partly");
  std::string url = environment("WEIR_PG") + "?table=s.t";
  url.replace(url.find("weir:secret"), 11, "partly:partly");
  const auto out = make_postgres_sink({.url = secret_url{url}});
  out->open(with_);
  ASSERT_TRUE(out->write(records({R"({"n":1,"s":"it's \"q\" \\ \\N \\' \n\r\t\b\u00fc ''"})",
                                  R"({"n":2,"j":["it's","a\\b\n"]})", R"({"n":3,"r":null})",
                                  R"({"n":4,"s":"","r":"abc"})", R"({"s":"\\N"})", "{}"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select n, encode(convert_to(s, 'UTF8'), 'hex'), j, coalesce(r, 'null'), secret "
                "from s.t order by n, s"),
            "1|697427732022712220"
            "5c205c4e205c27200a0d0908c3bc202727|{}|r|none\n"
            "2|73|[\"it's\", \"a\\\\b\\n\"]|r|none\n3|73|{}|null|none\n4||{}|abc|none\n"
            "|5c4e|{}|r|none\n|73|{}|r|none\n");
  sql("drop owned by partly; drop role partly");
}

TEST_F(postgres_sink_test, a_domain_is_written_like_the_type_that_it_is_of) {
  sql("create domain s.document as jsonb; create domain s.ratio as float8; "
      "create table s.t (d s.document, r s.ratio)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"d":"text"})", R"({"r":9007199254740993})"})));
  EXPECT_EQ(end_group(*out), strings{"2: the number does not fit exactly into column `r`"});
  EXPECT_EQ(sql("select d from s.t"), "\"text\"\n");
}

TEST_F(postgres_sink_test, A4_21_limits_and_the_own_codes_of_triggers_cost_only_their_rows) {
  sql("create table s.t (k text primary key); create function s.look() returns trigger language "
      "plpgsql as 'begin if new.k = ''bad'' then raise exception ''not %'', new.k using "
      "errcode = ''MY001''; end if; return new; end'; "
      "create trigger look before insert on s.t for each row execute function s.look()");
  std::minstd_rand digits(1);
  std::string long_key = "{\"k\":\"";
  for (int i = 0; i < 6000; ++i) long_key += "0123456789abcdef"[digits() / 65536 % 16];
  const auto out = opened();
  ASSERT_TRUE(out->write(records(
      {std::string_view{R"({"k":"a"})"}, R"({"k":"bad"})", long_key + "\"}", R"({"k":"b"})"})));
  const strings why = end_group(*out);
  ASSERT_EQ(why.size(), 2u);
  EXPECT_EQ(why[0], "2: not bad");
  EXPECT_TRUE(why[1].starts_with("3: index row size")) << why[1];
  EXPECT_EQ(sql("select k from s.t order by k"), "a\nb\n");
}

TEST_F(postgres_sink_test, a_constraint_that_waits_for_the_commit_costs_only_its_row) {
  sql("create table s.p (id bigint primary key); insert into s.p values (1); "
      "create table s.t (p bigint references s.p deferrable initially deferred)");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"p":1})", R"({"p":2})", R"({"p":1})"})));
  EXPECT_EQ(end_group(*out), strings{"2: insert or update on table \"t\" violates foreign key "
                                     "constraint \"t_p_fkey\""});
  EXPECT_EQ(sql("select count(*) from s.t"), "2\n");
}

TEST_F(postgres_sink_test, a_constraint_that_waits_sees_rows_that_come_later_in_the_group) {
  sql("create table s.t (id bigint primary key, p bigint references s.t deferrable initially "
      "deferred, k text default 'k')");
  const strings good{R"({"id":1,"p":2})", R"({"id":2,"p":3,"k":"x"})", R"({"id":3})",
                     R"({"id":4,"p":5,"k":"x"})", R"({"id":5,"p":4})"};
  const auto out = opened();
  ASSERT_TRUE(out->write(records(good)));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select id from s.t order by id; delete from s.t"), "1\n2\n3\n4\n5\n");

  ASSERT_TRUE(out->write(records({R"({"id":7,"p":99})", R"({"id":"?"})", R"({"id":8,"p":7})"})));
  ASSERT_TRUE(out->write(records(good)));
  const std::string why =
      "insert or update on table \"t\" violates foreign key constraint \"t_p_fkey\"";
  EXPECT_EQ(end_group(*out),
            (strings{"6: " + why, "7: invalid input syntax for type bigint in column `id`",
                     "8: " + why}));
  EXPECT_EQ(sql("select id from s.t order by id"), "1\n2\n3\n4\n5\n");
}

TEST_F(postgres_sink_test, a_bad_row_does_not_part_others_that_need_each_other) {
  sql("create table s.t (id bigint primary key, p bigint references s.t)");
  const auto out = opened();
  strings lines{R"({"id":"?"})"};
  for (int i = 1; i < 50; ++i) {
    lines.push_back("{\"id\":" + std::to_string(i) + ",\"p\":" + std::to_string(i + 1) + "}");
  }
  lines.push_back(R"({"id":50})");
  lines.push_back(R"({"id":51,"p":99})");
  ASSERT_TRUE(out->write(records(lines)));
  EXPECT_EQ(end_group(*out),
            (strings{"1: invalid input syntax for type bigint in column `id`",
                     "52: insert or update on table \"t\" violates foreign key constraint "
                     "\"t_p_fkey\""}));
  EXPECT_EQ(sql("select count(*) from s.t"), "50\n");
}

TEST_F(postgres_sink_test,
       A4_21_a_row_among_many_that_are_refused_costs_hardly_more_than_one_attempt) {
  sql("create table s.t (n bigint check (n < 1000)); create sequence s.attempts; create function "
      "s.count() returns trigger language plpgsql as \\$\\$ begin perform nextval('s.attempts'); "
      "return null; end \\$\\$; create trigger count before insert on s.t for each statement "
      "execute function s.count()");
  const auto out = opened();
  strings lines;
  strings refused;
  for (int i = 1; i <= 1000; ++i) {
    lines.push_back("{\"n\":" + std::to_string(i % 100 == 50 ? i : 1000 + i) + "}");
    if (i % 100 == 50) continue;
    refused.push_back(std::to_string(i) +
                      ": new row for relation \"t\" violates check constraint \"t_n_check\"");
  }
  ASSERT_TRUE(out->write(records(lines)));
  EXPECT_EQ(end_group(*out), refused);
  EXPECT_EQ(sql("select count(*), min(n), max(n), count(distinct n) from s.t"), "10|50|950|10\n");
  EXPECT_LT(std::stoi(sql("select last_value from s.attempts")), 1050);
}

TEST_F(postgres_sink_test, a_server_that_crashes_between_write_and_commit_loses_nothing) {
  sql("create table s.t (a bigint)");
  const auto out = made();
  out->resume(with_, memory(1, 0));
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  crash_server();
  ASSERT_TRUE(out->write(records({R"({"a":2})"})));
  EXPECT_EQ(end_group(*out, point(1, 1)), strings{});
  ASSERT_TRUE(out->write(records({R"({"a":3})", R"({"a":"x"})"})));
  const auto ready = out->prepare();
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->refused.size(), 1u);
  crash_server();
  commit(*out, point(1, 2));
  EXPECT_EQ(sql("select a from s.t order by a; select entry from weir_commits"), "1\n2\n3\n2\n");
}

TEST_F(postgres_sink_test, a_server_that_crashes_behind_the_creation_of_the_table_loses_nothing) {
  const auto out = made();
  out->resume(with_, memory(1, 0));
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  ASSERT_TRUE(out->prepare());
  crash_server();
  commit(*out, point(1, 1));
  EXPECT_EQ(sql("select a from s.t"), "1\n");
}

TEST_F(postgres_sink_test, a_table_that_somebody_else_creates_meanwhile_is_filled) {
  const auto out = opened();
  postgres_link other(environment("WEIR_PG"), with_);
  ASSERT_FALSE(other.connect());
  ASSERT_TRUE(other.run("begin; create table s.t (a bigint)").ok());
  const std::jthread commits_once_we_wait([&] {
    while (sql("select count(*) from pg_locks where not granted") == "0\n") {
    }
    other.run("commit");
  });
  ASSERT_TRUE(out->write(records({R"({"a":2})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select a from s.t"), "2\n");
}

TEST_F(postgres_sink_test, two_branches_of_one_run_may_create_the_same_table) {
  const auto first = opened();
  const auto second = opened();
  ASSERT_TRUE(first->write(records({R"({"a":1})"})));
  ASSERT_TRUE(second->write(records({R"({"a":2})"})));
  ASSERT_TRUE(first->prepare());
  ASSERT_TRUE(second->prepare());
  commit(*first);
  commit(*second);
  EXPECT_EQ(sql("select a from s.t order by a"), "1\n2\n");
}

TEST_F(postgres_sink_test, a_commit_that_arrived_unheard_is_not_repeated) {
  sql("create table s.t (a bigint)");
  const auto out = made("WEIR_PG_CUT_LATE");
  out->resume(with_, memory(1, 0));
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  EXPECT_EQ(end_group(*out, point(1, 1)), strings{});
  ASSERT_TRUE(out->write(records({R"({"a":2})"})));
  EXPECT_EQ(end_group(*out, point(1, 2)), strings{});
  EXPECT_EQ(sql("select a from s.t order by a; select entry from weir_commits"), "1\n2\n2\n");
}

TEST_F(postgres_sink_test, a_commit_that_got_lost_on_its_way_is_made_again) {
  sql("create table s.t (a bigint)");
  const auto out = made("WEIR_PG_CUT_EARLY");
  out->resume(with_, memory(1, 0));
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  EXPECT_EQ(end_group(*out, point(1, 1)), strings{});
  EXPECT_EQ(sql("select a from s.t; select entry from weir_commits"), "1\n1\n");
}

TEST_F(postgres_sink_test, without_a_state_the_server_is_asked_what_became_of_a_transaction) {
  sql("create table s.t (a bigint)");
  for (const char* const cut : {"WEIR_PG_CUT_LATE", "WEIR_PG_CUT_EARLY"}) {
    const auto out = made(cut);
    out->open(with_);
    ASSERT_TRUE(out->write(records({R"({"a":1})"})));
    EXPECT_EQ(end_group(*out), strings{});
  }
  EXPECT_EQ(sql("select count(*) from s.t"), "2\n");
}

TEST_F(postgres_sink_test, A4_20_a_conflict_with_another_transaction_is_tried_again) {
  sql("create table s.t (a bigint); create sequence s.tries; create function s.fail() returns "
      "trigger language plpgsql as \\$\\$ declare n bigint := nextval('s.tries'); begin "
      "if n = 1 then raise sqlstate '40001'; elsif n = 2 then raise sqlstate '40P01'; end if; "
      "return new; end \\$\\$; "
      "create trigger fail before insert on s.t execute function s.fail()");
  const auto out = opened();
  ASSERT_TRUE(out->write(records({R"({"a":1})", R"({"a":2})"})));
  EXPECT_EQ(end_group(*out), strings{});
  EXPECT_EQ(sql("select a from s.t; select last_value from s.tries"), "1\n2\n3\n");
}

TEST_F(postgres_sink_test, the_row_of_the_commit_tells_where_a_run_goes_on) {
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
  EXPECT_EQ(sql("select a from s.t; select * from weir_commits"), "1\n2\np1|db|2|3\n");
  EXPECT_THROW(made()->resume(with_, memory(3, 2)), error) << "an older copy of the state";
}

TEST_F(postgres_sink_test, a_role_that_may_create_nothing_needs_tables_that_are_there) {
  sql("create table s.t (a bigint); create role poor login password 'poor'; "
      "grant usage on schema s to poor; grant insert on s.t to poor");
  std::string url = environment("WEIR_PG") + "?table=s.t";
  url.replace(url.find("weir:secret"), 11, "poor:poor");
  try {
    make_postgres_sink({.url = secret_url{url}})->resume(with_, memory(1, 0));
    ADD_FAILURE() << "there is no table weir_commits";
  } catch (const error& wrong) {
    EXPECT_EQ(wrong.code(), exit_code::unavailable);
    EXPECT_TRUE(wrong.hint().contains("create table if not exists weir_commits")) << wrong.hint();
  }
  made()->resume(with_, memory(1, 0));
  sql("grant select, insert, update on weir_commits to poor");
  const auto out = make_postgres_sink({.url = secret_url{url}});
  out->resume(with_, memory(2, 0));
  ASSERT_TRUE(out->write(records({R"({"a":1})"})));
  EXPECT_EQ(end_group(*out, point(2, 1)), strings{});
  EXPECT_EQ(sql("select a, entry from s.t, weir_commits"), "1|1\n");
}

TEST_F(postgres_sink_test, a_newer_run_keeps_an_older_one_from_committing) {
  const auto old = made();
  old->resume(with_, memory(1, 0));
  ASSERT_TRUE(old->write(records({R"({"a":1})"})));
  end_group(*old, point(1, 1));
  const auto newer = made();
  EXPECT_EQ(newer->resume(with_, memory(2, 1)), 1u);

  ASSERT_TRUE(old->write(records({R"({"a":13})"})));
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
  EXPECT_EQ(end_group(*newer, point(2, 2)), strings{});
  EXPECT_EQ(sql("select a from s.t"), "1\n2\n");
}

TEST_F(postgres_sink_test, a_group_larger_than_the_sockets_buffers_arrives_whole) {
  const auto out = opened();
  const std::string text(1000, 'x');
  for (int part = 0; part < 20; ++part) {
    strings lines;
    for (int i = 0; i < 1000; ++i) {
      lines.push_back(R"({"n":)" + std::to_string(part * 1000 + i) + R"(,"s":")" + text + "\"}");
    }
    ASSERT_TRUE(out->write(records(lines)));
    if (part % 10 == 9) {
      EXPECT_EQ(end_group(*out), strings{});
    }
  }
  EXPECT_EQ(sql("select count(*), sum(n), sum(length(s)) from s.t"), "20000|199990000|20000000\n");
}

TEST_F(postgres_sink_test, a_server_that_is_not_there_or_refuses_us_is_told_without_the_password) {
  const auto complaint = [&](const std::string& url) -> std::string {
    try {
      make_postgres_sink({.url = secret_url{url}})->open(with_);
      return "";
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::unavailable);
      return e.what();
    }
  };
  EXPECT_EQ(complaint("postgres://u:secret@127.0.0.1:1/db?table=t").substr(0, 71),
            "postgres://u:******@127.0.0.1:1/db: connection to server at \"127.0.0.1\"");
  const std::string wrong = "postgres://weir:nonsense" + environment("WEIR_PG").substr(22);
  const std::string told = complaint(wrong + "?table=t");
  EXPECT_NE(told.find("password authentication failed for user \"weir\""), told.npos) << told;
  EXPECT_EQ(told.find("nonsense"), told.npos) << told;
}

TEST_F(postgres_sink_test, a_missing_table_is_told_when_it_is_opened) {
  const auto out = make_postgres_sink(
      {.url = secret_url{environment("WEIR_PG")}, .table = "s.t", .create = false});
  try {
    out->open(with_);
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::usage);
    EXPECT_NE(std::string{e.what()}.find(": there is no table s.t"), std::string::npos);
  }
}

}  // namespace
}  // namespace weir

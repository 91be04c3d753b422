// The yardstick for the sink `sqlite`: a prepared statement in a loop, by hand, on the bench's
// corpus.
//
//   sqlite_loop IN OUT.db GROUP_BYTES
//
// Does what `from IN | json trust=true | to sqlite:OUT.db?table=t` does, with the columns and their
// order known beforehand, and commits whenever GROUP_BYTES of text have come in.
#include <simdjson.h>
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "input.hpp"

namespace {

using namespace bench;
namespace ondemand = simdjson::ondemand;

enum class type { text, integer, real };
struct field {
  std::string_view name;
  type is;
};
constexpr std::array<field, 12> fields{{{"time", type::text},
                                        {"level", type::text},
                                        {"service", type::text},
                                        {"method", type::text},
                                        {"path", type::text},
                                        {"status", type::integer},
                                        {"latency_ms", type::real},
                                        {"bytes", type::integer},
                                        {"client", type::text},
                                        {"request_id", type::text},
                                        {"agent", type::text},
                                        {"msg", type::text}}};

class table {
 public:
  explicit table(const char* path) {
    require(sqlite3_open(path, &db_));
    run("pragma journal_mode = wal; pragma synchronous = full; begin");
    run("create table t (time text, level text, service text, method text, path text, "
        "status integer, latency_ms real, bytes integer, client text, request_id text, agent text, "
        "msg text, _rest text)");
    require(sqlite3_prepare_v2(db_, "insert into t values (?,?,?,?,?,?,?,?,?,?,?,?,null)", -1,
                               &insert_, nullptr));
  }
  ~table() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }
  table(const table&) = delete;
  table& operator=(const table&) = delete;

  void run(const char* sql) { require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

  void insert(ondemand::object& record) {
    int at = 0;
    for (const field& f : fields) bind(++at, f.is, record.find_field(f.name));
    if (sqlite3_step(insert_) != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_reset(insert_);
  }

 private:
  void bind(int at, type is, simdjson::simdjson_result<ondemand::value> value) {
    switch (is) {
      case type::text: {
        const std::string_view text = value.get_string();
        sqlite3_bind_text(insert_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        return;
      }
      case type::integer:
        sqlite3_bind_int64(insert_, at, value.get_int64());
        return;
      case type::real:
        sqlite3_bind_double(insert_, at, value.get_double());
        return;
    }
  }
  void require(int code) {
    if (code != SQLITE_OK) fail(sqlite3_errmsg(db_));
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void load(const char* in_path, const char* out_path, std::size_t group_bytes) {
  file_input in(in_path);
  table out(out_path);
  ondemand::parser parser;
  std::size_t group = 0;
  each_line(in, [&](std::string_view line) {
    ondemand::document document = parser.iterate(line, line.size() + padding_bytes);
    ondemand::object record = document.get_object();
    out.insert(record);
    group += line.size();
    if (group < group_bytes) return;
    out.run("commit; begin");
    group = 0;
  });
  out.run("commit");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: sqlite_loop IN OUT.db GROUP_BYTES");
  load(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10));
}

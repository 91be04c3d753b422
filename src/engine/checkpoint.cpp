#include "engine/checkpoint.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "record/json_bytes.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using simdjson::dom::element;

struct named_total {
  std::string_view name;
  std::uint64_t run_totals::* member;
};
constexpr std::array named_totals{
    named_total{"in", &run_totals::in},
    named_total{"created", &run_totals::created},
    named_total{"delivered", &run_totals::delivered},
    named_total{"filtered", &run_totals::filtered},
    named_total{"rejected", &run_totals::rejected},
    named_total{"joined", &run_totals::joined},
    named_total{"blank", &run_totals::blank},
    named_total{"bytes_in", &run_totals::bytes_in},
};

void add_text(std::string& out, std::string_view key, std::string_view text) {
  out += fmt::format("{}\"{}\":", out.ends_with('{') ? "" : ",", key);
  write_json_bytes(text, out);
}

void add_number(std::string& out, std::string_view key, std::uint64_t number) {
  out += fmt::format("{}\"{}\":{}", out.ends_with('{') ? "" : ",", key, number);
}

template <class Items, class Write>
void add_list(std::string& out, std::string_view key, const Items& items, Write write) {
  out += fmt::format("{}\"{}\":[", out.ends_with('{') ? "" : ",", key);
  for (const auto& item : items) {
    if (!out.ends_with('[')) out += ',';
    out += '{';
    write(item);
    out += '}';
  }
  out += ']';
}

void add_shards(std::string& out, std::string_view key, const std::vector<shard_progress>& shards) {
  add_list(out, key, shards, [&out](const shard_progress& s) {
    add_text(out, "id", s.id);
    add_text(out, "name", s.name);
    add_number(out, "offset", s.at.offset);
    add_number(out, "number", s.at.number);
    if (s.at.past_fault) out += ",\"past_fault\":true";
    if (s.ended) out += ",\"ended\":true";
    if (!s.token.empty()) add_text(out, "token", s.token);
    if (!s.parser_state.empty()) add_text(out, "parser_state", s.parser_state);
  });
}

std::string text_in(const element& e, std::string_view key) {
  return read_json_bytes(e[key]);
}

std::string text_if_in(const element& e, std::string_view key) {
  return e[key].error() == simdjson::SUCCESS ? text_in(e, key) : std::string{};
}

std::uint64_t number_in(const element& e, std::string_view key) {
  return e[key];
}

log_header read_header(const element& e) {
  log_header h{.version = number_in(e, "version"),
               .pipeline = text_in(e, "pipeline"),
               .plan = text_in(e, "plan"),
               .after = text_in(e, "after")};
  if (e["tables"].error() != simdjson::SUCCESS) return h;
  for (const element t : e["tables"].get_array()) {
    h.tables.push_back(
        {.file = text_in(t, "file"), .shards = number_in(t, "shards"), .sum = text_in(t, "sum")});
  }
  if (e["parser_states"].error() != simdjson::SUCCESS) return h;
  for (const element s : e["parser_states"].get_array()) {
    h.parser_states.push_back(text_in(s, "text"));
  }
  return h;
}

log_run read_run(const element& e) {
  return {.generation = number_in(e, "run"),
          .base = number_in(e, "base"),
          .plan = text_in(e, "plan"),
          .dead_letter = text_in(e, "dead_letter"),
          .dead_bytes = number_in(e, "dead_bytes")};
}

std::vector<shard_progress> read_shards(const element& list) {
  std::vector<shard_progress> shards;
  for (const element s : list.get_array()) {
    shards.push_back({.id = text_in(s, "id"),
                      .name = text_in(s, "name"),
                      .at = {.offset = number_in(s, "offset"),
                             .number = number_in(s, "number"),
                             .past_fault = s["past_fault"].error() == simdjson::SUCCESS},
                      .ended = s["ended"].error() == simdjson::SUCCESS,
                      .token = text_if_in(s, "token"),
                      .parser_state = text_if_in(s, "parser_state")});
  }
  return shards;
}

checkpoint read_checkpoint(const element& e) {
  checkpoint c;
  c.entry = number_in(e, "entry");
  c.shards = read_shards(e["shards"]);
  for (const element s : e["sinks"].get_array()) {
    c.sinks.push_back({.sink = text_in(s, "sink"), .token = text_in(s, "token")});
  }
  c.dead_bytes = number_in(e, "dead_bytes");
  const element totals = e["totals"];
  for (const auto& [name, member] : named_totals) c.totals.*member = number_in(totals, name);
  return c;
}

log_entry read_entry(const element& e) {
  if (e["entry"].error() == simdjson::SUCCESS) return read_checkpoint(e);
  if (e["run"].error() == simdjson::SUCCESS) return read_run(e);
  if (e["note"].error() == simdjson::SUCCESS) {
    return log_note{.sink = text_in(e, "sink"), .text = text_in(e, "note")};
  }
  if (e["begun"].error() == simdjson::SUCCESS) return log_begun{read_shards(e["begun"])};
  return read_header(e);
}

}  // namespace

run_totals operator+(const run_totals& a, const run_totals& b) noexcept {
  run_totals sum;
  for (const auto& [name, member] : named_totals) sum.*member = a.*member + b.*member;
  return sum;
}

run_totals totals_of(const account& a) {
  return {.in = a.in,
          .created = a.created,
          .delivered = a.delivered,
          .filtered = a.filtered,
          .rejected = a.rejected,
          .joined = a.joined,
          .blank = a.blank,
          .bytes_in = a.bytes_in};
}

std::string to_json(const log_header& h) {
  std::string out = "{";
  add_number(out, "version", h.version);
  add_text(out, "pipeline", h.pipeline);
  add_text(out, "plan", h.plan);
  add_text(out, "after", h.after);
  if (h.version < log_header::version_with_tables) return out + '}';
  add_list(out, "tables", h.tables, [&out](const logged_table& t) {
    add_text(out, "file", t.file);
    add_number(out, "shards", t.shards);
    add_text(out, "sum", t.sum);
  });
  if (h.version < log_header::version_with_parser_states) return out + '}';
  add_list(out, "parser_states", h.parser_states,
           [&out](const std::string& s) { add_text(out, "text", s); });
  return out + '}';
}

std::string to_json(const log_run& r) {
  std::string out = "{";
  add_number(out, "run", r.generation);
  add_number(out, "base", r.base);
  add_text(out, "plan", r.plan);
  add_text(out, "dead_letter", r.dead_letter);
  add_number(out, "dead_bytes", r.dead_bytes);
  return out + '}';
}

std::string to_json(const checkpoint& c) {
  std::string out = "{";
  add_number(out, "entry", c.entry);
  add_shards(out, "shards", c.shards);
  add_list(out, "sinks", c.sinks, [&out](const sink_progress& s) {
    add_text(out, "sink", s.sink);
    add_text(out, "token", s.token);
  });
  add_number(out, "dead_bytes", c.dead_bytes);
  out += ",\"totals\":{";
  for (const auto& [name, member] : named_totals) add_number(out, name, c.totals.*member);
  return out + "}}";
}

std::string to_json(const log_note& n) {
  std::string out = "{";
  add_text(out, "note", n.text);
  add_text(out, "sink", n.sink);
  return out + '}';
}

void refuse_newer(const log_header& header, const std::string& path) {
  if (header.version <= log_header::known_version) return;
  throw error(exit_code::io,
              fmt::format("{}: it has version {}, this weir knows {}", path, header.version,
                          log_header::known_version),
              "use the weir that wrote it");
}

std::string to_json(const log_begun& b) {
  std::string out = "{";
  add_shards(out, "begun", b.shards);
  return out + '}';
}

log_entry parse_log_entry(std::string_view json) try {
  simdjson::dom::parser parser;
  return read_entry(parser.parse(json.data(), json.size()));
} catch (const simdjson::simdjson_error&) {
  throw error(exit_code::io,
              fmt::format("an entry that this weir does not know: {}", json.substr(0, 100)),
              "it was written by a newer version");
}

}  // namespace weir

#include "cli/load.hpp"

#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "cli/dlq_command.hpp"
#include "engine/bare_words.hpp"
#include "engine/references.hpp"
#include "engine/run.hpp"
#include "engine/text_parser.hpp"
#include "engine/yaml_parser.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out{"'"};
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

[[noreturn]] void cannot_read(const std::string& path, const io_error& why, std::string hint = {}) {
  if (hint.empty()) {
    hint = "a pipeline's text begins with `from` or a stage's name; anything else is a file";
  }
  throw error(exit_code::no_input, path + ": " + why.message(), hint);
}

/// At most a byte more than a pipeline may have, which the parser then refuses.
std::string read_pipeline_file(const std::string& path, const std::vector<component>& table,
                               disk& files) {
  auto opened = files.open(path, open_for::reading);
  if (!opened) cannot_read(path, opened.error(), hint_for_pipeline(path, table));
  std::string text(pipeline_text_max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = (*opened)->read(std::span{text}.subspan(size));
    if (!got) cannot_read(path, got.error());
    if (*got == 0) break;
    size += *got;
  }
  text.resize(size);
  return text;
}

/// The names become part of a pipeline's text.
void check_names(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (first_invalid_utf8(path) == path.size()) continue;
    throw error(exit_code::usage, path + ": a name with bytes that are no text",
                "a glob reaches it, with ? for each such byte: weir 'bad?name'");
  }
}

pipeline_text parse(const invocation& it, const std::vector<component>& table, disk& files,
                    reporter& report) {
  if (it.what == action::ls) {
    return parse_text("command line", pipeline_for_listing(it), table, report);
  }
  if (it.given == subject::inputs) {
    check_names(it.operands);
    return parse_text("command line", pipeline_for_inputs(it), table, report);
  }
  const std::string& given = it.operands.front();
  if (it.given == subject::text) return parse_text("pipeline", given, table, report);
  return parse_yaml(given, read_pipeline_file(given, table, files), table, read_reference, report);
}

step_text read_dead_letter(const std::string& path) {
  step_text step;
  step.name.text = "dead_letter";
  step.arguments.push_back({.name = {}, .value = {path, {}}, .quoted = true});
  return step;
}

}  // namespace

std::string pipeline_for_inputs(const invocation& it) {
  std::string out{"from"};
  for (const std::string& path : it.operands) out += path == "-" ? " -" : " " + in_quotes(path);
  out += " | auto";
  if (!it.search.empty()) out += " | search " + in_quotes(it.search);
  if (!it.since.empty() || !it.until.empty()) out += " | time";
  if (!it.since.empty()) out += " since=" + in_quotes(it.since);
  if (!it.until.empty()) out += " until=" + in_quotes(it.until);
  if (!it.where.empty()) out += " | where " + it.where;
  out += " | to stdout";
  if (it.color == when::always) out += " color=always";
  if (it.color == when::never) out += " color=never";
  return out;
}

std::string pipeline_for_listing(const invocation& it) {
  std::string out{"from"};
  for (const std::string& word : it.operands) {
    const bool first = &word == &it.operands.front();
    out += " " + (first && word != "-" ? in_quotes(word) : word);
  }
  return out + " | to null";
}

std::uint64_t memory_bytes(const invocation& it) {
  return it.memory.value_or(byte_size{default_memory_bytes()}).bytes;
}

loaded load(const invocation& it, const std::vector<component>& table, disk& files) {
  loaded out;
  out.text = parse(it, table, files, out.report);
  if (!it.replayed_path.empty())
    out.text.source = read_dead_letter(dead_letter_in(it.replayed_path, files));
  const bool yaml = it.given == subject::file;
  warn_of_bare_words(out.text, yaml ? reader_of::yaml : reader_of::text,
                     yaml && it.what == action::check, out.report);
  out.made = make_plan(out.text, table, {.memory_bytes = memory_bytes(it)}, out.report);
  return out;
}

}  // namespace weir

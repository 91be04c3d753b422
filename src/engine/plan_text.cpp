// A plan and its steps as text.

#include <algorithm>

#include "base/hidden_password.hpp"
#include "engine/make_plan.hpp"
#include "engine/scan.hpp"
#include "expr/spelling.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

void write_member(std::string_view name, std::string_view text, std::string& out) {
  write_json_string(name, out);
  out += ':';
  write_json_string(text, out);
}

using shown_options = std::vector<std::pair<std::string, std::string>>;

/// A component without its closing brace.
void write_component(std::string_view name, const shown_options& options, std::string& out) {
  out += '{';
  write_member("component", name, out);
  if (options.empty()) return;
  out += ",\"options\":{";
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (i > 0) out += ',';
    write_member(options[i].first, options[i].second, out);
  }
  out += '}';
}

/// How expressions are written.
using spelling = std::string (*)(std::string_view);

std::string canonical(std::string_view text) {
  return expr::evenly_spaced(text).value_or(on_one_line(text));
}

void write(const planned_stage& step, spelling write_expression, std::string& out) {
  write_component(step.name, step.options, out);
  for (std::size_t i = 0; i < step.clauses.size(); ++i) {
    out += i == 0 ? ",\"clauses\":[{" : ",{";
    write_member(write_expression(step.clauses[i].key.text),
                 write_expression(step.clauses[i].text.text), out);
    out += '}';
  }
  out += step.clauses.empty() ? "}" : "]}";
}

void write(const section& part, spelling write_expression, std::string& out);

void write(const planned_split& split, spelling write_expression, std::string& out) {
  out += split.route ? ",\n\"route\":[" : ",\n\"tee\":[";
  for (std::size_t i = 0; i < split.branches.size(); ++i) {
    out += i > 0 ? ",\n{" : "\n{";
    write_member("branch", write_expression(split.branches[i].name), out);
    out += ',';
    write(split.branches[i].rest, write_expression, out);
    out += '}';
  }
  out += ']';
}

void write(const section& part, spelling write_expression, std::string& out) {
  out += "\"steps\":[";
  for (std::size_t i = 0; i < part.stages.size(); ++i) {
    out += i > 0 ? ",\n " : "\n ";
    write(part.stages[i], write_expression, out);
  }
  out += ']';
  if (part.split) return write(*part.split, write_expression, out);
  out += ",\n\"sink\":";
  write_component(part.sink.name, part.sink.options, out);
  out += '}';
  if (!part.spool) return;
  out += ",\n\"behind\":{";
  write(part.spool->rest, write_expression, out);
  out += '}';
}

std::string plan_json(const plan& p, spelling write_expression) {
  std::string out = "{\n\"source\":";
  write_component(p.source_name, p.source_options, out);
  out += "},\n";
  write(p.root, write_expression, out);
  if (!p.dead_letter.empty()) {
    out += ",\n";
    write_member("dead_letter", p.dead_letter, out);
  }
  return out + "\n}\n";
}

/// The text as the user wrote it where it holds references: what they stand for may be a secret.
std::string_view as_written(const pipeline_text& in, const located_text& text) {
  for (const rewritten_text& r : in.rewritten) {
    const bool inside = text.where.offset >= r.begin && text.where.offset < r.begin + r.length;
    if (!inside || !r.shown.contains("${")) continue;
    // A piece of it cannot be told apart: the whole stands for it.
    return r.shown;
  }
  return text.text;
}

std::string quoted_if_needed(std::string_view value) {
  const bool plain = !value.empty() && std::ranges::none_of(value, [](char c) {
    return is_blank(c) || is_quote(c) || c == '|' || c == '\\' || c == '(' || c == ')';
  });
  if (plain) return std::string{value};
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + '"';
}

std::string spell(const pipeline_text& in, const clause& c, grammar body) {
  const auto text = spell(in, c.text);
  switch (body) {
    case grammar::assignments:
      return c.key.text + " = " + text;
    case grammar::renames:
      return c.key.text + " as " + text;
    case grammar::fields:
      return c.key.text;
    case grammar::ordering:
      return c.key.text == "desc" ? text + " desc" : text;
    default:
      return text;
  }
}

}  // namespace

std::string on_one_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (is_quote(text[i]))
      end = std::min(end_of_quoted(text, i), text.size());
    else if (is_blank(text[i])) {
      while (end < text.size() && is_blank(text[end])) ++end;
      out += ' ';
      i = end;
      continue;
    }
    out += text.substr(i, end - i);
    i = end;
  }
  return out;
}

std::string spell(const pipeline_text& in, const step_text& step, grammar body) {
  std::string out = step.name.text;
  for (const argument& a : step.arguments) {
    out += ' ';
    if (!a.name.text.empty()) out += a.name.text + "=";
    out += quoted_if_needed(hide_passwords(as_written(in, a.value)));
  }
  if (body == grammar::ordering) out += " by";
  for (std::size_t i = 0; i < step.clauses.size(); ++i) {
    out += i > 0 ? ", " : " ";
    out += spell(in, step.clauses[i], body);
  }
  return out;
}

std::string spell(const pipeline_text& in, const located_text& expression) {
  return on_one_line(as_written(in, expression));
}

std::string plan_json(const plan& p) {
  return plan_json(p, canonical);
}

std::string plan_json_as_spelled(const plan& p) {
  return plan_json(p, on_one_line);
}

}  // namespace weir

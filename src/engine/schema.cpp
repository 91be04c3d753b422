#include "engine/schema.hpp"

#include <fmt/format.h>

#include "engine/lookup.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

/// Items of a JSON list or object, with commas between them.
class items {
 public:
  void add(std::string_view item) {
    if (!text_.empty()) text_ += ',';
    text_ += item;
  }
  void add(std::string_view key, std::string_view json) {
    add(in_quotes(key) + ':' + std::string{json});
  }
  std::string object() const { return '{' + text_ + '}'; }
  std::string list() const { return '[' + text_ + ']'; }

 private:
  std::string text_;
};

/// What YAML makes of the option's text: `2s` is a string, `1000` a number.
std::string_view json_type(std::string_view type) {
  if (type == "boolean") return R"("type":["boolean","string"])";
  if (type == "integer") return R"("type":["integer","string"])";
  if (type == "number") return R"("type":["number","string"])";
  if (type == "bytes") return R"("type":["integer","string"])";
  return R"("type":["string","number","boolean"])";
}

std::string value_of(const option_spec& o) {
  items made;
  made.add(json_type(o.type));
  if (o.choices.empty()) return made.object();
  items choices;
  for (const std::string& choice : o.choices) choices.add(in_quotes(choice));
  // A choice may come from a reference.
  return R"({"anyOf":[{"enum":)" + choices.list() + R"(},{"type":"string","pattern":"\\$\\{"}]})";
}

std::string list_of(std::string_view item) {
  return fmt::format(R"({{"type":"array","items":{}}})", item);
}

std::string any_of(std::initializer_list<std::string_view> all) {
  items made;
  for (const auto one : all) made.add(one);
  return R"({"anyOf":)" + made.list() + '}';
}

std::string option_schema(const option_spec& o) {
  std::string value = value_of(o);
  if (o.many) value = any_of({value, list_of(value)});
  value.pop_back();
  value += ",\"description\":" + in_quotes(o.description);
  if (!o.default_text.empty()) value += ",\"default\":" + in_quotes(o.default_text);
  return value + '}';
}

/// A map of the options. With `more`, one more member of that name and schema.
std::string options_schema(const component& c, std::string_view more_key = {},
                           std::string_view more = {}) {
  items properties;
  for (const option_spec& o : c.options) properties.add(o.name, option_schema(o));
  if (!more_key.empty()) properties.add(more_key, more);
  return R"({"type":"object","properties":)" + properties.object() +
         R"(,"additionalProperties":false})";
}

constexpr std::string_view scalar = R"({"type":["string","number","boolean","null"]})";
constexpr std::string_view text = R"({"type":["string","number","boolean"]})";

std::string branches_schema(const component& c) {
  const bool routes = c.name == "route";
  return list_of(fmt::format(
      R"({{"type":"object","properties":{{{}"steps":{{"$ref":"#/$defs/steps"}},"sink":{{"$ref":"#/$defs/sink"}}}},"additionalProperties":false}})",
      routes ? R"("when":{"type":["string","boolean"]},)" : ""));
}

std::string body_schema(const component& c) {
  const std::string pairs = fmt::format(R"({{"type":"object","additionalProperties":{}}})", scalar);
  const std::string texts = list_of(text);
  switch (c.body) {
    case grammar::options:
      return any_of({options_schema(c), scalar, texts});
    case grammar::expression:
      return std::string{text};
    case grammar::assignments:
    case grammar::renames:
      return any_of({pairs, text});
    case grammar::fields:
      return any_of({texts, text});
    case grammar::ordering: {
      const auto by = any_of({texts, text});
      return any_of({options_schema(c, "by", by), texts, text});
    }
    case grammar::branches:
      return branches_schema(c);
  }
  return "{}";
}

/// All components of a role: a text, or a map with one name.
std::string role_schema(const std::vector<component>& table, component::role is) {
  items properties;
  for (const component& c : table) {
    if (c.is != is) continue;
    std::string body = body_schema(c);
    body.pop_back();
    body += ",\"description\":" + in_quotes(c.summary) + '}';
    properties.add(c.name, body);
  }
  const std::string named =
      R"({"type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,"properties":)" +
      properties.object() + '}';
  return any_of({named, R"({"type":"string"})"});
}

}  // namespace

std::string schema(const std::vector<component>& table) {
  using enum component::role;
  items defs;
  defs.add("source", role_schema(table, source));
  defs.add("step", role_schema(table, stage));
  defs.add("sink", role_schema(table, sink));
  defs.add("steps", R"({"type":["array","null"],"items":{"$ref":"#/$defs/step"}})");
  items properties;
  properties.add("name", R"({"type":"string","description":"What reports call the pipeline."})");
  properties.add("source", R"({"$ref":"#/$defs/source"})");
  properties.add("steps", R"({"$ref":"#/$defs/steps"})");
  properties.add("sink", R"({"$ref":"#/$defs/sink"})");
  properties.add("dead_letter", R"({"$ref":"#/$defs/sink"})");
  items root;
  root.add("$schema", R"("https://json-schema.org/draft/2020-12/schema")");
  root.add("title", R"("A weir pipeline")");
  root.add("type", R"("object")");
  root.add("additionalProperties", "false");
  root.add("properties", properties.object());
  root.add("$defs", defs.object());
  return root.object() + '\n';
}

}  // namespace weir

#include "record/parsed_fields.hpp"

#include <cstring>

#include "record/json_find.hpp"

namespace weir {
namespace {

const parsed_field* find(const record& r, std::string_view name) noexcept {
  for (const parsed_field* f = fields_of(r); f->name != nullptr; ++f) {
    if (f->name_size == name.size() && std::memcmp(f->name, name.data(), name.size()) == 0)
      return f;
  }
  return nullptr;
}

value value_of(const parsed_field& f) noexcept {
  if (f.form == text_form::json) return read_json(f.content());
  value v = value::of(f.content());
  v.escaped = f.form == text_form::escaped;
  return v;
}

void write_content(const parsed_field& f, std::string& out) {
  switch (f.form) {
    case text_form::plain:
      return write_json_string(f.content(), out);
    case text_form::escaped:
      return write_escaped_json_string(f.content(), out);
    case text_form::json:
      out.append(f.content());
  }
}

}  // namespace

value find_parsed(const record& r, const field_path& path) noexcept {
  const std::span<const field_path::segment> all{path.segments};
  if (all.empty() || all[0].element >= 0) return {};
  const parsed_field* const f = find(r, all[0].name);
  if (f == nullptr) return {};
  if (all.size() == 1) return value_of(*f);
  if (f->form != text_form::json) return {};
  const std::string_view json = find_json(f->content(), all.subspan(1));
  return json.data() == nullptr ? value{} : read_json(json);
}

void write_parsed(const record& r, std::string& out) {
  char before = '{';
  for (const parsed_field* f = fields_of(r); f->name != nullptr; ++f) {
    out.push_back(before);
    before = ',';
    write_json_string(f->key(), out);
    out.push_back(':');
    write_content(*f, out);
  }
  if (before == '{') out.push_back('{');
  out.push_back('}');
}

}  // namespace weir

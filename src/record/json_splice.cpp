#include "record/json_splice.hpp"

#include <algorithm>
#include <cstring>

#include "record/json_members.hpp"
#include "record/key_sighting.hpp"

namespace weir {
namespace {

std::uint64_t initial_bit(char c) noexcept {
  return std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
}

/// The bits of what a key may begin with if it is one of the fields' names: like the name, or
/// escaped.
std::uint64_t initials_of(std::span<const assignment> fields) noexcept {
  std::uint64_t bits = initial_bit('\\');
  for (const assignment& a : fields) bits |= initial_bit(a.name.empty() ? '"' : a.name[0]);
  return bits;
}

/// The place of the token that closes the container at `at`, or nullptr if it is not before `end`.
const std::uint32_t* closing(const char* base, const std::uint32_t* at, const char* end) noexcept {
  for (int depth = 1; depth > 0;) {
    const char* const token = base + *++at;
    if (token >= end) return nullptr;
    if (*token == '{' || *token == '[') ++depth;
    if (*token == '}' || *token == ']') --depth;
  }
  return at;
}

char* put(std::string_view text, char* to) noexcept {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

}  // namespace

bool json_splicer::set(record& r, std::span<const assignment> fields) {
  if (!find(r, fields)) return false;
  render(fields);
  const std::size_t most = r.text().size() + members_bytes_ + fields.size();
  char* const begin = r.store().memory.allocate(most);
  const char* const end = write(r, fields, begin);
  const auto used = static_cast<std::size_t>(end - begin);
  r.store().memory.shrink_last(most - used);
  r.set_text({begin, used}, shape::json);
  return true;
}

bool json_splicer::find(const record& r, std::span<const assignment> fields) {
  places_.clear();
  if (r.index() == record::no_index) {
    if (sight(r.text(), fields)) return true;
    places_.clear();
    if (!walk_text(r.text(), fields)) return false;
  } else if (!walk_index(r, fields)) {
    return false;
  }
  const char* const end = r.text().data() + r.text().size();
  return brace_ < end && trimmed(brace_, end).size() == 1;
}

/// Looks for the fields' names and leaves the other members alone.
bool json_splicer::sight(std::string_view object, std::span<const assignment> fields) {
  if (!object.ends_with('}')) return false;
  const char* const end = object.data() + object.size();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view name = fields[i].name;
    if (fields[i].value.type == kind::missing) continue;
    const sighting seen = sight_member(object, name);
    if (!seen.is_certain()) return false;
    if (seen.value.empty()) continue;
    const char* const behind = seen.value.data() + seen.value.size();
    if (!lacks_key({behind, end}, name)) return false;
    places_.push_back({seen.value.data(), behind, i});
  }
  std::ranges::sort(places_, {}, &place::begin);
  brace_ = end - 1;
  any_member_ = skip_blanks(object.data() + 1, end) != brace_;
  return true;
}

bool json_splicer::walk_text(std::string_view object, std::span<const assignment> fields) {
  initials_ = initials_of(fields);
  text_members members(object);
  for (any_member_ = false; members.next(); any_member_ = true) {
    const member& m = members.current();
    const bool maybe = (initials_ & initial_bit(m.begin[1])) != 0;
    if (maybe && !note(m.key, m.value, fields)) return false;
  }
  brace_ = members.brace();
  return brace_ != nullptr;
}

bool json_splicer::walk_index(const record& r, std::span<const assignment> fields) {
  const structural_index& index = *r.store().index;
  const char* const end = r.text().data() + r.text().size();
  const std::uint32_t* at = index.at.get() + r.index() + 1;
  initials_ = initials_of(fields);
  any_member_ = index.base[*at] != '}';
  if (!any_member_) {
    brace_ = index.base + *at;
  } else {
    while (at != nullptr && index.base[*at] != '}') at = visit(index.base, at, end, fields);
    if (at == nullptr) return false;
    brace_ = index.base + *at;
  }
  return true;
}

/// Looks at the member whose key is at `at`. Returns the next one's, or the object's brace; nullptr
/// if this is not the usual case. At most two tokens are read behind one that is before `end`.
const std::uint32_t* json_splicer::visit(const char* base, const std::uint32_t* at, const char* end,
                                         std::span<const assignment> fields) {
  const char* const quote = base + at[0];
  const char* const first = base + at[2];
  if (*quote != '"' || first >= end) return nullptr;
  const bool nested = *first == '{' || *first == '[';
  const std::uint32_t* const last = nested ? closing(base, at + 2, end) : at + 2;
  if (last == nullptr) return nullptr;
  const char* const after = base + last[1];
  if ((initials_ & initial_bit(quote[1])) != 0) {
    const auto value = nested ? std::string_view{first, base + *last + 1} : trimmed(first, after);
    if (!note(key_between(quote, base + at[1]), value, fields)) return nullptr;
  }
  if (*after == '}') return last + 1;
  return *after == ',' && base[last[2]] == '"' ? last + 2 : nullptr;
}

/// False if the field has been seen before.
bool json_splicer::note(std::string_view key, std::string_view value,
                        std::span<const assignment> fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].value.type == kind::missing || !is_key(key, fields[i].name)) continue;
    if (is_placed(i)) return false;
    places_.push_back({value.data(), value.data() + value.size(), i});
  }
  return true;
}

bool json_splicer::is_placed(std::size_t field) const noexcept {
  return std::ranges::find(places_, field, &place::field) != places_.end();
}

// Texts move while they are being appended to, so their views are taken at the end.
void json_splicer::render(std::span<const assignment> fields) {
  rendered_.clear();
  members_.clear();
  for (const assignment& a : fields) {
    const std::size_t begin = rendered_.size();
    rendered_member m = a.rendered;
    if (m.text.empty()) m.json_at = render_member(a.name, a.value, rendered_) - begin;
    members_.push_back(m);
    ends_.push_back(rendered_.size());
  }
  std::size_t begin = 0;
  members_bytes_ = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (members_[i].text.empty())
      members_[i].text = std::string_view{rendered_}.substr(begin, ends_[i] - begin);
    begin = ends_[i];
    members_bytes_ += members_[i].text.size();
  }
  ends_.clear();
}

char* json_splicer::write(const record& r, std::span<const assignment> fields, char* to) const {
  const char* from = r.text().data();
  for (const place& p : places_) {
    to = put({from, p.begin}, to);
    to = put(members_[p.field].json(), to);
    from = p.end;
  }
  to = put({from, brace_}, to);
  bool first = !any_member_;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].value.type == kind::missing || is_placed(i)) continue;
    if (!first) *to++ = ',';
    first = false;
    to = put(members_[i].text, to);
  }
  return put({brace_, r.text().data() + r.text().size()}, to);
}

std::size_t render_member(std::string_view name, const value& v, std::string& out) {
  write_json_string(name, out);
  out += ':';
  const std::size_t json_at = out.size();
  write_json(v, out);
  return json_at;
}

}  // namespace weir

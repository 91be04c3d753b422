#include "record/json_edit.hpp"

#include <algorithm>
#include <cstring>

#include "record/json_members.hpp"

namespace weir {
namespace {

using path_tail = std::span<const field_path::segment>;

/// Copies an object to `out` with some members changed. Members are decided on in their order; what
/// nobody changed is copied in long runs.
class splice {
 public:
  splice(std::string_view object, std::string& out) noexcept
      : out_(out), from_(object.data()), end_(object.data() + object.size()) {}

  void keep(const member& m) noexcept {
    if (!any_kept_ && any_removed_) from_ = m.begin;
    any_kept_ = true;
    last_end_ = m.end();
  }

  void replace_value(const member& m, std::string_view json) {
    keep(m);
    copy_until(m.value.data());
    out_ += json;
    from_ = m.end();
  }

  /// Copies up to the value of `m`; the caller appends the new one.
  void open_value(const member& m) { replace_value(m, {}); }

  void rename(const member& m, std::string_view name) {
    keep(m);
    copy_until(m.begin);
    write_json_string(name, out_);
    from_ = m.key.data() + m.key.size() + 1;
  }

  // With a member goes the comma in front of it; the first ones take what leads to the next
  // instead.
  void remove(const member& m) {
    if (any_kept_) {
      copy_until(last_end_);
    } else if (!any_removed_) {
      copy_until(m.begin);
    }
    any_removed_ = true;
    from_ = last_end_ = m.end();
  }

  bool changed() const noexcept { return !out_.empty(); }
  void finish() { copy_until(end_); }

  /// Copies up to the object's last brace, for members to be appended. False if there is no brace.
  bool open_end(std::string_view object) {
    const std::size_t brace = object.rfind('}');
    if (brace == std::string_view::npos) return false;
    copy_until(object.data() + brace);
    return true;
  }
  bool any_kept() const noexcept { return any_kept_; }

 private:
  void copy_until(const char* stop) {
    if (stop > from_) out_.append(from_, stop);
    from_ = std::max(from_, stop);
  }

  std::string& out_;
  const char* from_;
  const char* end_;
  const char* last_end_ = nullptr;
  bool any_kept_ = false;
  bool any_removed_ = false;
};

/// What a set of paths says of one member.
struct selection {
  bool whole = false;             ///< a path ends here
  std::vector<path_tail> deeper;  ///< what is left of paths that go on
};

selection select(const member& m, std::span<const path_tail> paths) {
  selection found;
  for (const path_tail path : paths) {
    if (!is_key(m.key, path.front().name)) continue;
    if (path.size() == 1)
      found.whole = true;
    else
      found.deeper.push_back(path.subspan(1));
  }
  return found;
}

bool is_object(const member& m) noexcept {
  return m.value.starts_with('{');
}

std::string drop_from(std::string_view object, std::span<const path_tail> paths);
std::string keep_of(std::string_view object, std::span<const path_tail> paths);

void drop_member(splice& to, const member& m, std::span<const path_tail> paths) {
  const selection found = select(m, paths);
  if (found.whole) return to.remove(m);
  if (found.deeper.empty() || !is_object(m)) return to.keep(m);
  to.replace_value(m, drop_from(m.value, found.deeper));
}

void keep_member(splice& to, const member& m, std::span<const path_tail> paths) {
  const selection found = select(m, paths);
  if (found.whole) return to.keep(m);
  if (found.deeper.empty() || !is_object(m)) return to.remove(m);
  to.replace_value(m, keep_of(m.value, found.deeper));
}

std::string drop_from(std::string_view object, std::span<const path_tail> paths) {
  std::string out;
  splice to{object, out};
  for_each_member(object, [&](const member& m) { drop_member(to, m, paths); });
  to.finish();
  return out;
}

std::string keep_of(std::string_view object, std::span<const path_tail> paths) {
  std::string out;
  splice to{object, out};
  for_each_member(object, [&](const member& m) { keep_member(to, m, paths); });
  to.finish();
  return out;
}

std::vector<path_tail> tails_of(std::span<const field_path> paths) {
  std::vector<path_tail> tails;
  for (const field_path& p : paths) {
    if (!p.segments.empty()) tails.emplace_back(p.segments);
  }
  return tails;
}

constexpr std::size_t none = SIZE_MAX;

std::size_t find_assignment(std::span<const assignment> fields, std::string_view key) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].value.type != kind::missing && is_key(key, fields[i].name)) return i;
  }
  return none;
}

void append_json(const assignment& a, std::string& out) {
  a.rendered.text.empty() ? write_json(a.value, out) : void(out += a.rendered.json());
}

void append_member(const assignment& a, bool first, std::string& out) {
  if (!first) out += ',';
  a.rendered.text.empty() ? void(render_member(a.name, a.value, out))
                          : void(out += a.rendered.text);
}

}  // namespace

void json_editor::make_json(record& r) {
  if (r.shape() == shape::json) return;
  out_.clear();
  r.write(out_);
  commit(r);
}

void json_editor::commit(record& r) {
  r.set_text(r.store().memory.copy(out_), shape::json);
}

void json_editor::set(record& r, std::span<const assignment> fields) {
  const auto absent = [](const assignment& a) { return a.value.type == kind::missing; };
  if (std::ranges::all_of(fields, absent)) return;
  make_json(r);
  if (!splicer_.set(r, fields)) set_any(r, fields);
}

void json_editor::set_any(record& r, std::span<const assignment> fields) {
  out_.clear();
  seen_.assign(fields.size(), 0);
  const std::string_view text = r.text();
  splice to{text, out_};
  for_each_member(r, [&](const member& m) {
    const std::size_t i = find_assignment(fields, m.key);
    if (i == none) return to.keep(m);
    if (seen_[i]) return to.remove(m);
    seen_[i] = 1;
    to.open_value(m);
    append_json(fields[i], out_);
  });
  if (!to.open_end(text)) return;
  bool first = !to.any_kept();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (seen_[i] || fields[i].value.type == kind::missing) continue;
    append_member(fields[i], first, out_);
    first = false;
  }
  to.finish();
  commit(r);
}

void json_editor::drop(record& r, std::span<const field_path> paths) {
  make_json(r);
  out_.clear();
  const auto tails = tails_of(paths);
  splice to{r.text(), out_};
  for_each_member(r, [&](const member& m) { drop_member(to, m, tails); });
  if (!to.changed()) return;
  to.finish();
  commit(r);
}

void json_editor::keep(record& r, std::span<const field_path> paths) {
  make_json(r);
  out_.clear();
  const auto tails = tails_of(paths);
  splice to{r.text(), out_};
  for_each_member(r, [&](const member& m) { keep_member(to, m, tails); });
  if (!to.changed()) return;
  to.finish();
  commit(r);
}

void json_editor::rename(record& r, std::span<const renaming> names) {
  make_json(r);
  out_.clear();
  seen_.assign(names.size(), 0);
  splice to{r.text(), out_};
  const auto taken = [&](const member& m) {
    return std::ranges::any_of(names, [&](const renaming& n) {
      return is_key(m.key, n.to) && find_json_member(r, n.from).data() != nullptr;
    });
  };
  for_each_member(r, [&](const member& m) {
    const auto n = std::ranges::find_if(names, [&](auto& one) { return is_key(m.key, one.from); });
    if (n == names.end()) return taken(m) ? to.remove(m) : to.keep(m);
    char& seen = seen_[static_cast<std::size_t>(n - names.begin())];
    if (seen) return to.remove(m);
    seen = 1;
    to.rename(m, n->to);
  });
  if (!to.changed()) return;
  to.finish();
  commit(r);
}

void record::set(std::string_view field, const value& v) {
  const assignment one{field, v};
  json_editor{}.set(*this, {&one, 1});
}

}  // namespace weir

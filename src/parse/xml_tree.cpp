#include "parse/xml_tree.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/blank.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

constexpr std::size_t elements_max = 10'000;
constexpr std::size_t depth_max = 100;
constexpr std::string_view too_much = "too many or too deep elements";

/// Begins a member of an object that has got so far.
void write_key(std::string_view key, char& before, std::string& out) {
  out += before;
  before = ',';
  write_json_string(key, out);
  out += ':';
}

using elements = std::vector<const xml_element*>;

/// The children of each name, in the order in which the names appear.
std::vector<elements> by_name(const elements& children) {
  std::vector<elements> groups;
  std::unordered_map<std::string_view, std::size_t> known;
  for (const xml_element* const child : children) {
    const auto [group, is_new] = known.emplace(child->name, groups.size());
    if (is_new) groups.emplace_back();
    groups[group->second].push_back(child);
  }
  return groups;
}

void write_children(const xml_element& of, char& before, std::string& out) {
  for (const elements& same : by_name(of.children)) {
    write_key(same.front()->name, before, out);
    char separator = '[';
    for (const xml_element* const child : same) {
      if (same.size() > 1) out += std::exchange(separator, ',');
      write_json(*child, out);
    }
    if (same.size() > 1) out += ']';
  }
}

}  // namespace

const xml_element* xml_element::child(std::string_view called) const noexcept {
  const auto found = std::ranges::find(children, called, &xml_element::name);
  return found == children.end() ? nullptr : *found;
}

std::string_view xml_element::attribute(std::string_view called) const noexcept {
  const auto found =
      std::ranges::find(attributes, called, &std::pair<std::string, std::string>::first);
  return found == attributes.end() ? std::string_view{} : found->second;
}

class xml_tree::builder final : public xml_parts {
 public:
  explicit builder(std::deque<xml_element>& all) : all_(all) {}

  bool begin(std::string_view name, const std::vector<attribute>& attributes) override {
    has_too_much_ = all_.size() == elements_max || open_.size() == depth_max;
    if (has_too_much_) return false;
    xml_element& made = all_.emplace_back();
    made.name = name;
    for (const attribute& a : attributes) made.attributes.emplace_back(a.name, a.value);
    if (!open_.empty()) open_.back()->children.push_back(&made);
    open_.push_back(&made);
    return true;
  }
  bool end() override {
    std::string& text = open_.back()->text;
    if (trimmed(text).empty()) text.clear();
    open_.pop_back();
    return true;
  }
  void text(std::string_view piece) override { open_.back()->text += piece; }

  bool has_too_much() const noexcept { return has_too_much_; }

 private:
  std::deque<xml_element>& all_;
  std::vector<xml_element*> open_;
  bool has_too_much_ = false;
};

xml_fault xml_tree::read(std::string_view document) {
  all_.clear();
  builder parts(all_);
  xml_fault fault = walk_.read(document, parts);
  if (parts.has_too_much()) fault.why = too_much;
  if (!fault.ok()) all_.clear();
  return fault;
}

void write_json(const xml_element& of, std::string& out) {
  if (of.attributes.empty() && of.children.empty()) return write_json_string(of.text, out);
  char before = '{';
  for (const auto& [name, text] : of.attributes) {
    write_key(name, before, out);
    write_json_string(text, out);
  }
  write_children(of, before, out);
  if (!of.text.empty()) {
    write_key("#text", before, out);
    write_json_string(of.text, out);
  }
  out += '}';
}

}  // namespace weir

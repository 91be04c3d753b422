#include "engine/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace weir {
namespace {

/// Ends the reading; the reason was reported.
struct refused {};

/// Builds the tree from the parser's events. The parser recurses as deep as the document, so the
/// depth is checked here, at each step down.
class tree_builder final : public YAML::EventHandler {
 public:
  tree_builder(std::string_view text, reporter& report) : text_(text), report_(report) {}

  yaml_node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    yaml_node node;
    const auto at = offset_of(mark);
    for (const std::string_view word : {"~", "null", "Null", "NULL"})
      if (text_.substr(at).starts_with(word)) node.text.text = word;
    node.text.where = {at, node.text.text.size()};
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark, 1); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    add(scalar(offset_of(mark), value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(yaml_node::kind::sequence, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(yaml_node::kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    pair_members(open_.back());
    close();
  }

 private:
  std::size_t offset_of(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }

  void open(yaml_node::kind what, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (open_.size() == yaml_depth_max)
      refuse(mark, "the file is nested too deeply",
             fmt::format("{} levels are the most", yaml_depth_max));
    yaml_node node;
    node.what = what;
    node.text.where = {offset_of(mark), 1};
    open_.push_back(std::move(node));
  }

  void close() {
    yaml_node done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done));
  }

  /// Into the innermost open node. A map's keys and values come in turns and are paired at its end.
  void add(yaml_node node) {
    if (open_.empty())
      root_ = std::move(node);
    else
      open_.back().items.push_back(std::move(node));
  }

  void pair_members(yaml_node& map) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
      yaml_node& key = map.items[i];
      const bool plain = key.what == yaml_node::kind::scalar || key.what == yaml_node::kind::null;
      if (!plain)
        report_.error("a key must be a plain word", key.where(), "write `key: value`");
      else if (!seen.insert(key.text.text).second)
        report_.error(fmt::format("`{}` is given twice", key.text.text), key.where(),
                      "keep one of them");
      else
        map.members.push_back({std::move(key), std::move(map.items[i + 1])});
    }
    map.items.clear();
  }

  yaml_node scalar(std::size_t at, const std::string& value) const {
    yaml_node node;
    node.what = yaml_node::kind::scalar;
    const char first = at < text_.size() ? text_[at] : ' ';
    node.quoted = first == '"' || first == '\'';
    node.text = {value, {node.quoted ? at + 1 : at, value.size()}};
    const auto here = text_.substr(std::min(node.text.where.offset, text_.size()));
    node.exact = here.starts_with(value) &&
                 (!node.quoted || (here.size() > value.size() && here[value.size()] == first));
    if (!node.exact && node.quoted && !is_closed(at))
      report_.error("this string is not closed", {at, 1}, fmt::format("add a {}", first));
    // Where the file spells the value otherwise, its line must do.
    if (!node.exact)
      node.text.where = {at,
                         text_.substr(at).substr(0, text_.substr(at).find_first_of("\r\n")).size()};
    return node;
  }

  /// Whether the quoted scalar at `at` ends: the YAML parser lets it reach to the end of the file.
  bool is_closed(std::size_t at) const {
    const char quote = text_[at];
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      const bool escapes = quote == '"' ? text_[i] == '\\' : text_.substr(i, 2) == "''";
      if (escapes)
        ++i;
      else if (text_[i] == quote)
        return true;
    }
    return false;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors and aliases are not read", "write it out, or use `tee`");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag != "?" && tag != "!" && !tag.empty())
      refuse(mark, "tags are not read", "a value is what its option makes of it");
  }
  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message, std::string hint) {
    report_.error(std::move(message), {offset_of(mark), 1}, std::move(hint));
    throw refused{};
  }

  std::string_view text_;
  reporter& report_;
  yaml_node root_;
  std::vector<yaml_node> open_;
};

}  // namespace

text_span yaml_node::from(std::size_t begin) const noexcept {
  std::size_t end = text.where.offset + text.where.length;
  const auto include = [&](const yaml_node& inner) {
    const text_span whole = inner.from(begin);
    end = std::max(end, whole.offset + whole.length);
  };
  for (const yaml_node& item : items) include(item);
  for (const yaml_member& member : members) {
    include(member.key);
    include(member.value);
  }
  return {begin, std::max(end, begin) - begin};
}

std::optional<yaml_node> read_yaml(std::string_view text, reporter& report) {
  try {
    std::istringstream in{std::string{text}};
    YAML::Parser parser{in};
    tree_builder tree{text, report};
    parser.HandleNextDocument(tree);
    yaml_node root = tree.take();
    tree_builder rest{text, report};
    if (parser.HandleNextDocument(rest))
      report.error("the file holds a second document", rest.take().where(), "one pipeline a file");
    return root;
  } catch (const YAML::ParserException& wrong) {
    const auto at = static_cast<std::size_t>(std::max(wrong.mark.pos, 0));
    report.error(fmt::format("not YAML: {}", wrong.msg), {std::min(at, text.size()), 1},
                 "strings with `: `, `#`, quotes or brackets in them need quotes around them");
  } catch (const refused&) {
    // Reported where it was found.
  }
  return std::nullopt;
}

}  // namespace weir

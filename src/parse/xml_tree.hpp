#pragma once
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/xml_walk.hpp"

namespace weir {

/// One element of a small XML document.
struct xml_element {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<const xml_element*> children;
  std::string text;  ///< what stands in it between its children; blanks alone are none

  /// The first child of that name, or nullptr.
  const xml_element* child(std::string_view called) const noexcept;
  /// Empty if there is none.
  std::string_view attribute(std::string_view called) const noexcept;
};

/// A document as a tree. Elements are limited in number and depth.
class xml_tree {
 public:
  /// What is wrong with `document`. The tree is then empty, and the one before it is gone.
  xml_fault read(std::string_view document);
  /// Precondition: the latest `read` found nothing wrong.
  const xml_element& root() const noexcept { return all_.front(); }

 private:
  class builder;

  xml_walk walk_;
  std::deque<xml_element> all_;
};

/// Appends what stands in an element as JSON: its text, or an object of its attributes and
/// children; children of one name become an array, and text beside others is "#text".
void write_json(const xml_element& of, std::string& out);

}  // namespace weir

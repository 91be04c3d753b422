#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

struct XML_ParserStruct;

namespace weir {

/// Told of an XML document's parts, in order. Names come without prefixes of namespaces.
class xml_parts {
 public:
  struct attribute {
    std::string_view name;
    std::string_view value;
  };

  virtual ~xml_parts() = default;
  /// Each says whether to go on.
  virtual bool begin(std::string_view name, const std::vector<attribute>& attributes) = 0;
  virtual bool end() = 0;
  /// A piece of what stands between two tags.
  virtual void text(std::string_view piece) = 0;
};

struct xml_fault {
  std::string_view why;  ///< a constant phrase; empty if nothing is wrong
  std::size_t at = 0;
  bool ok() const noexcept { return why.empty(); }
};

/// Reads one XML document after the other. A document type ends the reading, so that no entities
/// but the five of XML itself are ever known or expanded. One thread.
class xml_walk {
 public:
  xml_walk();

  /// What is wrong with `document`, or that a part said to end.
  xml_fault read(std::string_view document, xml_parts& each);

 private:
  struct free_parser {
    void operator()(XML_ParserStruct* p) const noexcept;
  };
  std::unique_ptr<XML_ParserStruct, free_parser> parser_;
};

}  // namespace weir

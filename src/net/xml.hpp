#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace weir {

/// Called at the end of each element: `path` is its place, "ListBucketResult/Contents/Key", without
/// namespaces' prefixes; `text` is what stands in it before its first child.
using xml_visitor = std::function<void(std::string_view path, const std::string& text)>;

/// Reads an XML document from its beginning to its end. False if it is not well-formed, or has a
/// document type, which no service's answer has.
bool read_xml(std::string_view document, const xml_visitor& each);

/// `text` as it stands in a document between two tags.
std::string xml_text(std::string_view text);

}  // namespace weir

#pragma once
#include <string>
#include <string_view>

#include "parse/line_parser.hpp"
#include "parse/xml_tree.hpp"

namespace weir {

/// Reads an `<Event>` of the Windows event log.
class windows_event_parser final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override;

 private:
  void add_system(const xml_element& part, field_list& out);
  void add_level(std::string_view number, field_list& out);
  void add_data(const xml_element& data, field_list& out);
  void add_whole(const xml_element& part, field_list& out);
  void add_text(std::string_view name, std::string_view text, field_list& out);

  xml_tree event_;
  std::string scratch_;
};

}  // namespace weir

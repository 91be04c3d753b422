#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "codec/record_scanner.hpp"

namespace weir {

/// Finds the elements of one name in XML, wherever they stand: in a document, or one after the
/// other. What stands around them belongs to no record. An element that another one of the name
/// begins in is broken: they do not nest.
class xml_scanner final : public record_scanner {
 public:
  /// `goes_on` behind an element that another scanner found.
  xml_scanner(std::string element, bool goes_on)
      : element_(std::move(element)), found_any_(goes_on) {}

  found next(std::string_view piece) override;
  ending at_end() override;
  void reset() override;
  const std::shared_ptr<const std::string>& state() override { return state_; }

 private:
  enum class place : std::uint8_t {
    text,
    tag,        ///< behind `<`, until it is clear what it opens
    inside,     ///< a tag, behind its name
    attribute,  ///< a value in quotes
    skipped,    ///< something that ends with `end_`: a comment, CDATA, ...
  };

  event step();
  event step_text();
  event step_tag();
  event step_inside();
  event name_ended();
  event tag_ended();
  event skip_to(std::string_view end);
  event no_element();
  void step_skipped();

  std::string element_;
  place place_ = place::text;
  std::string name_;  ///< of the tag, as far as it can matter; with the `/` of an end tag
  bool is_open_ = false;
  bool may_be_one_ = false;  ///< what is open: its name has not been read
  bool is_end_tag_ = false;  ///< of the open element
  bool is_start_tag_ = false;
  bool found_any_;
  bool found_text_ = false;
  char quote_ = '\0';
  char latest_ = '\0';
  std::string_view end_;
  std::size_t matched_ = 0;  ///< bytes of it
  std::shared_ptr<const std::string> state_ = std::make_shared<const std::string>("element");

  // Of the piece at hand:
  const char* at_ = nullptr;
  const char* end_of_piece_ = nullptr;
};

}  // namespace weir

#include "base/xml_walk.hpp"

#include <expat.h>

#include <new>

namespace weir {
namespace {

struct walker {
  XML_Parser parser;
  xml_parts& each;
  bool goes_on = true;
  std::vector<xml_parts::attribute> attributes = {};

  static walker& of(void* self) { return *static_cast<walker*>(self); }

  static std::string_view local(std::string_view name) { return name.substr(name.rfind(':') + 1); }

  void check(bool more) {
    goes_on = goes_on && more;
    if (!more) XML_StopParser(parser, XML_FALSE);
  }

  static void start(void* self, const XML_Char* name, const XML_Char** all) {
    walker& me = of(self);
    me.attributes.clear();
    for (; all[0] != nullptr; all += 2) {
      const std::string_view key = all[0];
      if (!key.starts_with("xmlns")) me.attributes.push_back({local(key), all[1]});
    }
    me.check(me.each.begin(local(name), me.attributes));
  }
  static void end(void* self, const XML_Char*) {
    walker& me = of(self);
    if (me.goes_on) me.check(me.each.end());
  }
  static void characters(void* self, const XML_Char* bytes, int size) {
    of(self).each.text({bytes, static_cast<std::size_t>(size)});
  }
  static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    of(self).check(false);
  }
};

}  // namespace

void xml_walk::free_parser::operator()(XML_ParserStruct* p) const noexcept {
  XML_ParserFree(p);
}

xml_walk::xml_walk() : parser_(XML_ParserCreate(nullptr)) {
  if (!parser_) throw std::bad_alloc();
}

xml_fault xml_walk::read(std::string_view document, xml_parts& each) {
  XML_Parser const parser = parser_.get();
  XML_ParserReset(parser, nullptr);
  walker state{.parser = parser, .each = each};
  XML_SetUserData(parser, &state);
  XML_SetElementHandler(parser, &walker::start, &walker::end);
  XML_SetCharacterDataHandler(parser, &walker::characters);
  XML_SetStartDoctypeDeclHandler(parser, &walker::doctype);
  const int size = static_cast<int>(document.size());
  if (XML_Parse(parser, document.data(), size, XML_TRUE) == XML_STATUS_OK) return {};
  const auto at = XML_GetCurrentByteIndex(parser);
  return {.why = XML_ErrorString(XML_GetErrorCode(parser)),
          .at = at < 0 ? 0 : static_cast<std::size_t>(at)};
}

}  // namespace weir

#include "net/xml.hpp"

#include <expat.h>

#include <memory>

namespace weir {
namespace {

constexpr std::size_t path_bytes_max = 4096;

struct reader {
  XML_Parser parser;
  const xml_visitor& each;
  std::string path;
  std::string text;

  static reader& of(void* self) { return *static_cast<reader*>(self); }

  static void start(void* self, const XML_Char* name, const XML_Char**) {
    reader& me = of(self);
    const std::string_view whole = name;
    const auto local = whole.substr(whole.rfind(':') + 1);
    if (!me.path.empty()) me.path += '/';
    me.path += local;
    me.text.clear();
    if (me.path.size() > path_bytes_max) XML_StopParser(me.parser, XML_FALSE);
  }
  static void end(void* self, const XML_Char*) {
    reader& me = of(self);
    me.each(me.path, me.text);
    me.path.resize(me.path.find('/') == std::string::npos ? 0 : me.path.rfind('/'));
    me.text.clear();
  }
  static void characters(void* self, const XML_Char* bytes, int size) {
    of(self).text.append(bytes, static_cast<std::size_t>(size));
  }
  static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    XML_StopParser(of(self).parser, XML_FALSE);
  }
};

}  // namespace

bool read_xml(std::string_view document, const xml_visitor& each) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), &XML_ParserFree);
  reader state{.parser = parser.get(), .each = each, .path = {}, .text = {}};
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), &reader::start, &reader::end);
  XML_SetCharacterDataHandler(parser.get(), &reader::characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), &reader::doctype);
  return XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE) ==
         XML_STATUS_OK;
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

}  // namespace weir

#include "net/xml.hpp"

#include "base/xml_walk.hpp"

namespace weir {
namespace {

constexpr std::size_t path_bytes_max = 4096;

class reader final : public xml_parts {
 public:
  explicit reader(const xml_visitor& each) : each_(each) {}

  bool begin(std::string_view name, const std::vector<attribute>&) override {
    if (!path_.empty()) path_ += '/';
    path_ += name;
    text_.clear();
    return path_.size() <= path_bytes_max;
  }
  bool end() override {
    each_(path_, text_);
    path_.resize(path_.find('/') == std::string::npos ? 0 : path_.rfind('/'));
    text_.clear();
    return true;
  }
  void text(std::string_view piece) override { text_ += piece; }

 private:
  const xml_visitor& each_;
  std::string path_;
  std::string text_;
};

}  // namespace

bool read_xml(std::string_view document, const xml_visitor& each) {
  reader parts(each);
  return xml_walk().read(document, parts).ok();
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

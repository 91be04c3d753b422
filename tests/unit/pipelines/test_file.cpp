#include "test_file.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace weir::test {
namespace {

namespace fs = std::filesystem;

std::string without_line_breaks(std::string text) {
  std::erase(text, '\n');
  return text;
}

std::string from_base64(const std::string& section) {
  const std::string text = without_line_breaks(section);
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) throw std::runtime_error("this is no base64: " + text);
  const auto padding =
      std::count(text.end() - std::min<std::ptrdiff_t>(2, std::ssize(text)), text.end(), '=');
  out.resize(static_cast<std::size_t>(size - padding));
  return out;
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '0':
      return '\0';
    case '\\':
      return '\\';
    default:
      throw std::runtime_error(std::string{"unknown escape \\"} + c);
  }
}

std::string from_escapes(const std::string& section) {
  const std::string text = without_line_breaks(section);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (text.at(++i) == 'x') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += unescaped(text[i]);
    }
  }
  return out;
}

std::string decoded(const std::string& section, const std::string& form) {
  if (form == "base64") return from_base64(section);
  if (form == "escaped") return from_escapes(section);
  if (form.empty()) return section;
  throw std::runtime_error("unknown form " + form);
}

void take_section(test_file& into, const std::string& header, std::string text) {
  std::istringstream words(header);
  std::string kind;
  std::string name;
  std::string form;
  words >> kind >> name >> form;
  if (kind == "pipeline") {
    text.pop_back();
    into.pipeline = std::move(text);
  } else if (kind == "yaml") {
    into.yaml = std::move(text);
  } else if (kind == "file") {
    into.inputs[name] += decoded(text, form);
  } else if (kind == "output") {
    into.outputs[name] += decoded(text, form);
  } else if (kind == "report") {
    into.report = std::move(text);
  } else if (kind == "once") {
    into.once = true;
  } else {
    throw std::runtime_error("unknown section " + header);
  }
}

}  // namespace

std::string content_of(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream{path, std::ios::binary}.rdbuf();
  return out.str();
}

test_file read_test_file(const fs::path& path) {
  test_file out;
  std::istringstream lines(content_of(path));
  std::string header;
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("== ")) {
      text += line + "\n";
      continue;
    }
    if (!header.empty()) take_section(out, header, std::move(text));
    header = line.substr(3);
    text.clear();
  }
  take_section(out, header, std::move(text));
  return out;
}

std::vector<fs::path> all_test_files() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator{fs::path{WEIR_SOURCE_DIR} / "tests/pipelines"}) {
    if (entry.path().extension() == ".test") all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace weir::test

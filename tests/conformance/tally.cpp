#include "conformance/tally.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "weir/pipeline.hpp"

namespace weir::conformance {
namespace {

std::ifstream open_data(const std::string& file) {
  std::ifstream in(std::string{WEIR_DATA "/"} + file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " WEIR_DATA "/" + file);
  return in;
}

std::string decoded_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == digits.npos) continue;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  return out;
}

}  // namespace

tally::tally(std::string set, std::vector<difference> known)
    : set_(std::move(set)), known_(std::move(known)) {
  for (const difference& d : known_) differing_[std::string{d.reason}] = 0;
}

void tally::judge(const std::string& name, const json& expected, const json& got) {
  if (expected == got) {
    ++passed_;
    return;
  }
  for (const difference& d : known_) {
    if (name.find(d.where) == name.npos) continue;
    ++differing_[std::string{d.reason}];
    return;
  }
  failed_.push_back(name + "\n    expected " + expected.dump() + "\n    got      " + got.dump());
}

void tally::leave_out(std::string_view reason) {
  ++differing_[std::string{reason}];
}

std::vector<std::string> tally::failures() const {
  std::vector<std::string> all = failed_;
  for (const auto& [reason, count] : differing_) {
    if (count == 0) all.push_back("no case differs any more: " + reason);
  }
  return all;
}

void for_each_case(const std::string& file, const std::function<void(const json&)>& visit) {
  for (const std::string& line : lines_of_file(file)) visit(json::parse(line));
}

std::vector<std::string> lines_of_file(const std::string& file) {
  std::ifstream in = open_data(file);
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) all.push_back(line);
  }
  return all;
}

std::string text_of(const json& value) {
  return value.is_object() ? decoded_base64(value["$base64"].get<std::string>())
                           : value.get<std::string>();
}

std::vector<json> run(const std::string& stage, std::string_view input) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("weir-conformance-" + std::to_string(getpid()) + ".in");
  std::ofstream(path, std::ios::binary) << input;
  std::vector<json> out;
  pipeline p("from \"" + path.string() + "\" | " + stage);
  for (const record& r : p.lanes(1).records()) {
    std::string text;
    r.write(text);
    out.push_back(json::parse(text));
  }
  std::filesystem::remove(path);
  return out;
}

void expect_all_accepted(tally& t, const std::string& stage, const std::string& file) {
  pipeline p("from \"" WEIR_DATA "/" + file + "\" | " + stage);
  for (const batch& b : p.lanes(1).batches()) {
    for (const record& r : b.all()) {
      if (r.fate() == blank) continue;
      t.judge(json(r.raw()).dump(-1, ' ', false, json::error_handler_t::replace), true,
              r.is_live());
    }
  }
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    c == '\n' ? void(out += "\\n") : c == '\t' ? void(out += "\\t") : void(out += c);
  }
  return out + "'";
}

json only(const json& record, const json& expected) {
  if (!record.is_object() || !expected.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : expected.items()) {
    if (record.contains(name)) out[name] = only(record[name], value);
  }
  return out;
}

json renamed(const json& record, const std::map<std::string, std::string>& names) {
  if (!record.is_object()) return record;
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    const auto other = names.find(name);
    out[other == names.end() ? name : other->second] = value;
  }
  return out;
}

}  // namespace weir::conformance

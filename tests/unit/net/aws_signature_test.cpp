#include "net/aws_signature.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/digest.hpp"
#include "data.hpp"
#include "net/percent.hpp"

namespace weir {
namespace {

using testing::HasSubstr;

const std::string empty_hash = lower_hex(sha256(""));

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  std::string text = all.str();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// A request as the vectors write it.
struct raw_request {
  std::string method;
  std::string path;
  std::string query;
  http_headers headers;
};

raw_request read_request(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  raw_request out;
  out.method = line.substr(0, line.find(' '));
  auto target = line.substr(out.method.size() + 1);
  target.resize(target.rfind(" HTTP/"));
  out.path = target.substr(0, target.find('?'));
  if (out.path.size() < target.size()) out.query = target.substr(out.path.size() + 1);
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(':');
    if (line[0] == ' ')
      out.headers.back().value += line;  // goes on with the line before
    else
      out.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  return out;
}

TEST(AwsSignature, agrees_with_the_official_vectors) {
  WEIR_NEED_DATA("sigv4");
  const std::filesystem::path all = test::data("sigv4/aws-c-auth-v4");
  int cases = 0;
  for (const auto& folder : std::filesystem::directory_iterator(all)) {
    if (!folder.is_directory()) continue;
    SCOPED_TRACE(folder.path().filename().string());
    const auto context = nlohmann::json::parse(content(folder.path() / "context.json"));
    auto request = read_request(content(folder.path() / "request.txt"));
    const std::string date = "20150830T123600Z";
    request.headers.push_back({"X-Amz-Date", date});
    const bool omitted = context.value("omit_session_token", false);
    if (context["credentials"].contains("token") && !omitted)
      request.headers.push_back({"X-Amz-Security-Token", context["credentials"]["token"]});
    const auto how = context["normalize"] ? signed_path::normalized : signed_path::encoded;
    const auto canonical = canonical_request(request.method, request.path, request.query,
                                             request.headers, empty_hash, how);
    EXPECT_EQ(canonical, content(folder.path() / "header-canonical-request.txt"));
    const aws_scope scope{context["region"], context["service"]};
    const auto to_sign = string_to_sign(canonical, date, scope);
    EXPECT_EQ(to_sign, content(folder.path() / "header-string-to-sign.txt"));
    const secret key{context["credentials"]["secret_access_key"].get<std::string>()};
    EXPECT_EQ(signature_of(to_sign, date, scope, key),
              content(folder.path() / "header-signature.txt"));
    ++cases;
  }
  EXPECT_EQ(cases, 22);
}

TEST(AwsSignature, agrees_with_the_examples_of_the_s3_documentation) {
  WEIR_NEED_DATA("sigv4");
  const auto all = nlohmann::json::parse(content(test::data("sigv4/s3-doc-examples.json")));
  for (const auto& example : all) {
    SCOPED_TRACE(example["name"].get<std::string>());
    http_headers headers;
    for (const auto& [name, value] : example["headers"].items()) headers.push_back({name, value});
    const auto canonical = canonical_request(example["method"], example["path"].get<std::string>(),
                                             example["query"].get<std::string>(), headers,
                                             example["payload_hash"], signed_path::as_sent);
    EXPECT_EQ(canonical, example["canonical_request"].get<std::string>());
    const aws_scope scope{example["region"], example["service"]};
    const auto to_sign = string_to_sign(canonical, example["time"], scope);
    EXPECT_EQ(to_sign, example["string_to_sign"].get<std::string>());
    EXPECT_EQ(signature_of(to_sign, example["time"], scope,
                           secret{example["secret_access_key"].get<std::string>()}),
              example["signature"].get<std::string>());
  }
}

TEST(AwsSignature, signs_a_whole_request) {
  WEIR_NEED_DATA("sigv4");
  const auto all = nlohmann::json::parse(content(test::data("sigv4/s3-doc-examples.json")));
  const auto& example = all[0];
  ASSERT_EQ(example["name"], "get-object-range");
  http_request r;
  r.url = "https://examplebucket.s3.amazonaws.com/test.txt";
  r.headers = {{"Range", "bytes=0-9"}};
  const aws_credentials by{.key_id = example["access_key_id"],
                           .key = secret{example["secret_access_key"].get<std::string>()}};
  sign(r, by, {"us-east-1", "s3"}, 1'369'353'600'000'000'000);
  ASSERT_EQ(r.credentials.size(), 1u);
  EXPECT_EQ(r.credentials[0].value.reveal(),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=" +
                example["signature"].get<std::string>());
}

TEST(Percent, encodes_all_but_the_unreserved) {
  EXPECT_EQ(percent_encoded("a b+c/d%~\xc3\xa4"), "a%20b%2Bc%2Fd%25~%C3%A4");
  EXPECT_EQ(percent_encoded("a//../b", slash::kept), "a//../b");
  EXPECT_EQ(percent_decoded("a%20b%2bc%2Fd%25%zz%4"), "a b+c/d%%zz%4");
}

}  // namespace
}  // namespace weir

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "data.hpp"
#include "net/aws_credential_chain.hpp"
#include "net/azure_store.hpp"
#include "net/google_token.hpp"
#include "net/s3_store.hpp"
#include "net/xml.hpp"
#include "unit/net/client_fixture.hpp"

namespace weir {
namespace {

using namespace test;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Xml, tells_each_element_with_its_place_and_text) {
  std::vector<std::string> seen;
  EXPECT_TRUE(read_xml("<a xmlns:x='u'><x:b>one &amp; two</x:b><c/></a>",
                       [&](std::string_view path, const std::string& text) {
                         seen.push_back(std::string{path} + "=" + text);
                       }));
  EXPECT_THAT(seen, ElementsAre("a/b=one & two", "a/c=", "a="));
}

TEST(Xml, refuses_what_is_not_well_formed_or_declares_entities) {
  const auto nobody = [](std::string_view, const std::string&) {};
  EXPECT_FALSE(read_xml("<a><b></a>", nobody));
  EXPECT_FALSE(read_xml("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", nobody));
  EXPECT_FALSE(read_xml("", nobody));
}

TEST(S3Endpoint, agrees_with_the_official_rules) {
  WEIR_NEED_DATA("object-store/s3-endpoint-tests.json");
  const auto all = json::parse(std::ifstream(test::data("object-store/s3-endpoint-tests.json")));
  using enum s3_settings::addressing;
  int checked = 0;
  for (const auto& one : all["testCases"]) {
    const auto& given = one["params"];
    const bool special = given.value("UseFIPS", false) || given.value("UseDualStack", false) ||
                         given.value("Accelerate", false) ||
                         given.value("UseGlobalEndpoint", false) ||
                         given.value("UseObjectLambdaEndpoint", false);
    const std::string bucket = given.value("Bucket", "");
    const std::string region = given.value("Region", "");
    const std::string endpoint = given.value("Endpoint", "");
    // Access points, directory buckets, Outposts, and hosts that are not of AWS's public regions.
    const bool other = bucket.empty() || bucket.contains(':') || bucket.contains("--") ||
                       !one["expect"].contains("endpoint") || region.contains("aws-global") ||
                       region.starts_with("us-iso") || region.starts_with("snow") ||
                       given.value("Endpoint", "").contains("beta") || !endpoint.empty();
    if (special || other) continue;
    SCOPED_TRACE(one["documentation"].get<std::string>());
    const auto style = given.value("ForcePathStyle", false) ? path : automatic;
    const std::string url = bucket_url(bucket, endpoint, region, style);
    EXPECT_EQ(url, one["expect"]["endpoint"]["url"].get<std::string>() + "/");
    ++checked;
  }
  EXPECT_GE(checked, 10);
}

TEST(S3Endpoint, of_another_server_has_the_bucket_in_its_path_unless_told_otherwise) {
  using enum s3_settings::addressing;
  EXPECT_EQ(bucket_url("logs", "http://127.0.0.1:9000/", "x", automatic),
            "http://127.0.0.1:9000/logs/");
  EXPECT_EQ(bucket_url("logs", "https://s3.example.com", "x", virtual_host),
            "https://logs.s3.example.com/");
}

TEST(AzureSignature, agrees_with_recorded_requests) {
  WEIR_NEED_DATA("object-store/azure-sharedkey.json");
  const auto all = json::parse(std::ifstream(test::data("object-store/azure-sharedkey.json")));
  int checked = 0;
  for (const auto& one : all) {
    if (one["scheme"] != "SharedKey") continue;
    http_headers headers;
    for (const auto& h : one["headers"]) {
      // The recorder's: a GET sends none.
      if (one["method"] == "GET" && h[0] == "Content-Length") continue;
      headers.push_back({h[0], h[1]});
    }
    std::string query;
    for (const auto& q : one["query"])
      query += (query.empty() ? "" : "&") + q[0].get<std::string>() + "=" + q[1].get<std::string>();
    const auto text = azure_string_to_sign(one["account"], one["method"],
                                           one["path"].get<std::string>(), query, headers);
    EXPECT_EQ(text, one["string_to_sign"].get<std::string>());
    EXPECT_EQ(base64(hmac_sha256(*from_base64(one["key"].get<std::string>()), text)),
              one["signature"].get<std::string>());
    ++checked;
  }
  EXPECT_GE(checked, 1);
}

TEST(AzureAccount, is_read_from_its_connection_string) {
  const auto usual = parse_connection_string(
      "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a2V5==;"
      "EndpointSuffix=core.windows.net");
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->endpoint, "https://acme.blob.core.windows.net");
  EXPECT_EQ(usual->key.reveal(), "a2V5==");
  const auto local = parse_connection_string(
      "AccountName=dev;BlobEndpoint=http://127.0.0.1:1/dev/;SharedAccessSignature=?sv=1&sig=x");
  ASSERT_TRUE(local);
  EXPECT_EQ(local->endpoint, "http://127.0.0.1:1/dev");
  EXPECT_EQ(local->sas.reveal(), "sv=1&sig=x");
  EXPECT_FALSE(parse_connection_string("nonsense"));
}

struct AwsCredentials : client_fixture {
  std::map<std::string, std::string> variables;
  std::unique_ptr<disk> files = real_disk();

  environment env() {
    return [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
  }
  std::string write(const std::string& name, const std::string& content) {
    const std::string path = testing::TempDir() + "weir-aws-" + name;
    std::ofstream(path) << content;
    return path;
  }
};

constexpr const char* metadata_answer =
    R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-01T01:00:00Z"})";

TEST_F(AwsCredentials, come_from_the_options_before_the_environment_before_the_profile) {
  variables["AWS_CONFIG_FILE"] = "/dev/null";
  variables["AWS_SHARED_CREDENTIALS_FILE"] = write(
      "credentials", "[default]\naws_access_key_id=P\naws_secret_access_key=p # not a comment\n");
  auto http = client();
  EXPECT_EQ(aws_credential_chain({}, env(), *files).get(http)->value().key_id, "P");
  EXPECT_EQ(aws_credential_chain({}, env(), *files).get(http)->value().key.reveal(),
            "p # not a comment");
  variables["AWS_ACCESS_KEY_ID"] = "E";
  variables["AWS_SECRET_ACCESS_KEY"] = "e";
  EXPECT_EQ(aws_credential_chain({}, env(), *files).get(http)->value().key_id, "E");
  const aws_identity given{.key_id = "O", .key = secret{"o"}};
  EXPECT_EQ(aws_credential_chain(given, env(), *files).get(http)->value().key_id, "O");
  EXPECT_EQ(aws_credential_chain({.profile = "default"}, env(), *files).get(http)->value().key_id,
            "P");
  EXPECT_FALSE(aws_credential_chain({.anonymous = true}, env(), *files).get(http)->has_value());
}

TEST_F(AwsCredentials, of_a_container_are_fetched_anew_before_they_expire) {
  scripted_server server(
      script{{.request = "GET /role", .answer = answer("200 OK", metadata_answer)},
             {.request = "GET /role", .answer = answer("200 OK", metadata_answer)}});
  variables["AWS_CONFIG_FILE"] = variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server.url("/role");
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic abc";
  auto http = client();
  aws_credential_chain chain({}, env(), *files);
  const auto first = chain.get(http);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->value().session_token.reveal(), "t");
  time.wait_readable(-1, wake, time.now() + std::chrono::minutes{54});
  EXPECT_TRUE(chain.get(http));  // still good
  time.wait_readable(-1, wake, time.now() + std::chrono::minutes{2});
  EXPECT_TRUE(chain.get(http));
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].header("Authorization"), "Basic abc");
}

TEST_F(AwsCredentials, of_an_instance_are_asked_for_with_a_token) {
  scripted_server server(script{
      {.request = "PUT /latest/api/token", .answer = answer("200 OK", "proof"), .then = "close"},
      {.request = "GET /latest/meta-data/iam/security-credentials/",
       .answer = answer("200 OK", "the-role\n")},
      {.request = "GET /latest/meta-data/iam/security-credentials/the-role",
       .answer = answer("200 OK", metadata_answer)}});
  variables["AWS_CONFIG_FILE"] = variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  std::string base = server.url("");
  variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = base;
  auto http = client();
  const auto got = aws_credential_chain({}, env(), *files).get(http);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->value().key_id, "ASIA");
  const auto seen = server.requests();
  EXPECT_EQ(seen.at(2).header("X-aws-ec2-metadata-token"), "proof");
}

constexpr const char* sts_answer =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASTS</AccessKeyId>"
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    "<Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult>"
    "</AssumeRoleResponse>";

TEST_F(AwsCredentials, of_a_role_are_asked_for_with_the_source_profiles_keys) {
  scripted_server server(script{{.request = "POST /", .answer = answer("200 OK", sts_answer)}});
  variables["AWS_ENDPOINT_URL_STS"] = server.url("");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  variables["AWS_PROFILE"] = "logs";
  variables["AWS_CONFIG_FILE"] =
      write("config",
            "[profile base]\naws_access_key_id=B\naws_secret_access_key=b\n[profile logs]\n"
            "role_arn = arn:aws:iam::1:role/r\nsource_profile = base\nregion = eu-west-1\n");
  auto http = client();
  aws_credential_chain chain({}, env(), *files);
  const auto got = chain.get(http);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->value().key_id, "ASTS");
  EXPECT_EQ(chain.region(), "eu-west-1");
  const auto seen = server.requests();
  EXPECT_THAT(seen.at(0).body, HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"));
  EXPECT_THAT(seen.at(0).header("Authorization"), HasSubstr("/eu-west-1/sts/aws4_request"));
}

TEST_F(AwsCredentials, of_a_web_identity_are_asked_for_with_its_token) {
  scripted_server server(script{{.request = "POST /", .answer = answer("200 OK", sts_answer)}});
  variables["AWS_ENDPOINT_URL_STS"] = server.url("");
  variables["AWS_CONFIG_FILE"] = variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r";
  variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "a.b.c\n");
  auto http = client();
  const auto got = aws_credential_chain({}, env(), *files).get(http);
  ASSERT_TRUE(got) << got.error().message;
  const auto seen = server.requests();
  EXPECT_THAT(seen.at(0).body, HasSubstr("WebIdentityToken=a.b.c"));
  EXPECT_EQ(seen.at(0).header("Authorization"), "");
}

TEST_F(AwsCredentials, that_are_nowhere_are_a_failure_that_says_what_to_do) {
  variables["AWS_CONFIG_FILE"] = variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  variables["AWS_EC2_METADATA_DISABLED"] = "true";
  auto http = client();
  const auto got = aws_credential_chain({}, env(), *files).get(http);
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().lasting);
  EXPECT_THAT(got.error().hint, HasSubstr("AWS_ACCESS_KEY_ID"));
}

struct GoogleToken : AwsCredentials {};

TEST_F(GoogleToken, of_a_service_account_is_asked_for_with_a_signed_assertion) {
  WEIR_NEED_DATA("object-store/gcs-test_service_account.not-a-test.json");
  auto account = json::parse(
      std::ifstream(test::data("object-store/gcs-test_service_account.not-a-test.json")));
  scripted_server server(
      script{{.request = "POST /token",
              .answer = answer("200 OK", R"({"access_token":"ya29","expires_in":3599})")}});
  account["token_uri"] = server.url("/token");
  variables["GOOGLE_APPLICATION_CREDENTIALS"] = write("account.json", account.dump());
  auto http = client();
  google_token token(env(), *files);
  const auto got = token.get(http);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->reveal(), "ya29");
  EXPECT_TRUE(token.get(http));  // without asking again
  const auto seen = server.requests();
  EXPECT_THAT(seen.at(0).body, HasSubstr("grant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiIs"));
}

TEST_F(GoogleToken, of_a_machine_comes_from_its_metadata_server) {
  scripted_server server(
      script{{.request = "GET /computeMetadata/v1/instance/service-accounts/default/token",
              .answer = answer("200 OK", R"({"access_token":"meta","expires_in":100})")}});
  variables["GCE_METADATA_HOST"] = "127.0.0.1:" + server.port();
  auto http = client();
  const auto got = google_token(env(), *files).get(http);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->reveal(), "meta");
  EXPECT_EQ(server.requests().at(0).header("Metadata-Flavor"), "Google");
}

}  // namespace
}  // namespace weir

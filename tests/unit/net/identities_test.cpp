#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "net/aws_credential_chain.hpp"
#include "net/azure_store.hpp"
#include "net/azure_token.hpp"
#include "net/gcs_store.hpp"
#include "net/s3_store.hpp"
#include "net/s3_writer.hpp"
#include "unit/net/client_fixture.hpp"

namespace weir {
namespace {

using namespace test;
using testing::HasSubstr;

struct identities_test : client_fixture {
  std::map<std::string, std::string> variables{{"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                               {"AWS_CONFIG_FILE", "/dev/null"},
                                               {"AWS_EC2_METADATA_DISABLED", "true"}};
  std::unique_ptr<disk> files = real_disk();

  environment env() {
    return [all = variables](const std::string& name) -> std::optional<std::string> {
      const auto found = all.find(name);
      return found == all.end() ? std::nullopt : std::optional{found->second};
    };
  }
  void configure(const std::string& text) {
    const std::string path = testing::TempDir() + "weir-identities-config";
    std::ofstream(path) << text;
    variables["AWS_CONFIG_FILE"] = path;
    variables["AWS_PROFILE"] = "logs";
  }
  http_result<std::optional<aws_credentials>> found() {
    auto http = client();
    return aws_credential_chain({}, env(), *files).get(http);
  }
};

constexpr const char* sts_answer =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASTS</AccessKeyId>"
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    "<Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult>"
    "</AssumeRoleResponse>";

// The format is that of the AWS CLI: "Sourcing credentials with an external process".
TEST_F(identities_test, a_program_prints_the_credentials_of_a_profile) {
  configure(
      "[profile logs]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":\"PROG\","
      "\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2026-01-01T01:00:00Z\"}'"
      "\n");
  const auto got = found();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->value().key_id, "PROG");
  EXPECT_EQ(got->value().session_token.reveal(), "t");
  EXPECT_TRUE(got->value().expires_ns);
}

TEST_F(identities_test, a_program_that_fails_or_prints_something_else_is_named) {
  for (const char* const command : {"false", "echo nothing", "exec /no/such/program 2>/dev/null"}) {
    configure(std::string{"[profile logs]\ncredential_process = "} + command + "\n");
    const auto got = found();
    ASSERT_FALSE(got) << command;
    EXPECT_THAT(got.error().message, HasSubstr("credential_process of the AWS profile `logs`"));
  }
}

TEST_F(identities_test, a_role_is_asked_for_by_another_role) {
  scripted_server server(script{{.request = "POST /", .answer = answer("200 OK", sts_answer)},
                                {.request = "POST /", .answer = answer("200 OK", sts_answer)}});
  variables["AWS_ENDPOINT_URL_STS"] = server.url("");
  configure(
      "[profile base]\naws_access_key_id=B\naws_secret_access_key=b\n"
      "[profile middle]\nrole_arn = arn:aws:iam::1:role/m\nsource_profile = base\n"
      "[profile logs]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = middle\n");
  const auto got = found();
  ASSERT_TRUE(got) << got.error().message;
  const auto seen = server.requests();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_THAT(seen[0].body, HasSubstr("role%2Fm"));
  EXPECT_THAT(seen[0].header("Authorization"), HasSubstr("Credential=B/"));
  EXPECT_THAT(seen[1].body, HasSubstr("role%2Fr"));
  EXPECT_THAT(seen[1].header("Authorization"), HasSubstr("Credential=ASTS/"));
}

TEST_F(identities_test, a_role_is_asked_for_by_the_keys_of_the_environment) {
  scripted_server server(script{{.request = "POST /", .answer = answer("200 OK", sts_answer)}});
  variables["AWS_ENDPOINT_URL_STS"] = server.url("");
  configure("[profile logs]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\n");
  variables["AWS_ACCESS_KEY_ID"] = "E";
  variables["AWS_SECRET_ACCESS_KEY"] = "e";
  auto http = client();
  const auto got = aws_credential_chain({.profile = "logs"}, env(), *files).get(http);
  ASSERT_TRUE(got) << got.error().message;
  const auto seen = server.requests();
  EXPECT_THAT(seen.at(0).header("Authorization"), HasSubstr("Credential=E/"));
}

TEST_F(identities_test, roles_that_ask_for_each_other_are_a_failure) {
  configure(
      "[profile a]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = logs\n"
      "[profile logs]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = a\n");
  const auto got = found();
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("assumes a role, but"));
}

// Azure App Service's documentation: "REST endpoint reference" of managed identities.
TEST_F(identities_test, azures_services_give_a_token_to_who_shows_their_header) {
  scripted_server server(
      script{{.request = "GET /msi?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure."
                         "com%2F&client_id=one",
              .answer = answer("200 OK", R"({"access_token":"eyJ","expires_on":"1767229200"})")}});
  variables["IDENTITY_ENDPOINT"] = server.url("/msi");
  variables["IDENTITY_HEADER"] = "proof";
  variables["AZURE_CLIENT_ID"] = "one";
  auto http = client();
  azure_token token(env());
  const auto got = token.get(http);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->reveal(), "eyJ");
  EXPECT_TRUE(token.get(http));  // without asking again
  EXPECT_EQ(server.requests().at(0).header("X-IDENTITY-HEADER"), "proof");
}

TEST_F(identities_test, azures_instances_ask_their_metadata_service_and_requests_carry_the_token) {
  scripted_server server(script{
      {.request = "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F"
                  "%2Fstorage.azure.com%2F",
       .answer = answer("200 OK", R"({"access_token":"eyJ","expires_in":"3599"})")}});
  variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = server.url("");
  variables["AZURE_STORAGE_ACCOUNT"] = "acme";
  variables["AZURE_STORAGE_AUTH_MODE"] = "login";
  auto http = client();
  azure_store store("logs", account_of(env()));
  const auto asked = store.get(http, "a", {});
  ASSERT_TRUE(asked) << asked.error().message;
  ASSERT_EQ(asked->credentials.size(), 1u);
  EXPECT_EQ(asked->credentials[0].name, "Authorization");
  EXPECT_EQ(asked->credentials[0].value.reveal(), "Bearer eyJ");
  EXPECT_EQ(server.requests().at(0).header("Metadata"), "true");
}

TEST_F(identities_test, a_token_of_azure_that_is_not_taken_is_fetched_anew) {
  const auto given = answer("200 OK", R"({"access_token":"eyJ","expires_in":3599})");
  scripted_server server(script{{.answer = given}, {.answer = given}});
  variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = server.url("");
  variables["AZURE_STORAGE_ACCOUNT"] = "acme";
  variables["AZURE_STORAGE_AUTH_MODE"] = "login";
  auto http = client();
  azure_store store("logs", account_of(env()));
  EXPECT_TRUE(store.get(http, "a", {}));
  EXPECT_TRUE(store.read_error({.status = 401, .headers = {}}, "").mended);
  EXPECT_TRUE(store.get(http, "a", {}));
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(identities_test, azure_is_asked_with_the_signature_that_was_shared_and_nothing_else) {
  variables["AZURE_STORAGE_ACCOUNT"] = "acme";
  variables["AZURE_STORAGE_SAS_TOKEN"] = "?sv=2021&sig=a%2Fb";
  auto http = client();
  azure_store store("logs", account_of(env()));
  const auto asked = store.get(http, "a b", {});
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->url, "https://acme.blob.core.windows.net/logs/a%20b?sv=2021&sig=a%2Fb");
  EXPECT_TRUE(asked->credentials.empty());
}

TEST_F(identities_test, public_objects_are_asked_for_without_credentials) {
  variables["AZURE_STORAGE_ACCOUNT"] = "acme";
  auto http = client();
  azure_store azure("logs", account_of(env()));
  gcs_store google({.bucket = "logs", .anonymous = true}, env(), *files);
  s3_store s3({.bucket = "logs", .who = {.anonymous = true}}, env(), *files);
  for (object_store* const store :
       {static_cast<object_store*>(&azure), static_cast<object_store*>(&google),
        static_cast<object_store*>(&s3)}) {
    const auto asked = store->get(http, "a", {});
    ASSERT_TRUE(asked);
    EXPECT_TRUE(asked->credentials.empty()) << asked->url;
  }
}

// The sum is that of: head -c 32 /dev/zero | md5sum
TEST_F(identities_test, s3_is_given_the_customers_key_with_each_object_and_never_shows_it) {
  const std::string key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  auto http = client();
  s3_store store({.bucket = "b", .customer_key = secret{key}, .who = {.anonymous = true}}, env(),
                 *files);
  const auto asked = store.get(http, "a", {});
  ASSERT_TRUE(asked);
  ASSERT_EQ(asked->credentials.size(), 1u);
  EXPECT_EQ(asked->credentials[0].name, "x-amz-server-side-encryption-customer-key");
  EXPECT_EQ(asked->credentials[0].value.reveal(), key);
  ASSERT_EQ(asked->headers.size(), 2u);
  EXPECT_EQ(asked->headers[0].value, "AES256");
  EXPECT_EQ(asked->headers[1].value, "cLyPS3KoaSFGi/joRB3OUQ==");
}

TEST_F(identities_test, s3_is_told_how_to_encrypt_new_objects_and_who_pays) {
  scripted_server server(script{{.request = "PUT /b/k", .answer = answer("200 OK", "")}});
  with.files = files.get();
  const auto writer = make_s3_writer({.settings = {.bucket = "b",
                                                   .endpoint = server.url(""),
                                                   .requester_pays = true,
                                                   .who = {.anonymous = true}},
                                      .encryption = "aws:kms",
                                      .kms_key = "key-1"},
                                     env(), with, {});
  ASSERT_TRUE(writer->put("k", "text", {.content_type = "text/plain", .words = {}}));
  const auto seen = server.requests();
  EXPECT_EQ(seen.at(0).header("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(seen.at(0).header("x-amz-server-side-encryption-aws-kms-key-id"), "key-1");
  EXPECT_EQ(seen.at(0).header("x-amz-request-payer"), "requester");
}

}  // namespace
}  // namespace weir

#include "net/aws_credential_chain.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <utility>

#include "base/time.hpp"
#include "net/command_output.hpp"
#include "net/http_retry.hpp"
#include "net/nearby.hpp"
#include "net/percent.hpp"
#include "net/small_file.hpp"
#include "net/xml.hpp"

namespace weir {
namespace {

constexpr std::int64_t renew_before_ns = 300 * ns_per_second;
/// Behind each other, each asked for by the one behind it.
constexpr int roles_max = 5;

http_failure no_credentials(std::string why) {
  return {.what = http_failure::kind::unsent,
          .message = std::move(why),
          .lasting = true,
          .hint =
              "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile, or read a "
              "public bucket with anonymous=true"};
}

std::string text_in(simdjson::dom::element from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// What the metadata services answer, and what a program prints.
std::optional<aws_credentials> credentials_in_json(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  aws_credentials out{
      .key_id = text_in(root, "AccessKeyId"),
      .key = secret{text_in(root, "SecretAccessKey")},
      .session_token = secret{text_in(root, "Token") + text_in(root, "SessionToken")},
      .expires_ns = parse_rfc3339(text_in(root, "Expiration"))};
  if (out.key_id.empty() || out.key.reveal().empty()) return std::nullopt;
  return out;
}

/// What STS answers.
std::optional<aws_credentials> credentials_in_xml(const std::string& body) {
  aws_credentials out;
  const bool good = read_xml(body, [&](std::string_view path, const std::string& text) {
    if (path.ends_with("/Credentials/AccessKeyId")) out.key_id = text;
    if (path.ends_with("/Credentials/SecretAccessKey")) out.key = secret{text};
    if (path.ends_with("/Credentials/SessionToken")) out.session_token = secret{text};
    if (path.ends_with("/Credentials/Expiration")) out.expires_ns = parse_rfc3339(text);
  });
  if (!good || out.key_id.empty() || out.key.reveal().empty()) return std::nullopt;
  return out;
}

error_story story_in_xml(const http_head&, const std::string& body) {
  error_story out;
  read_xml(body, [&](std::string_view path, const std::string& text) {
    if (path.ends_with("Error/Code")) out.detail = text;
    if (path.ends_with("Error/Message")) out.detail += ": " + text;
  });
  return out;
}

http_result<std::optional<aws_credentials>> usable(std::optional<aws_credentials> found,
                                                   std::string_view where) {
  if (found) return found;
  return std::unexpected(no_credentials(fmt::format("{} gave no credentials", where)));
}

http_request near_request(std::string method, std::string url) {
  http_request r;
  r.method = std::move(method);
  r.url = std::move(url);
  return r;
}

}  // namespace

aws_credential_chain::aws_credential_chain(aws_identity who, environment env, disk& files)
    : who_(std::move(who)),
      env_(std::move(env)),
      files_(files),
      profiles_(env_, files),
      profile_(!who_.profile.empty()
                   ? who_.profile
                   : first_of(env_, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}).value_or("default")) {}

std::optional<std::string> aws_credential_chain::region() const {
  if (auto named = first_of(env_, {"AWS_REGION", "AWS_DEFAULT_REGION"})) return named;
  return setting("region");
}

std::optional<std::string> aws_credential_chain::setting(const std::string& name) const {
  return profiles_.value(profile_, name);
}

http_result<std::optional<aws_credentials>> aws_credential_chain::get(http_client& client) {
  if (who_.anonymous) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto now_ns = client.time().wall_ns();
  if (known_ && (!known_->expires_ns || *known_->expires_ns - renew_before_ns > now_ns))
    return known_;
  auto fresh = fetch(client);
  const bool still_good = known_ && known_->expires_ns.value_or(0) > now_ns;
  if (!fresh && still_good) return known_;
  if (fresh) known_ = *fresh;
  return fresh;
}

bool aws_credential_chain::renew() {
  const std::lock_guard lock(mutex_);
  const bool may_change = known_ && !known_->session_token.reveal().empty();
  known_.reset();
  return may_change;
}

aws_credential_chain::found aws_credential_chain::fetch(http_client& client) {
  if (auto keys = explicit_keys()) return keys;
  if (auto keys = environment_keys()) return keys;
  if (profile_ != "default" && profiles_.find(profile_) == nullptr)
    return std::unexpected(no_credentials(
        fmt::format("there is no AWS profile `{}` in ~/.aws/config or ~/.aws/credentials, or what "
                    "AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name",
                    profile_)));
  if (auto known = of_profile(client, profile_, roles_max); !known || *known) return known;
  const auto token_file = env_("AWS_WEB_IDENTITY_TOKEN_FILE");
  const auto role = env_("AWS_ROLE_ARN");
  if (token_file && role) return web_identity(client, *token_file, *role);
  if (env_("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || env_("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return container(client);
  if (env_("AWS_EC2_METADATA_DISABLED") == "true")
    return std::unexpected(no_credentials("there are no AWS credentials"));
  return instance(client);
}

std::optional<aws_credentials> aws_credential_chain::explicit_keys() const {
  if (who_.key_id.empty()) return std::nullopt;
  return aws_credentials{who_.key_id, who_.key, who_.session_token, std::nullopt};
}

/// A profile that was asked for by an option is meant.
std::optional<aws_credentials> aws_credential_chain::environment_keys() const {
  return who_.profile.empty() ? keys_around() : std::nullopt;
}

std::optional<aws_credentials> aws_credential_chain::keys_around() const {
  const auto id = env_("AWS_ACCESS_KEY_ID");
  const auto key = env_("AWS_SECRET_ACCESS_KEY");
  if (!id || !key) return std::nullopt;
  return aws_credentials{*id, secret{*key}, secret{env_("AWS_SESSION_TOKEN").value_or("")},
                         std::nullopt};
}

std::optional<aws_credentials> aws_credential_chain::profile_keys(
    const std::string& profile) const {
  const auto id = profiles_.value(profile, "aws_access_key_id");
  const auto key = profiles_.value(profile, "aws_secret_access_key");
  if (!id || !key) return std::nullopt;
  return aws_credentials{*id, secret{*key},
                         secret{profiles_.value(profile, "aws_session_token").value_or("")},
                         std::nullopt};
}

/// In the order of AWS's own tools: the profile's role, its keys, its program. Nothing if it has
/// none of these.
aws_credential_chain::found aws_credential_chain::of_profile(http_client& client,
                                                             const std::string& profile,
                                                             int roles_left) {
  if (auto role = profile_role(client, profile, roles_left); !role || *role) return role;
  if (auto keys = profile_keys(profile)) return keys;
  return process_keys(profile);
}

aws_credential_chain::found aws_credential_chain::process_keys(const std::string& profile) const {
  const auto command = profiles_.value(profile, "credential_process");
  if (!command) return std::nullopt;
  const auto printed = output_of_command(*command);
  return usable(printed ? credentials_in_json(*printed) : std::nullopt,
                fmt::format("the credential_process of the AWS profile `{}`", profile));
}

/// The role of the profile, if it has one: for a web identity's token, or by other credentials.
aws_credential_chain::found aws_credential_chain::profile_role(http_client& client,
                                                               const std::string& profile,
                                                               int roles_left) {
  const auto value = [&](const char* name) { return profiles_.value(profile, name); };
  const auto role = value("role_arn");
  if (!role) return std::nullopt;
  if (const auto token_file = value("web_identity_token_file"))
    return web_identity(client, *token_file, *role);
  const auto signer = role_signer(client, profile, roles_left);
  if (!signer) return signer;
  if (!*signer)
    return std::unexpected(
        no_credentials(fmt::format("the AWS profile `{}` assumes a role, but its source_profile or "
                                   "credential_source has no keys",
                                   profile)));
  std::string form = fmt::format(
      "Action=AssumeRole&Version=2011-06-15&RoleArn={}&RoleSessionName={}", percent_encoded(*role),
      percent_encoded(value("role_session_name").value_or("weir")));
  if (const auto id = value("external_id")) form += "&ExternalId=" + percent_encoded(*id);
  return ask_sts(client, form, &**signer);
}

/// Who asks for the role: another profile, which may need a role itself, or what surrounds us.
aws_credential_chain::found aws_credential_chain::role_signer(http_client& client,
                                                              const std::string& profile,
                                                              int roles_left) {
  const auto source = profiles_.value(profile, "source_profile");
  if (source == profile) return profile_keys(profile);
  if (source && roles_left > 0) return of_profile(client, *source, roles_left - 1);
  const auto around = profiles_.value(profile, "credential_source");
  if (around == "Environment") return keys_around();
  if (around == "EcsContainer") return container(client);
  if (around == "Ec2InstanceMetadata") return instance(client);
  return std::nullopt;
}

aws_credential_chain::found aws_credential_chain::web_identity(http_client& client,
                                                               const std::string& token_file,
                                                               const std::string& role) {
  const auto token = read_small_file(files_, token_file);
  if (!token)
    return std::unexpected(
        no_credentials(fmt::format("cannot read the web identity token {}", token_file)));
  const auto session = env_("AWS_ROLE_SESSION_NAME").value_or("weir");
  return ask_sts(
      client,
      fmt::format("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={}&RoleSessionName="
                  "{}&WebIdentityToken={}",
                  percent_encoded(role), percent_encoded(session),
                  percent_encoded(token->substr(0, token->find_last_not_of(" \r\n") + 1))),
      nullptr);
}

aws_credential_chain::found aws_credential_chain::ask_sts(http_client& client,
                                                          const std::string& form,
                                                          const aws_credentials* signer) {
  const std::string where = region().value_or("us-east-1");
  const std::string url = first_of(env_, {"AWS_ENDPOINT_URL_STS"})
                              .value_or(fmt::format("https://sts.{}.amazonaws.com", where));
  const auto make = [&]() -> http_result<http_request> {
    http_request r = near_request("POST", url + "/");
    r.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    r.body = form;
    r.repeatable = true;
    if (signer) sign(r, *signer, {where, "sts"}, client.time().wall_ns());
    return r;
  };
  const auto got = fetch_patiently(client, make, {}, real_chance(), story_in_xml);
  if (!got) return std::unexpected(got.error());
  return usable(credentials_in_xml(got->body), url);
}

aws_credential_chain::found aws_credential_chain::container(http_client& client) {
  const auto relative = env_("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url = relative ? "http://169.254.170.2" + *relative
                                   : env_("AWS_CONTAINER_CREDENTIALS_FULL_URI").value_or("");
  auto token = env_("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = env_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
    token = read_small_file(files_, *file);
  const auto make = [&]() -> http_result<http_request> {
    http_request r = near_request("GET", url);
    if (token) r.credentials.push_back({"Authorization", secret{*token}});
    return r;
  };
  http_client near(nearby_http_options(), client);
  const auto got = fetch_patiently(near, make, nearby_patience, real_chance());
  if (!got) return std::unexpected(got.error());
  return usable(credentials_in_json(got->body), url);
}

/// IMDSv2: a token first, then the role's name, then its credentials.
aws_credential_chain::found aws_credential_chain::instance(http_client& client) {
  const std::string base =
      env_("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254");
  http_client near(nearby_http_options(), client);
  const auto ask = [&](std::string method, const std::string& path, http_credential with) {
    const auto make = [&]() -> http_result<http_request> {
      http_request r = near_request(method, base + path);
      r.credentials.push_back(with);
      return r;
    };
    return fetch_patiently(near, make, nearby_patience, real_chance());
  };
  const auto token =
      ask("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds", secret{"21600"}});
  if (!token)
    return std::unexpected(
        no_credentials(fmt::format("there are no AWS credentials; {}", token.error().message)));
  const http_credential proof{"X-aws-ec2-metadata-token", secret{token->body}};
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  const auto role = ask("GET", roles, proof);
  if (!role) return std::unexpected(role.error());
  const auto got = ask("GET", roles + role->body.substr(0, role->body.find('\n')), proof);
  if (!got) return std::unexpected(got.error());
  return usable(credentials_in_json(got->body), base);
}

}  // namespace weir

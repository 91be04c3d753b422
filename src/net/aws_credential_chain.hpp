#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "base/disk.hpp"
#include "net/aws_profiles.hpp"
#include "net/aws_signature.hpp"
#include "net/environment.hpp"
#include "net/http_client.hpp"

namespace weir {

/// What the user said of who he is.
struct aws_identity {
  std::string key_id = {};
  secret key = {};
  secret session_token = {};
  std::string profile = {};  ///< empty: AWS_PROFILE, or `default`
  bool anonymous = false;
};

/// Finds credentials where AWS's own tools look for them, in this order: given explicitly; the
/// environment; the shared files' profile (a role to assume, from another profile or from what is
/// below; keys; a program that prints them, `credential_process`); a web identity's token; the
/// container's and the instance's metadata service. What expires is fetched anew five minutes
/// before. Safe to use from several threads.
class aws_credential_chain {
 public:
  /// `files` outlives it. Reads the shared files.
  aws_credential_chain(aws_identity who, environment env, disk& files);

  /// Whom requests are signed by; nothing for anonymous ones. Waits for a service only when there
  /// is something to fetch.
  http_result<std::optional<aws_credentials>> get(http_client& client);
  /// The server does not take them: the next `get` fetches others. False if there are no others.
  bool renew();

  /// The region of the environment or the profile.
  std::optional<std::string> region() const;
  /// A value of the profile in use.
  std::optional<std::string> setting(const std::string& name) const;

 private:
  using found = http_result<std::optional<aws_credentials>>;

  found fetch(http_client& client);
  std::optional<aws_credentials> explicit_keys() const;
  std::optional<aws_credentials> environment_keys() const;
  std::optional<aws_credentials> profile_keys(const std::string& profile) const;
  std::optional<aws_credentials> keys_around() const;
  found process_keys(const std::string& profile) const;
  found of_profile(http_client& client, const std::string& profile, int roles_left);
  found profile_role(http_client& client, const std::string& profile, int roles_left);
  found role_signer(http_client& client, const std::string& profile, int roles_left);
  found web_identity(http_client& client, const std::string& token_file, const std::string& role);
  found ask_sts(http_client& client, const std::string& form, const aws_credentials* signer);
  found container(http_client& client);
  found instance(http_client& client);

  aws_identity who_;
  environment env_;
  disk& files_;
  aws_profiles profiles_;
  std::string profile_;
  std::mutex mutex_;  ///< guards what follows
  std::optional<aws_credentials> known_;
};

}  // namespace weir

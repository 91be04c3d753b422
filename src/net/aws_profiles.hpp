#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/disk.hpp"
#include "net/environment.hpp"

namespace weir {

using aws_profile = std::map<std::string, std::string>;

/// The profiles of the files that AWS's tools share: ~/.aws/config and ~/.aws/credentials, or what
/// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name. Credentials win over the configuration.
class aws_profiles {
 public:
  aws_profiles() = default;
  /// A file that is missing or unreadable has no profiles.
  aws_profiles(const environment& env, disk& files);

  /// The text of a configuration file, in which profiles other than the default are called
  /// `[profile NAME]`, or of a credentials file, in which they are not.
  void read_config(std::string_view text);
  void read_credentials(std::string_view text);

  const aws_profile* find(const std::string& name) const;
  /// A value of a profile; nothing if there is none.
  std::optional<std::string> value(const std::string& profile, const std::string& name) const;

 private:
  std::map<std::string, aws_profile> all_;
};

}  // namespace weir

#pragma once
#include <string>
#include <string_view>

namespace weir {

/// The text with an asterisk for each byte of a password in it, so that places stay what they are:
/// in a URL between user and host (`postgres://ann:****@db/logs`), and behind `password=`. So do
/// all bytes behind the `?` of a web address: APIs take their keys there.
std::string hide_passwords(std::string_view text);

}  // namespace weir

#pragma once
#include <array>
#include <string_view>

namespace weir {

struct named_zone {
  std::string_view name;
  int east_minutes;
};
/// Those of RFC 822, and the names in IANA's database that mean one thing each; IST, for example,
/// is three zones.
inline constexpr std::array<named_zone, 45> named_zones{
    {{"UTC", 0},    {"GMT", 0},    {"EST", -300}, {"EDT", -240}, {"CST", -360},  {"CDT", -300},
     {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480},
     {"HST", -600}, {"AST", -240}, {"ADT", -180}, {"NST", -210}, {"NDT", -150},  {"WEST", 60},
     {"WET", 0},    {"BST", 60},   {"CEST", 120}, {"CET", 60},   {"EEST", 180},  {"EET", 120},
     {"MSK", 180},  {"IDT", 180},  {"SAST", 120}, {"CAT", 120},  {"WAT", 60},    {"EAT", 180},
     {"PKT", 300},  {"WITA", 480}, {"WIT", 540},  {"WIB", 420},  {"HKT", 480},   {"SGT", 480},
     {"JST", 540},  {"KST", 540},  {"AWST", 480}, {"ACST", 570}, {"ACDT", 630},  {"AEST", 600},
     {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}}};

}  // namespace weir

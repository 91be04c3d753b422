#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/duration.hpp"
#include "cli/rates.hpp"

namespace weir {
namespace {

double share_read(const progress& p) {
  if (!p.stored_bytes_total || *p.stored_bytes_total == 0) return 0;
  return std::min(1.0,
                  static_cast<double>(p.stored_bytes) / static_cast<double>(*p.stored_bytes_total));
}

/// At the speed so far; nothing before that says much.
std::string time_left(const progress& p) {
  const double share = share_read(p);
  if (share <= 0.01 || p.seconds < 1) return {};
  const double left = p.seconds * (1 - share) / share;
  return "ETA " + format_duration(std::chrono::seconds{std::llround(std::ceil(left))});
}

/// Nothing for records that were made or asked for one by one.
std::string bytes_read(const progress& p) {
  if (p.stored_bytes == 0 && p.in > 0) return {};
  std::string out = readable_bytes(p.stored_bytes);
  if (p.stored_bytes_total) out += " of " + readable_bytes(*p.stored_bytes_total);
  return out;
}

}  // namespace

std::string progress_text(const progress& now, std::size_t columns) {
  std::vector<std::string> parts;
  if (now.stored_bytes_total) parts.push_back(fmt::format("{:3.0f}%", 100 * share_read(now)));
  parts.push_back(bytes_read(now));
  if (now.stored_bytes > 0)
    parts.push_back(readable_bytes(per_second(now.stored_bytes, now.seconds)) + "/s");
  parts.push_back(readable_count(now.in) + " records");
  parts.push_back(readable_rate(now.in, now.seconds) + "/s");
  parts.push_back(time_left(now));
  parts.push_back(readable_count(now.delivered) + " out");
  if (now.rejected > 0) parts.push_back(readable_count(now.rejected) + " rejected");

  std::string line;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (line.size() + 2 + part.size() > columns) break;
    if (!line.empty()) line += "  ";
    line += part;
  }
  return line;
}

void progress_line::draw(const progress& now) {
  const std::string text = progress_text(now, columns_ - 1);
  fmt::print(to_, "\r{}\x1b[K", text);
  std::fflush(to_);
  drawn_ = true;
}

void progress_line::wipe() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", to_);
  std::fflush(to_);
  drawn_ = false;
}

}  // namespace weir

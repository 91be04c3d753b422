#include "source/shapes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "source/line_writer.hpp"

namespace weir {
namespace {

using namespace std::string_view_literals;

constexpr std::array methods{"GET"sv, "GET"sv,  "GET"sv,  "GET"sv, "GET"sv,
                             "GET"sv, "POST"sv, "POST"sv, "PUT"sv, "DELETE"sv};
constexpr std::array services{"checkout"sv, "catalog"sv,  "payments"sv, "accounts"sv,
                              "search"sv,   "shipping"sv, "inventory"sv};
constexpr std::array resources{"/v1/orders/"sv,   "/v1/users/"sv,    "/v2/products/"sv,
                               "/v1/invoices/"sv, "/v2/sessions/"sv, "/v1/carts/"sv};
constexpr std::array agents{"curl/8.5.0"sv, "okhttp/4.12"sv, "Go-http/2.0"sv, "axios/1.6"sv,
                            "python/3.11"sv};
constexpr std::array browsers{
    "Mozilla/5.0 (X11; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0"sv,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/121.0.0.0 Safari/537.36"sv,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"sv};

/// Jan, Feb, ...
std::string_view month_name(unsigned month) {
  constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  return names.substr((month - 1) * std::size_t{3}, 3);
}

struct severity {
  std::string_view level;
  std::string_view message;
  std::array<std::uint32_t, 4> statuses;
};
constexpr severity info{"INFO", "served", {200, 200, 201, 204}};
constexpr severity debug{"DEBUG", "cache hit", {200, 200, 200, 304}};
constexpr severity warn{"WARN", "slow upstream", {200, 404, 429, 409}};
constexpr severity failed{"ERROR", "upstream failed", {500, 502, 503, 504}};

/// 70 % INFO, 20 % DEBUG, 7 % WARN, 3 % ERROR.
const severity& pick_severity(record_random& random) {
  const auto n = random.below(100);
  if (n < 70) return info;
  if (n < 90) return debug;
  return n < 97 ? warn : failed;
}

void write_address(line_writer& out, record_random& random) {
  const auto n = random.next();
  out << "10."sv << static_cast<std::uint32_t>(n & 63) << '.';
  out << static_cast<std::uint32_t>((n >> 8) & 255) << '.';
  out << static_cast<std::uint32_t>((n >> 16) % 254 + 1);
}

/// Mostly fast, with a long tail: the least of two draws, now and then a hundred times as much.
std::uint32_t pick_latency_ms(record_random& random) {
  const auto usual = std::min(random.below(120), random.below(120)) + 1;
  return random.below(64) == 0 ? usual * 40 : usual;
}

char* write_gateway(char* to, std::int64_t at_ns, record_random& random) {
  const severity& s = pick_severity(random);
  line_writer out(to);
  out << R"({"time":")"sv;
  out.rfc3339(to_civil(at_ns)) << R"(","level":")"sv << s.level;
  out << R"(","service":")"sv << random.one_of(services);
  out << R"(","method":")"sv << random.one_of(methods);
  out << R"(","path":")"sv << random.one_of(resources) << random.below(100'000);
  out << R"(","status":)"sv << random.one_of(s.statuses);
  out << R"(,"latency_ms":)"sv << pick_latency_ms(random);
  out << R"(,"bytes":)"sv << random.below(20'000);
  out << R"(,"client_ip":")"sv;
  write_address(out, random);
  out << R"(","request_id":")"sv;
  out.hex(random.next(), 8) << R"(","user_agent":")"sv << random.one_of(agents);
  out << R"(","msg":")"sv << s.message << "\"}"sv;
  return out.end();
}

char* write_nginx(char* to, std::int64_t at_ns, record_random& random) {
  const severity& s = pick_severity(random);
  const auto t = to_civil(at_ns);
  line_writer out(to);
  write_address(out, random);
  out << " - - ["sv;
  out.padded(t.day, 2) << '/' << month_name(t.month) << '/';
  out << static_cast<std::uint32_t>(t.year) << ':';
  out.time_of_day(t) << " +0000] \""sv << random.one_of(methods) << ' ';
  out << random.one_of(resources) << random.below(100'000) << " HTTP/1.1\" "sv;
  out << random.one_of(s.statuses) << ' ' << random.below(50'000);
  out << R"( "-" ")"sv << random.one_of(browsers) << '"';
  return out.end();
}

char* write_syslog(char* to, std::int64_t at_ns, record_random& random) {
  constexpr std::array hosts{"web1"sv, "web2"sv, "db1"sv, "lb1"sv};
  constexpr std::array programs{"sshd"sv, "cron"sv, "systemd"sv, "kernel"sv, "postfix/smtpd"sv};
  constexpr std::array messages{"Accepted publickey for deploy from "sv, "connect from "sv,
                                "session opened for user root from "sv,
                                "Failed password for invalid user admin from "sv};
  const auto t = to_civil(at_ns);
  line_writer out(to);
  out << '<' << 32 + random.below(8) << '>' << month_name(t.month) << ' ';
  if (t.day < 10) out << ' ';
  out << t.day << ' ';
  out.time_of_day(t) << ' ' << random.one_of(hosts) << ' ' << random.one_of(programs);
  out << '[' << random.below(30'000) + 300 << "]: "sv << random.one_of(messages);
  write_address(out, random);
  return out.end();
}

char* write_app(char* to, std::int64_t at_ns, record_random& random) {
  constexpr std::array loggers{"com.acme.OrderService"sv, "com.acme.db.Pool"sv,
                               "com.acme.http.Server"sv};
  const severity& s = pick_severity(random);
  line_writer out(to);
  out.rfc3339(to_civil(at_ns)) << ' ' << s.level << " [worker-"sv << random.below(16) << "] "sv;
  out << random.one_of(loggers) << " - "sv << s.message << " id="sv << random.below(1'000'000);
  out << " took "sv << pick_latency_ms(random) << " ms"sv;
  return out.end();
}

constexpr std::array<log_shape, 4> shapes{{{"gateway", write_gateway},
                                           {"nginx", write_nginx},
                                           {"syslog", write_syslog},
                                           {"app", write_app}}};

}  // namespace

std::span<const log_shape> log_shapes() noexcept {
  return shapes;
}

const log_shape* find_shape(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(shapes, name, &log_shape::name);
  return found == shapes.end() ? nullptr : found;
}

char* spoil(char* line, char* end, record_random& random) {
  const auto size = static_cast<std::uint32_t>(end - line);
  const auto inside = random.below(size - 1) + 1;
  switch (random.below(5)) {
    case 0:
      return line + inside;
    case 1:
      line[inside] = '\xff';
      return end;
    case 2:
      line[inside] = '\x01';
      return end;
    case 3:
      std::memcpy(end, " <-- here", 9);
      return end + 9;
    default:
      std::memcpy(end, line, size);
      return end + size;
  }
}

}  // namespace weir

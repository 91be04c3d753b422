// Writes NDJSON like the log of an API gateway to standard output: the bench's input.
//
//   make_corpus LINES [with-host-env] [from=N]
//
// Twelve fields and about 240 bytes a line; 7 % WARN, 3 % ERROR; one line in a million has the path
// "/needle". A line depends on its number alone, so that `from=N` writes a later stretch of the
// same corpus. `with-host-env` adds the fields `host` and `env`, which the bench's pipeline then
// replaces.
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "system.hpp"

namespace {

using namespace bench;
using std::string_view_literals::operator""sv;

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t longest_line_bytes = 1024;

constexpr std::array services{"gateway"sv, "orders"sv,   "payments"sv, "catalog"sv,
                              "search"sv,  "accounts"sv, "shipping"sv, "media"sv};
constexpr std::array methods{"GET"sv,  "GET"sv,  "GET"sv, "GET"sv,
                             "POST"sv, "POST"sv, "PUT"sv, "DELETE"sv};
constexpr std::array paths{"/v1/orders/"sv, "/v1/users/"sv, "/v2/products/"sv, "/v2/carts/"sv};
constexpr std::array agents{"Mozilla/5.0"sv, "okhttp/4.12.0"sv, "curl/7.88.1"sv, "sdk/3.4 (js)"sv};
constexpr std::array good{200, 200, 200, 200, 201, 204, 302, 304};
constexpr std::array warned{400, 401, 404, 429};
constexpr std::array failed{500, 502, 503, 504};

/// The random bits of one line: SplitMix64 (Steele, Lea, Flood 2014), started from the line's
/// number.
class line_random {
 public:
  explicit line_random(std::uint64_t line) : state_(line * 0x632be59bd9b4e019) {}
  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t limit) { return (bits() >> 32) * limit >> 32; }
  template <class T, std::size_t n>
  T of(const std::array<T, n>& some) {
    return some[below(n)];
  }

 private:
  std::uint64_t state_;
};

/// Text written into a buffer that is known to be large enough.
class pen {
 public:
  explicit pen(char* at) : at_(at) {}
  char* at() const { return at_; }
  pen& text(std::string_view s) {
    std::memcpy(at_, s.data(), s.size());
    at_ += s.size();
    return *this;
  }
  pen& number(std::uint64_t n) {
    at_ = std::to_chars(at_, at_ + 20, n).ptr;
    return *this;
  }
  /// Exactly `digits` digits.
  pen& padded(std::uint64_t n, int digits) {
    for (int i = digits; i-- > 0; n /= 10) at_[i] = static_cast<char>('0' + n % 10);
    at_ += digits;
    return *this;
  }
  pen& hex(std::uint32_t n) {
    for (int shift = 28; shift >= 0; shift -= 4) *at_++ = "0123456789abcdef"[n >> shift & 15];
    return *this;
  }

 private:
  char* at_;
};

struct severity {
  std::string_view level;
  int status;
  std::string_view message;
};

severity draw_severity(line_random& random) {
  const std::uint64_t percent = random.below(100);
  if (percent < 3) return {"ERROR", random.of(failed), "upstream failed"};
  if (percent < 10) return {"WARN", random.of(warned), "refused"};
  if (percent < 30) return {"DEBUG", random.of(good), "cache hit"};
  return {"INFO", random.of(good), "served"};
}

/// One line each 4 ms from 2026-03-01 on, within one month.
void write_time(pen& out, std::uint64_t line) {
  const std::uint64_t ms = line * 4;
  out.text(R"({"time":"2026-03-)").padded(1 + ms / 86'400'000 % 31, 2);
  out.text("T").padded(ms / 3'600'000 % 24, 2).text(":").padded(ms / 60'000 % 60, 2);
  out.text(":").padded(ms / 1000 % 60, 2).text(".").padded(ms % 1000, 3).text("Z\"");
}

void write_path(pen& out, std::uint64_t line, line_random& random) {
  out.text(R"(,"path":")");
  if (line % 1'000'000 == 499'999) {
    out.text("/needle");
  } else {
    out.text(random.of(paths)).number(random.below(1'000'000));
  }
}

void write_client(pen& out, line_random& random) {
  out.text(R"(,"client":"10.)").number(random.below(256)).text(".").number(random.below(256));
  out.text(".")
      .number(1 + random.below(254))
      .text(R"(","request_id":")")
      .hex(static_cast<std::uint32_t>(random.bits()));
  out.text(R"(","agent":")").text(random.of(agents));
}

void write_line(pen& out, std::uint64_t line, bool host_and_env) {
  line_random random(line);
  const severity what = draw_severity(random);
  write_time(out, line);
  out.text(R"(,"level":")")
      .text(what.level)
      .text(R"(","service":")")
      .text(random.of(services))
      .text("\"");
  if (host_and_env)
    out.text(R"(,"host":"gw-)").padded(random.below(100), 2).text(R"(","env":"staging")");
  out.text(R"(,"method":")").text(random.of(methods)).text("\"");
  write_path(out, line, random);
  out.text(R"(","status":)").number(static_cast<std::uint64_t>(what.status));
  out.text(R"(,"latency_ms":)").number(random.below(900)).text(".").number(random.below(10));
  out.text(R"(,"bytes":)").number(random.below(50'000));
  write_client(out, random);
  out.text(R"(","msg":")").text(what.message).text("\"}\n");
}

/// False once the reader is gone.
bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(STDOUT_FILENO, text.data(), text.size());
    if (done < 0) return errno == EPIPE ? false : (fail_call("write"), false);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

void write_corpus(std::uint64_t first, std::uint64_t count, bool host_and_env) {
  const auto buffer = std::make_unique<char[]>(buffer_bytes + longest_line_bytes);
  pen out(buffer.get());
  for (std::uint64_t line = first; line < first + count; ++line) {
    write_line(out, line, host_and_env);
    const auto used = static_cast<std::size_t>(out.at() - buffer.get());
    if (used < buffer_bytes) continue;
    if (!write_all({buffer.get(), used})) return;
    out = pen(buffer.get());
  }
  write_all({buffer.get(), static_cast<std::size_t>(out.at() - buffer.get())});
}

std::uint64_t read_number(std::string_view text) {
  std::uint64_t n = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, n).ptr != end || text.empty()) fail("expected a number");
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage: make_corpus LINES [with-host-env] [from=N]");
  const std::uint64_t count = read_number(argv[1]);
  std::uint64_t first = 0;
  bool host_and_env = false;
  for (int i = 2; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "with-host-env") {
      host_and_env = true;
    } else if (option.starts_with("from=")) {
      first = read_number(option.substr(5));
    } else {
      fail("usage: make_corpus LINES [with-host-env] [from=N]");
    }
  }
  write_corpus(first, count, host_and_env);
}

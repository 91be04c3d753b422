#include "source/remote_survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "source/sample.hpp"

namespace weir {
namespace {

/// How long a listing is walked.
constexpr std::chrono::seconds patience{10};
/// How long a pause is, before looking for a stop again.
constexpr std::chrono::milliseconds breath{10};
/// What object stores give in one connection, by what their vendors say and users measure.
constexpr double connection_bytes_per_second = 50e6;

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::uint64_t size_of(const remote_shard& what) {
  return what.size_bytes > 0 ? what.size_bytes : what.version.size.value_or(0);
}

std::uint64_t most_requests_for(const remote_shard& what, const remote_options& how) {
  if (!comes_in_stretches(what.size_bytes, how.prefetch.bytes)) return 1;
  return (what.size_bytes + stretch_bytes - 1) / stretch_bytes;
}

struct first_look {
  std::string bytes;
  std::chrono::nanoseconds answered_after{};
};

/// What some objects of a listing tell of all: the first one, the tenth, the hundredth, the
/// thousandth. Empty ones do not count.
class sampled_objects {
 public:
  bool wants(const remote_shard& next) {
    if (size_of(next) == 0) return false;
    ++seen_;
    return looks_ < most_looks && seen_ >= wanted_;
  }
  void add(const first_look& seen, std::uint64_t size_bytes, const reading_options& how,
           const context& with) {
    if (seen.bytes.empty()) return;
    if (looks_++ == 0) answered_after_ = seen.answered_after;
    wanted_ *= 10;
    if (const auto lines = lines_per_byte(seen.bytes, how, with)) {
      lines_ += *lines * static_cast<double>(size_bytes);
      bytes_ += static_cast<double>(size_bytes);
    }
  }
  /// Of the first.
  std::chrono::nanoseconds answered_after() const noexcept { return answered_after_; }
  std::optional<double> lines_per_byte_of_all() const {
    if (bytes_ == 0) return std::nullopt;
    return lines_ / bytes_;
  }

 private:
  static constexpr int most_looks = 4;

  std::uint64_t seen_ = 0;
  std::uint64_t wanted_ = 1;
  int looks_ = 0;
  double lines_ = 0;  ///< of the objects that were looked into, as far as one can tell
  double bytes_ = 0;  ///< of these objects
  std::chrono::nanoseconds answered_after_{};
};

/// The first block of an object; nothing if it cannot be read, which is for the run to say.
first_look look_into(const remote_shard& what, http_client& client, const context& with) {
  remote_object object({.request = what.request,
                        .read_error = what.read_error,
                        .version_header = what.version_header,
                        .patience = client.options().patience,
                        .stretch_bytes = block_bytes},
                       client);
  first_look seen;
  const time_point asked = client.time().now();
  while (!object.await_open(never, *with.pool)) {
    if (!client.pause(client.time().now() + breath)) return seen;
  }
  seen.answered_after = client.time().now() - asked;
  std::atomic<std::uint64_t> count = 0;
  auto stored = object.bytes(0, with, count);
  while (seen.bytes.size() < block_bytes && !client.wake().stopped()) {
    const chunk* const some = stored.next(pull{});
    if (some == nullptr) break;
    seen.bytes += some->bytes;
  }
  return seen;
}

}  // namespace

std::optional<outlook> survey_objects(remote_inventory& all, http_client& client,
                                      const remote_options& how, const context& with) {
  if (!all.list(client)) return std::nullopt;
  outlook out;
  sampled_objects sample;
  const time_point begun = client.time().now();
  std::chrono::nanoseconds looking{};
  http_client apart(client.options(), client);  // a listing may ask for its next page meanwhile
  auto shards = all.shards(client);
  while (const remote_shard* const next = shards.next()) {
    if (client.time().now() - begun > patience) {
      out.at_least = true;
      break;
    }
    ++out.shards;
    out.bytes += size_of(*next);
    out.requests_most += most_requests_for(*next, how);
    if (!sample.wants(*next)) continue;
    const time_point before = client.time().now();
    sample.add(look_into(*next, apart, with), size_of(*next), how, with);
    looking += client.time().now() - before;
  }
  const auto listing = client.time().now() - begun - looking;
  if (const auto lines = sample.lines_per_byte_of_all())
    out.records = static_cast<std::uint64_t>(std::llround(*lines * static_cast<double>(out.bytes)));
  const auto connections = static_cast<double>(how.merge);
  const double answers =
      static_cast<double>(out.requests_most) * seconds_of(sample.answered_after());
  const double transfer = static_cast<double>(out.bytes) / connection_bytes_per_second;
  out.seconds = std::max(seconds_of(listing), (answers + transfer) / connections);
  out.requests = out.shards + all.pages_asked();
  out.requests_most += all.pages_asked();
  out.basis =
      fmt::format("{} at a time, an answer after {:.0f} ms, then {:.0f} MB/s", how.merge,
                  seconds_of(sample.answered_after()) * 1e3, connection_bytes_per_second / 1e6);
  return out;
}

}  // namespace weir

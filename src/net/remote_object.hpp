#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/chunk.hpp"
#include "net/http_client.hpp"
#include "net/http_exchange.hpp"
#include "net/http_retry.hpp"
#include "net/request_limit.hpp"

namespace weir {

/// Which version of an object its bytes belong to, as the first answer told.
struct object_version {
  std::string etag;      ///< a strong one, with its quotes, or what else names it; may be empty
  std::string modified;  ///< Last-Modified as sent, if it is old enough to tell versions apart
  std::optional<std::uint64_t> size;
  std::int64_t modified_ns = 0;  ///< 0 if unknown

  /// Bytes read at different times are known to belong together.
  bool is_certain() const noexcept { return !etag.empty() || !modified.empty(); }
};

/// The version that an answer's head tells of. `header` names what tells versions apart.
object_version version_in(const http_head& head, std::string_view header = "ETag");

/// How an object is asked for: its GET request, with these headers added before it is signed.
/// `client` is for what signing may have to fetch.
using object_request =
    std::function<http_result<http_request>(http_client& client, const http_headers& added)>;
/// An object behind HTTP, read as one stream however often the connection breaks: reading goes on
/// from the last byte, held to the version of the first answer, so that it never joins two
/// versions. An object that changed is a failure. One thread at a time.
class remote_object {
 public:
  struct access {
    object_request request;
    error_reader read_error = {};
    std::string version_header = "ETag";
    backoff_policy patience = {};
    uniform_chance chance = real_chance();
    /// Is told how its requests fared. Outlives the object; may be nullptr.
    request_limit* limit = nullptr;
    /// Only so many bytes are asked for, and `bytes` ends behind them, where the server knows
    /// ranges; 0: all of them.
    std::uint64_t stretch_bytes = 0;
  };

  /// `client` outlives it. Nothing is sent before `await_open` or the first pull.
  remote_object(access how, http_client& client);
  /// The same for an object of which something was read already: it is held to that version.
  remote_object(access how, http_client& client, object_version version);

  /// Goes on until the first answer has begun, or all attempts have failed; false if `until` or an
  /// interrupt came first. What comes of its body meanwhile goes to a block of `pool`, which
  /// outlives this.
  bool await_open(time_point until, block_pool& pool);
  /// Known once it is open.
  const object_version& version() const noexcept { return version_; }
  /// The server does not refuse to give parts of it. Known once it is open.
  bool gives_ranges() const noexcept { return gives_ranges_; }
  /// Why it cannot be read, or only in part; nullptr while it can.
  const http_failure* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }

  /// Where its stretch ends, or the whole, as far as that is known.
  std::optional<std::uint64_t> end() const;
  /// The byte that is read next.
  std::uint64_t position() const noexcept { return next_; }
  /// Ends `bytes` in front of that byte, though more was asked for; not in front of `position`.
  void end_at(std::uint64_t byte) noexcept {
    stop_ = byte;
    cut_ = true;
  }

  /// Its stored bytes from `from` on; again only once it has ended. If they break off for good, an
  /// empty chunk comes and there is a failure. `bytes_read` counts. All outlive the stream.
  byte_stream bytes(std::uint64_t from, const context& with,
                    std::atomic<std::uint64_t>& bytes_read);

 private:
  void begin_at(std::uint64_t from);
  bool await_answer(time_point until, block_pool& pool);
  bool await_retry(time_point until);
  void ask();
  bool await_verdict(time_point until, block_pool& pool);
  http_headers range_headers() const;
  void take_answer();
  bool same_version(const http_head& head) const;
  void tell_limit(int status) const;
  void take_range(const http_head& head);
  void take_share_of(chunk& some);
  void ask_for_all();
  void broke_off();
  void try_again_or_fail(http_failure why);
  void fail(std::string why);
  void note_progress(std::size_t bytes, std::atomic<std::uint64_t>& bytes_read);

  access how_;
  http_client& client_;
  std::unique_ptr<http_exchange> exchange_;
  std::string url_;        ///< of the latest request, as shown
  bool answered_ = false;  ///< `exchange_` has begun to give the bytes asked for
  bool known_ = false;     ///< the version is
  object_version version_;
  bool gives_ranges_ = true;
  std::uint64_t next_ = 0;             ///< the byte that is read next
  std::uint64_t skip_ = 0;             ///< bytes of the answer before it
  std::optional<std::uint64_t> stop_;  ///< the byte before which the stretch ends
  bool cut_ = false;                   ///< the answer goes on behind it
  std::uint64_t round_ = 0;            ///< of the limit, when the latest request was sent
  bool ended_ = false;
  bool mended_ = false;  ///< once since the last byte
  std::optional<retry_times> retries_;
  time_point retry_at_ = time_point::min();
  std::optional<http_failure> failure_;
};

}  // namespace weir

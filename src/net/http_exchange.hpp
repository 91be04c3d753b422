#pragma once
#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/chunk.hpp"
#include "net/curl_loop.hpp"
#include "net/http.hpp"

namespace weir {

/// One request on its way and its answer, which is never held whole: what nobody has asked for
/// stays in the network. Made by `http_client::start`, which it does not outlive. Destroying it
/// abandons the request.
class http_exchange final : private curl_transfer {
 public:
  http_exchange(http_request what, const http_options& options, curl_loop& loop);
  ~http_exchange() override;
  http_exchange(const http_exchange&) = delete;
  http_exchange& operator=(const http_exchange&) = delete;

  /// Goes on until the answer begins or the request has failed; false if `until` or an interrupt
  /// came first. What comes of the body meanwhile goes to a block of `pool`, which outlives this.
  bool await_head(time_point until, block_pool& pool);
  /// The status and headers of the answer, once they are there.
  const http_head* head() const noexcept { return head_complete_ ? &head_ : nullptr; }
  /// Why it came to nothing, or broke off; nullptr if it did not.
  const http_failure* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }
  /// Nothing more will come.
  bool has_ended() const noexcept { return ended_; }
  /// The answer has come to its end.
  bool complete() const noexcept { return ended_ && !failure_; }

  /// The body in blocks of the budget; an empty chunk answers for time. Ends where the answer ends
  /// or breaks off: then there is a failure. `with` and this outlive it. Not together with
  /// `await_text`.
  byte_stream body(const context& with);
  /// Gathers the whole body; more than `most_bytes` is a failure. False if `until` or an interrupt
  /// came first.
  bool await_text(time_point until, std::size_t most_bytes);
  std::string& text() noexcept { return text_; }
  /// The whole answer, its body as `await_text` gathered it, or why there is none. Precondition:
  /// has_ended(). Once.
  http_result<http_response> take_answer();
  /// Of the request, or where redirects led so far.
  const std::string& url() const noexcept { return what_.url; }

 private:
  struct cleanup {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  static std::size_t on_header(char* line, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_upload(char* into, std::size_t, std::size_t size, void* self) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) noexcept;
  static int on_connected(void* self, char* address, char*, int, int) noexcept;

  void waited(std::chrono::nanoseconds time) override;
  std::chrono::nanoseconds patience() const override;
  void finished(CURLcode how) override;

  void prepare();
  void set_headers();
  void set_body();
  void take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool has_room() const;
  void pause();
  void go_on();
  std::size_t take_upload(char* into, std::size_t room);
  void receive(chunk& out, time_point until);
  bool follow_redirect();
  bool abort(std::string why);
  http_failure explain(CURLcode how);
  std::string cause_of(CURLcode how) const;
  std::string time_out_phrase() const;

  http_request what_;
  const http_options& options_;
  curl_loop& loop_;
  curl_loop::lent_handle easy_;
  std::unique_ptr<curl_slist, cleanup> sent_headers_;
  std::array<char, CURL_ERROR_SIZE> detail_{};

  http_head head_;
  std::size_t head_bytes_ = 0;
  bool head_complete_ = false;
  bool ended_ = false;
  std::optional<http_failure> failure_;
  std::string why_aborted_;

  block_pool* early_from_ = nullptr;  ///< for what comes before anybody asks for the body
  std::shared_ptr<block> space_;
  std::size_t filled_ = 0;
  bool paused_ = false;
  std::string text_;
  std::size_t text_bytes_max_ = 0;  ///< 0: the body goes to blocks
  std::string_view upload_rest_;

  int connections_ = 0;
  int redirects_ = 0;
  curl_off_t bytes_sent_ = 0;
  std::chrono::nanoseconds quiet_{0};
  std::chrono::nanoseconds spent_{0};
};

}  // namespace weir

#pragma once
#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/poll_set.hpp"
#include "weir/context.hpp"

namespace weir {

/// One transfer of a loop.
class curl_transfer {
 public:
  virtual ~curl_transfer() = default;
  /// The loop has waited that long for the network, on its behalf, too.
  virtual void waited(std::chrono::nanoseconds time) = 0;
  /// How much longer it may be waited for.
  virtual std::chrono::nanoseconds patience() const = 0;
  /// It ended. The loop has forgotten it.
  virtual void finished(CURLcode how) = 0;
};

/// libcurl's multi interface on the one primitive that waits: curl says which sockets and when, the
/// clock waits. Connections are kept for the next transfer. One thread at a time.
class curl_loop {
 public:
  /// `time` and `wake` outlive it. As many connections and handles as transfers are made `at_once`
  /// are kept.
  curl_loop(clock& time, interrupt& wake, std::size_t at_once = 1);
  ~curl_loop();
  curl_loop(const curl_loop&) = delete;
  curl_loop& operator=(const curl_loop&) = delete;

  struct giver_back {
    curl_loop* to;
    void operator()(CURL* used) const noexcept;
  };
  using lent_handle = std::unique_ptr<CURL, giver_back>;

  /// A fresh handle, which is given back before this goes: making one is dear.
  lent_handle lend();
  void add(CURL* easy, curl_transfer& of);
  /// Abandons it; its connection is closed. Nothing happens if it is not there.
  void remove(CURL* easy) noexcept;

  enum class turned : std::uint8_t { worked, time, interrupted };
  /// Waits until the network or a time-out asks for something to be done, but not beyond `until`,
  /// and does it.
  turned turn(time_point until);
  /// The same for 10 ms at most, whoever interrupts: to go on while a nudge lasts.
  void turn_undisturbed();

  clock& time() noexcept { return time_; }
  interrupt& wake() noexcept { return wake_; }

 private:
  struct member {
    CURL* easy;
    curl_transfer* of;
  };
  struct cleanup {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };
  struct easy_cleanup {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };

  static int on_socket(CURL*, curl_socket_t fd, int wanted, void* self, void*) noexcept;
  static int on_timer(CURLM*, long after_ms, void* self) noexcept;

  turned turn(time_point until, interrupt& wake);
  clock::woken wait(time_point until, interrupt& wake);
  bool run_sockets();
  bool run_timer();
  bool run_out_of_patience();
  bool take_finished();
  void end(CURL* easy, CURLcode how);

  clock& time_;
  interrupt& wake_;
  interrupt undisturbed_;  ///< that nobody uses
  poll_set sockets_;
  time_point timer_ = never;
  std::vector<member> members_;
  std::size_t idle_max_;
  std::vector<std::unique_ptr<CURL, easy_cleanup>> idle_;
  std::unique_ptr<CURLM, cleanup> multi_;  // last: its end calls back
};

}  // namespace weir

#include "net/curl_loop.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace weir {
namespace {

/// Connections that wait for their next use, at most, unless more are used at once.
constexpr std::size_t idle_connections_max = 16;
/// Handles likewise.
constexpr std::size_t idle_handles_max = 4;

CURLM* make_multi() {
  static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* const multi = library == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) throw std::bad_alloc{};
  return multi;
}

}  // namespace

curl_loop::curl_loop(clock& time, interrupt& wake, std::size_t at_once)
    : time_(time),
      wake_(wake),
      idle_max_(std::max(idle_handles_max, at_once)),
      multi_(make_multi()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &curl_loop::on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &curl_loop::on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                    static_cast<long>(std::max(idle_connections_max, at_once)));
  idle_.reserve(idle_max_);
}

curl_loop::~curl_loop() = default;

curl_loop::lent_handle curl_loop::lend() {
  if (idle_.empty()) {
    CURL* const fresh = curl_easy_init();
    if (fresh == nullptr) throw std::bad_alloc{};
    return {fresh, giver_back{this}};
  }
  CURL* const known = idle_.back().release();
  idle_.pop_back();
  return {known, giver_back{this}};
}

void curl_loop::giver_back::operator()(CURL* used) const noexcept {
  std::unique_ptr<CURL, easy_cleanup> back{used};
  if (to->idle_.size() == to->idle_max_) return;
  curl_easy_reset(used);
  to->idle_.push_back(std::move(back));
}

void curl_loop::add(CURL* easy, curl_transfer& of) {
  members_.push_back({easy, &of});
  curl_multi_add_handle(multi_.get(), easy);
}

void curl_loop::remove(CURL* easy) noexcept {
  if (std::erase_if(members_, [&](const member& m) { return m.easy == easy; }) > 0)
    curl_multi_remove_handle(multi_.get(), easy);
}

curl_loop::turned curl_loop::turn(time_point until) {
  return turn(until, wake_);
}

void curl_loop::turn_undisturbed() {
  turn(time_.now() + std::chrono::milliseconds{10}, undisturbed_);
}

curl_loop::turned curl_loop::turn(time_point until, interrupt& wake) {
  // What curl would do at once does not wait for the network: each request begins so.
  const bool due = run_timer();
  const clock::woken why = due ? clock::woken::timeout : wait(until, wake);
  // One after the other: each may end transfers that the next would ask about.
  const bool sockets = why != clock::woken::timeout && run_sockets();
  const bool timer = run_timer() || due;
  const bool impatient = run_out_of_patience();
  const bool ended = take_finished();
  if (sockets || timer || impatient || ended) return turned::worked;
  return why == clock::woken::interrupted ? turned::interrupted : turned::time;
}

clock::woken curl_loop::wait(time_point until, interrupt& wake) {
  const time_point before = time_.now();
  time_point due = std::min(until, timer_);
  for (const member& m : members_) {
    const auto patience = m.of->patience();
    if (patience < never - before) due = std::min(due, before + patience);
  }
  const int fd = members_.empty() ? -1 : sockets_.fd();
  const clock::woken why = time_.wait_readable(fd, wake, due);
  const auto time = time_.now() - before;
  for (const member& m : members_) m.of->waited(time);
  return why;
}

bool curl_loop::run_sockets() {
  const auto ready = sockets_.take_ready();
  int running = 0;
  for (const poll_set::ready& r : ready) {
    const int events = (r.readable ? CURL_CSELECT_IN : 0) | (r.writable ? CURL_CSELECT_OUT : 0) |
                       (r.failed ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi_.get(), r.fd, events, &running);
  }
  return !ready.empty();
}

bool curl_loop::run_timer() {
  if (timer_ == never || time_.now() < timer_) return false;
  timer_ = never;
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  return true;
}

bool curl_loop::run_out_of_patience() {
  const auto is_over = [](const member& m) {
    return m.of->patience() <= decltype(m.of->patience()){0};
  };
  bool any = false;
  for (auto m = std::ranges::find_if(members_, is_over); m != members_.end();
       m = std::ranges::find_if(members_, is_over)) {
    end(m->easy, CURLE_OPERATION_TIMEDOUT);
    any = true;
  }
  return any;
}

bool curl_loop::take_finished() {
  bool any = false;
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    end(message->easy_handle, message->data.result);
    any = true;
  }
  return any;
}

/// `finished` may add the handle again.
void curl_loop::end(CURL* easy, CURLcode how) {
  const auto m = std::ranges::find(members_, easy, &member::easy);
  if (m == members_.end()) return;
  curl_transfer& of = *m->of;
  remove(easy);
  of.finished(how);
}

int curl_loop::on_socket(CURL*, curl_socket_t fd, int wanted, void* self, void*) noexcept {
  auto& sockets = static_cast<curl_loop*>(self)->sockets_;
  if (wanted == CURL_POLL_REMOVE)
    sockets.forget(fd);
  else
    sockets.watch(fd, (wanted & CURL_POLL_IN) != 0, (wanted & CURL_POLL_OUT) != 0);
  return 0;
}

int curl_loop::on_timer(CURLM*, long after_ms, void* self) noexcept {
  auto& loop = *static_cast<curl_loop*>(self);
  loop.timer_ = after_ms < 0 ? never : loop.time_.now() + std::chrono::milliseconds{after_ms};
  return 0;
}

}  // namespace weir

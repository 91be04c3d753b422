#include "net/http_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "base/ascii.hpp"
#include "base/memory_pause.hpp"
#include "net/curl_failure.hpp"
#include "net/url.hpp"
#include "weir/version.hpp"

namespace weir {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t head_bytes_max = 256 * 1024;
constexpr std::size_t usual_headers = 16;
/// What curl reads at a time. A block holds some of it exactly.
constexpr long receive_bytes = 128 * 1024;
/// What curl hands over at a time.
constexpr std::size_t piece_bytes = CURL_MAX_WRITE_SIZE;

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 && c != '\t'; });
}

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string_view trimmed_value(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string seconds_text(nanoseconds time) {
  return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

/// Where clouds keep credentials for whoever asks from inside: no server may lead there.
bool is_link_local(std::string_view address) {
  constexpr std::string_view as_ipv6 = "::ffff:";
  if (address.starts_with(as_ipv6)) address.remove_prefix(as_ipv6.size());
  return address.starts_with("169.254.") || address.starts_with("fe80:") ||
         address.starts_with("fd00:ec2:");
}

}  // namespace

http_exchange::http_exchange(http_request what, const http_options& options, curl_loop& loop)
    : what_(std::move(what)), options_(options), loop_(loop), easy_(loop.lend()) {
  prepare();
  set_headers();
  set_body();
  if (!ended_) loop_.add(easy_.get(), *this);
}

http_exchange::~http_exchange() {
  loop_.remove(easy_.get());
}

void http_exchange::prepare() {
  CURL* const easy = easy_.get();
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_URL, what_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_BUFFERSIZE, receive_bytes);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Ours, which know when the caller was elsewhere; curl's own would be 300 s.
  set(CURLOPT_CONNECTTIMEOUT_MS, 86'400'000L);
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_HEADERFUNCTION, &http_exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &http_exchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &http_exchange::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_PREREQFUNCTION, &http_exchange::on_connected);
  set(CURLOPT_PREREQDATA, this);
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.proxy.empty()) set(CURLOPT_PROXY, options_.proxy.c_str());
  if (options_.direct) set(CURLOPT_NOPROXY, "*");
  const std::string agent =
      options_.user_agent.empty() ? fmt::format("weir/{}", version) : options_.user_agent;
  set(CURLOPT_USERAGENT, agent.c_str());
}

void http_exchange::set_headers() {
  curl_slist* list = nullptr;
  bool bad = has_control(what_.url) || has_control(what_.method);
  const auto append = [&](const std::string& name, const std::string& value) {
    bad = bad || has_control(name) || has_control(value);
    const auto line = value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    list = curl_slist_append(list, line.c_str());
  };
  for (const http_header& h : what_.headers) append(h.name, h.value);
  for (const http_credential& c : what_.credentials) append(c.name, c.value.reveal());
  // Not to wait for leave to send a body, and not to call it a form.
  list = curl_slist_append(list, "Expect:");
  const bool typed = std::ranges::any_of(
      what_.headers, [](const http_header& h) { return lower_case(h.name) == "content-type"; });
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  sent_headers_.reset(list);
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list);
  if (!bad) return;
  failure_ = {.what = http_failure::kind::unsent,
              .message = shown_url(what_.url) + ": control characters in a header or the URL",
              .lasting = true};
  ended_ = true;
}

void http_exchange::set_body() {
  CURL* const easy = easy_.get();
  const bool takes_body =
      what_.method == "POST" || what_.method == "PUT" || what_.method == "PATCH" || what_.upload;
  if (what_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (what_.upload) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &http_exchange::on_upload);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    const auto size = what_.upload->size;
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                     size ? static_cast<curl_off_t>(*size) : curl_off_t{-1});
  } else if (takes_body || !what_.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, what_.body.data());
  }
  if (what_.method != "GET" && what_.method != "HEAD")
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, what_.method.c_str());
}

bool http_exchange::await_head(time_point until, block_pool& pool) {
  early_from_ = &pool;
  while (!ended_ && !head_complete_) {
    const bool went_on = loop_.turn(until) == curl_loop::turned::worked;
    if (!went_on && !ended_ && !head_complete_) return false;
  }
  return true;
}

bool http_exchange::await_text(time_point until, std::size_t most_bytes) {
  text_bytes_max_ = most_bytes;
  if (const auto early = std::exchange(space_, nullptr))
    take_body({early->data(), std::exchange(filled_, 0)});
  go_on();
  while (!ended_) {
    const bool went_on = loop_.turn(until) == curl_loop::turned::worked;
    if (!went_on && !ended_) return false;
  }
  return true;
}

http_result<http_response> http_exchange::take_answer() {
  if (failure_) return std::unexpected(std::move(*failure_));
  return http_response{std::move(head_), std::move(text_), what_.url};
}

byte_stream http_exchange::body(const context& with) {
  memory_pause memory;
  chunk out;
  while (!ended_ || space_) {
    const pull want = co_await request;
    out = {};  // first of all gives back the block of the last one
    if (!space_) space_ = memory.take(with, want);
    if (space_) receive(out, want.until);
    if (!out.bytes.empty() || !ended_) co_yield out;
  }
}

/// Waits for the first bytes, then takes what is there already, while there is room for it.
void http_exchange::receive(chunk& out, time_point until) {
  if (has_room()) go_on();
  while (!ended_ && !paused_) {
    const time_point wait_to = filled_ == 0 ? until : time_point{};
    if (loop_.turn(wait_to) != curl_loop::turned::worked) break;
  }
  auto full = std::exchange(space_, nullptr);
  if (filled_ == 0) return;
  out.bytes = {full->data(), std::exchange(filled_, 0)};
  out.memory = std::move(full);
}

std::size_t http_exchange::on_header(char* line, std::size_t, std::size_t size,
                                     void* self) noexcept {
  auto& me = *static_cast<http_exchange*>(self);
  me.head_bytes_ += size;
  if (me.head_bytes_ > head_bytes_max) {
    me.abort("its headers are larger than 256 KiB");
    return 0;
  }
  me.quiet_ = {};
  me.take_header({line, size});
  return size;
}

void http_exchange::take_header(std::string_view line) {
  if (head_complete_) return;  // a trailer
  if (line.starts_with("HTTP/")) {
    head_ = {};
    head_.headers.reserve(usual_headers);
  } else if (const auto colon = line.find(':'); colon != line.npos) {
    head_.headers.push_back(
        {std::string{line.substr(0, colon)}, std::string{trimmed_value(line.substr(colon + 1))}});
  } else if (line == "\r\n" || line == "\n") {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    head_.status = static_cast<int>(status);
    const bool moves = is_redirect(head_.status) && redirects_ < options_.redirects_max &&
                       (what_.method == "GET" || what_.method == "HEAD") && head_.find("Location");
    head_complete_ = status >= 200 && !moves;
  }
}

std::size_t http_exchange::on_body(char* bytes, std::size_t, std::size_t size,
                                   void* self) noexcept {
  auto& me = *static_cast<http_exchange*>(self);
  if (!me.head_complete_) return size;  // of a redirect
  me.quiet_ = {};
  if (me.take_body({bytes, size})) return size;
  if (!me.why_aborted_.empty()) return 0;
  me.paused_ = true;
  return CURL_WRITEFUNC_PAUSE;
}

/// False if there is no room for it: then curl copies it away, to hand it over later. So it is
/// told to pause before that happens, for it goes on reading while there is anything to read.
bool http_exchange::take_body(std::string_view bytes) {
  if (text_bytes_max_ > 0) {
    if (text_.size() + bytes.size() > text_bytes_max_)
      return abort(fmt::format("its body is larger than {} bytes", text_bytes_max_));
    text_ += bytes;
    return true;
  }
  if (!space_ && early_from_) space_ = early_from_->try_take();
  if (!space_ || space_->capacity() - filled_ < bytes.size()) return false;
  std::memcpy(space_->data() + filled_, bytes.data(), bytes.size());
  filled_ += bytes.size();
  if (!has_room()) pause();
  return true;
}

/// For another piece.
bool http_exchange::has_room() const {
  return space_->capacity() - filled_ >= piece_bytes;
}

void http_exchange::pause() {
  paused_ = true;
  curl_easy_pause(easy_.get(), CURLPAUSE_ALL);
}

void http_exchange::go_on() {
  if (std::exchange(paused_, false)) curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

std::size_t http_exchange::on_upload(char* into, std::size_t, std::size_t size,
                                     void* self) noexcept {
  auto& me = *static_cast<http_exchange*>(self);
  try {
    return me.take_upload(into, size);
  } catch (const std::exception& e) {
    me.abort(e.what());
    return CURL_READFUNC_ABORT;
  }
}

std::size_t http_exchange::take_upload(char* into, std::size_t room) {
  while (upload_rest_.empty()) {
    const std::string_view* const piece = what_.upload->pieces.next();
    if (piece == nullptr) return 0;
    upload_rest_ = *piece;
  }
  const std::size_t size = std::min(room, upload_rest_.size());
  std::memcpy(into, upload_rest_.data(), size);
  upload_rest_.remove_prefix(size);
  return size;
}

int http_exchange::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t,
                               curl_off_t sent) noexcept {
  auto& me = *static_cast<http_exchange*>(self);
  if (std::exchange(me.bytes_sent_, sent) != sent) me.quiet_ = {};
  return 0;
}

/// curl quietly sends a request anew if a kept connection turns out to be closed. The server may
/// have acted on the first one all the same.
int http_exchange::on_connected(void* self, char* address, char*, int, int) noexcept {
  auto& me = *static_cast<http_exchange*>(self);
  me.quiet_ = {};
  const bool again = ++me.connections_ > 1 + me.redirects_;
  if (again && !is_repeatable(me.what_)) {
    me.abort("the connection was closed while it was sent");
    return CURL_PREREQFUNC_ABORT;
  }
  if ((me.redirects_ > 0 || me.what_.led_here) && is_link_local(address)) {
    me.abort("a server leads to a link-local address");
    return CURL_PREREQFUNC_ABORT;
  }
  return CURL_PREREQFUNC_OK;
}

bool http_exchange::abort(std::string why) {
  why_aborted_ = std::move(why);
  return false;
}

void http_exchange::waited(nanoseconds time) {
  if (paused_) return;  // for its reader
  quiet_ += time;
  spent_ += time;
}

nanoseconds http_exchange::patience() const {
  if (paused_) return nanoseconds::max();
  const http_time_outs& limits = options_.time_outs;
  const auto quiet_max = head_complete_              ? limits.idle
                         : connections_ > redirects_ ? limits.first_byte
                                                     : limits.connect;
  const auto left = quiet_max - quiet_;
  return limits.total ? std::min(left, *limits.total - spent_) : left;
}

void http_exchange::finished(CURLcode how) {
  if (how == CURLE_OK && !head_complete_ && follow_redirect()) return;
  if (how != CURLE_OK) failure_ = explain(how);
  ended_ = true;
}

/// The redirected request carries neither the credentials nor the URL's user. False if it is not
/// to be followed; then there is a failure.
bool http_exchange::follow_redirect() {
  const std::string* const to = head_.find("Location");
  const std::string next = to ? resolved_url(what_.url, *to) : std::string{};
  const bool downgrades = what_.url.starts_with("https:") && !next.starts_with("https:");
  if (next.empty() || downgrades) {
    failure_ = {.what = http_failure::kind::status,
                .message = fmt::format("{}: redirects {}", shown_url(what_.url),
                                       next.empty() ? "to what is no URL" : "away from https"),
                .status = head_.status,
                .lasting = true};
    return false;
  }
  ++redirects_;
  connections_ = redirects_;
  what_.url = next;
  what_.credentials.clear();
  set_headers();
  curl_easy_setopt(easy_.get(), CURLOPT_URL, what_.url.c_str());
  quiet_ = {};
  loop_.add(easy_.get(), *this);
  return true;
}

http_failure http_exchange::explain(CURLcode how) {
  long sent_bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent_bytes);
  const bool sent = sent_bytes > 0 || head_complete_;
  return {.what = sent ? http_failure::kind::unknown : http_failure::kind::unsent,
          .message = fmt::format("{}: {}", shown_url(what_.url), cause_of(how)),
          .status = head_complete_ ? head_.status : 0,
          .lasting = is_lasting(how),
          .retry_after = std::nullopt,
          .hint = hint_for(how)};
}

std::string http_exchange::time_out_phrase() const {
  const http_time_outs& limits = options_.time_outs;
  if (limits.total && spent_ >= *limits.total)
    return "it was not done within " + seconds_text(*limits.total);
  if (head_complete_) return "no byte came for " + seconds_text(limits.idle);
  if (connections_ > redirects_) return "no answer within " + seconds_text(limits.first_byte);
  return "no connection within " + seconds_text(limits.connect);
}

std::string http_exchange::cause_of(CURLcode how) const {
  if (!why_aborted_.empty()) return why_aborted_;
  if (how == CURLE_OPERATION_TIMEDOUT) return time_out_phrase();
  return cause_of_failure(how, easy_.get(), detail_.data(), options_);
}

}  // namespace weir

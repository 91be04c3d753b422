#include "sink/postgres_feed.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {
namespace {

/// A statement is given so much at a time.
constexpr std::size_t piece_bytes = 64 * 1024;
/// Beginning and ending a COPY takes the server as long as some 20 rows of one.
constexpr std::size_t copy_rows = 20;
/// Waiting for which the open COPY is ended.
constexpr std::size_t copy_bytes = 256 * 1024;
/// What may wait in all.
constexpr std::size_t most_waiting_bytes = 4 * 1024 * 1024;

/// Takes the next line off the front of `text`; gives it without its break.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() + 1);
  return line;
}

/// What is in both.
column_set common(const column_set& a, const column_set& b) {
  column_set out;
  std::ranges::set_intersection(a, b, std::back_inserter(out));
  return out;
}

}  // namespace

void postgres_feed::run(const std::string& sql) {
  if (failed_) return;
  postgres_answer done = link_.run(before_.empty() ? sql : before_ + "; " + sql);
  before_.clear();
  if (!done.ok()) failed_ = std::move(done);
}

postgres_feed::portion& postgres_feed::portion_of(const column_set& left_out) {
  if (latest_ == nullptr || latest_->first != left_out) {
    latest_ = &*portions_.try_emplace(left_out).first;
  }
  return *latest_;
}

std::expected<void, std::string_view> postgres_feed::add(const record& r) {
  const auto line = rows_.line(r);
  if (!line) return std::unexpected(line.error());
  if (failed_) return {};
  portion& p = portion_of(rows_.left_out());
  p.second.text += *line;
  ++p.second.count;
  waiting_bytes_ += line->size();
  if (is_due(p)) copy(p);
  if (waiting_bytes_ >= most_waiting_bytes) send_waiting();
  return {};
}

bool postgres_feed::is_due(const portion& p) const {
  const bool ends_another = open_ != nullptr && open_ != &p;
  return takes_a_copy(p) && p.second.text.size() >= (ends_another ? copy_bytes : piece_bytes);
}

void postgres_feed::push() {
  if (open_ != nullptr) {
    put();
  } else if (portion* const p = largest()) {
    copy(*p);
  }
}

/// Of those that a COPY takes; null if there is none.
postgres_feed::portion* postgres_feed::largest() {
  portion* out = nullptr;
  for (portion& p : portions_) {
    const std::size_t most = out == nullptr ? 0 : out->second.text.size();
    if (takes_a_copy(p) && p.second.text.size() > most) out = &p;
  }
  return out;
}

/// Hands its lines to its COPY, which is left open.
void postgres_feed::copy(portion& p) {
  if (open_ != &p) {
    end_copy();
    run(rows_.copy_statement(p.first));
    if (!failed_) open_ = &p;
  }
  put();
}

void postgres_feed::put() {
  if (open_ == nullptr) return;
  lines& to_send = open_->second;
  waiting_bytes_ -= to_send.text.size();
  if (!to_send.text.empty() && !link_.put(to_send.text)) {
    failed_.emplace(nullptr, "the connection was lost");
    open_ = nullptr;
  }
  to_send.text.clear();
  to_send.count = 0;
}

void postgres_feed::end_copy() {
  put();
  if (std::exchange(open_, nullptr) == nullptr) return;
  postgres_answer done = link_.end_copy();
  if (!done.ok()) failed_ = std::move(done);
}

/// A portion that is alone is copied however small it is: COPY's complaint names the column.
void postgres_feed::send_waiting() {
  end_copy();
  std::erase_if(portions_, [](const portion& p) { return p.second.count == 0; });
  const std::size_t enough = portions_.size() == 1 ? 1 : copy_rows;
  std::optional<column_set> left_by_all;
  for (portion& p : portions_) {
    if (takes_a_copy(p) && p.second.count >= enough) {
      copy(p);
      end_copy();
    } else {
      left_by_all = left_by_all ? common(*left_by_all, p.first) : p.first;
    }
  }
  if (left_by_all) insert(*left_by_all);
  portions_.clear();
  latest_ = nullptr;
  waiting_bytes_ = 0;
}

/// Sends what still waits. An INSERT has to name a column, and a user may have no right to name one
/// that all leave out.
void postgres_feed::insert(column_set unnamed) {
  if (rows_.leaves_out_all(unnamed)) unnamed.pop_back();
  std::string sql;
  for (const auto& [left_out, waiting] : portions_) {
    for (std::string_view text = waiting.text; !text.empty();) {
      sql += sql.empty() ? rows_.insert_statement(unnamed) : ",";
      rows_.append_values(take_line(text), left_out, unnamed, sql);
      if (sql.size() < piece_bytes) continue;
      run(sql);
      sql.clear();
    }
  }
  if (!sql.empty()) run(sql);
}

std::expected<void, postgres_answer> postgres_feed::finish() {
  send_waiting();
  if (!failed_) return {};
  postgres_answer why = std::move(*failed_);
  failed_.reset();
  return std::unexpected(std::move(why));
}

void postgres_feed::forget() noexcept {
  portions_.clear();
  latest_ = open_ = nullptr;
  waiting_bytes_ = 0;
  before_.clear();
  failed_.reset();
}

}  // namespace weir

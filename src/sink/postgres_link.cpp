#include "sink/postgres_link.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <vector>

namespace weir {
namespace {

/// libpq's messages end with line breaks.
std::string one_line(std::string_view message) {
  std::string out;
  for (const char c : message) out += c == '\n' || c == '\t' ? ' ' : c;
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

/// A verbose message: `... failed: FATAL:  28P01: password authentication failed ...` and, in lines
/// of their own, where in the server's source. Takes both out and gives the SQLSTATE.
std::string take_state(std::string& message) {
  message.erase(std::min(message.find("LOCATION:"), message.size()));
  constexpr std::string_view gap = ":  ";
  const auto at = message.rfind(gap);
  if (at == message.npos || message.substr(at + gap.size() + 5, 2) != ": ") return {};
  std::string state = message.substr(at + gap.size(), 5);
  message.erase(at + gap.size(), state.size() + 2);
  return state;
}

/// Starting up, shutting down, too many clients: it may pass. So may what no server said.
bool may_pass(std::string_view state) {
  return state.empty() || state.starts_with("57") || state.starts_with("53");
}

/// Data exceptions quote what they complain about: `invalid input syntax for type bigint: "x"`.
std::string without_quoted(std::string message) {
  const auto first = message.find('"');
  if (first == message.npos) return message;
  message.erase(first, message.rfind('"') - first + 1);
  while (message.ends_with(' ') || message.ends_with(':')) message.pop_back();
  if (const auto gap = message.find("  "); gap != message.npos) message.erase(gap, 1);
  return message;
}

}  // namespace

void postgres_answer::clear::operator()(pg_result* r) const noexcept {
  PQclear(r);
}

postgres_answer::postgres_answer(pg_result* result, std::string why_lost)
    : result_(result), why_lost_(std::move(why_lost)) {}

bool postgres_answer::ok() const noexcept {
  if (lost()) return false;
  const ExecStatusType status = PQresultStatus(result_.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;
}

std::string_view postgres_answer::field(int code) const noexcept {
  const char* const text = lost() ? nullptr : PQresultErrorField(result_.get(), code);
  return text == nullptr ? std::string_view{} : text;
}

std::string_view postgres_answer::state() const noexcept {
  return field(PG_DIAG_SQLSTATE);
}

/// COPY names the column in the context alone: `COPY t, line 3, column n: "x"`.
std::string postgres_answer::column() const {
  if (const auto named = field(PG_DIAG_COLUMN_NAME); !named.empty()) return std::string{named};
  constexpr std::string_view mark = ", column ";
  const std::string_view context = field(PG_DIAG_CONTEXT);
  const auto at = context.find(mark);
  if (!context.starts_with("COPY ") || at == context.npos) return {};
  const std::string_view rest = context.substr(at + mark.size());
  return std::string{rest.substr(0, rest.find(':'))};
}

std::string postgres_answer::why() const {
  if (lost()) return why_lost_;
  std::string message = one_line(field(PG_DIAG_MESSAGE_PRIMARY));
  if (!state().starts_with("22")) return message;
  const std::string named = column();
  message = without_quoted(std::move(message));
  return named.empty() ? message : message + " in column `" + named + "`";
}

int postgres_answer::rows() const noexcept {
  return PQntuples(result_.get());
}

std::string_view postgres_answer::text(int row, int column) const noexcept {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::string_view postgres_answer::done() const noexcept {
  return lost() ? std::string_view{} : PQcmdStatus(result_.get());
}

void postgres_link::finish::operator()(pg_conn* c) const noexcept {
  PQfinish(c);
}

postgres_refusal postgres_link::refusal() const {
  std::string message = PQerrorMessage(connection_.get());
  const std::string state = take_state(message);
  message = one_line(message);
  return {message.empty() ? "the server does not answer" : std::move(message), !may_pass(state)};
}

std::optional<postgres_refusal> postgres_link::connect() {
  const std::array keys{"dbname", "client_encoding", "fallback_application_name",
                        static_cast<const char*>(nullptr)};
  const std::array values{url_.c_str(), "UTF8", "weir", static_cast<const char*>(nullptr)};
  connection_.reset(PQconnectStartParams(keys.data(), values.data(), 1));
  if (!connection_) throw std::bad_alloc();
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  const time_point until = due(connect_patience);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (PQstatus(connection_.get()) == CONNECTION_BAD || next == PGRES_POLLING_FAILED) {
      postgres_refusal refused = refusal();
      disconnect();
      return refused;
    }
    if (!wait(next == PGRES_POLLING_WRITING, until)) {
      disconnect();
      return postgres_refusal{"the server does not answer", false};
    }
    next = PQconnectPoll(connection_.get());
  }
  PQsetErrorVerbosity(connection_.get(), PQERRORS_DEFAULT);
  PQsetnonblocking(connection_.get(), 1);
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  return std::nullopt;
}

time_point postgres_link::due(std::chrono::seconds after) {
  return with_.time->now() + after;
}

/// False if it was not ready in time.
bool postgres_link::wait(bool to_write, time_point until) {
  watched_.watch(PQsocket(connection_.get()), true, to_write);
  return draining_.wait(watched_.fd(), until);
}

postgres_answer postgres_link::lost() {
  std::string why = connection_ ? one_line(PQerrorMessage(connection_.get())) : "not connected";
  disconnect();
  return {nullptr, why.empty() ? "the server does not answer" : std::move(why)};
}

/// Hands libpq's buffer to the socket. While that is full, the server may have something to say.
bool postgres_link::flush() {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left <= 0) return left == 0;
    if (!wait(true, due(patience))) return false;
    if (PQconsumeInput(connection_.get()) == 0) return false;
  }
}

/// The last result of what was sent: the error, if there was one.
postgres_answer postgres_link::answer() {
  if (!flush()) return lost();
  postgres_answer last{nullptr, {}};
  for (;;) {
    while (PQisBusy(connection_.get()) != 0) {
      if (!wait(false, due(patience)) || PQconsumeInput(connection_.get()) == 0) return lost();
    }
    PGresult* const next = PQgetResult(connection_.get());
    if (next == nullptr) break;
    last = postgres_answer{next, {}};
    if (PQresultStatus(next) == PGRES_COPY_IN) return last;
  }
  if (last.lost() || PQstatus(connection_.get()) == CONNECTION_BAD) return lost();
  return last;
}

postgres_answer postgres_link::run(const std::string& sql) {
  if (!connection_ || PQsendQuery(connection_.get(), sql.c_str()) == 0) return lost();
  return answer();
}

postgres_answer postgres_link::run(const std::string& sql,
                                   std::initializer_list<std::string> parameters) {
  std::vector<const char*> values;
  for (const std::string& p : parameters) values.push_back(p.c_str());
  if (!connection_ ||
      PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 0) {
    return lost();
  }
  return answer();
}

bool postgres_link::put(std::string_view text) {
  if (!connection_) return false;
  const int sent = PQputCopyData(connection_.get(), text.data(), static_cast<int>(text.size()));
  if (sent == 1 && flush()) return true;
  lost();
  return false;
}

postgres_answer postgres_link::end_copy() {
  if (!connection_ || PQputCopyEnd(connection_.get(), nullptr) != 1) return lost();
  return answer();
}

}  // namespace weir

#pragma once
#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/drain_limit.hpp"
#include "base/poll_set.hpp"
#include "weir/context.hpp"

struct pg_conn;
struct pg_result;

namespace weir {

/// What a PostgreSQL server answered to a statement, or that the connection to it was lost.
class postgres_answer {
 public:
  /// Takes over `result`; null if the connection was lost, for the reason `why_lost`.
  postgres_answer(pg_result* result, std::string why_lost);

  bool ok() const noexcept;
  bool lost() const noexcept { return result_ == nullptr; }
  /// The SQLSTATE of an error, such as "23505".
  std::string_view state() const noexcept;
  /// The server's message with the column or constraint it is about, without values of a row.
  std::string why() const;

  int rows() const noexcept;
  std::string_view text(int row, int column) const noexcept;
  /// What was done: "COMMIT", "UPDATE 1".
  std::string_view done() const noexcept;

 private:
  struct clear {
    void operator()(pg_result* r) const noexcept;
  };
  std::string_view field(int code) const noexcept;
  std::string column() const;

  std::unique_ptr<pg_result, clear> result_;
  std::string why_lost_;
};

/// Why there is no connection.
struct postgres_refusal {
  std::string why;
  bool lasting;  ///< the server will not have us: a wrong password, an unknown database
};

/// One connection to a PostgreSQL server: libpq without blocking, waiting through the clock. A
/// server that says nothing for `patience` is lost, as is one that says nothing until a drain has
/// to be over. Looking a host name up is the one thing that libpq does not do without blocking. One
/// thread at a time.
class postgres_link {
 public:
  static constexpr std::chrono::seconds connect_patience{10};
  static constexpr std::chrono::seconds patience{60};

  /// `with` outlives it.
  postgres_link(std::string url, const context& with)
      : url_(std::move(url)), with_(with), draining_(with) {}

  /// Connects anew. Empty, or why it cannot.
  std::optional<postgres_refusal> connect();
  void disconnect() noexcept { connection_.reset(); }
  bool is_connected() const noexcept { return connection_ != nullptr; }

  /// Runs one statement. If the connection is lost, it is closed.
  postgres_answer run(const std::string& sql);
  postgres_answer run(const std::string& sql, std::initializer_list<std::string> parameters);

  /// Sends text for the COPY that the last statement began. False if the connection was lost. An
  /// error of the server shows only in `end_copy`.
  bool put(std::string_view text);
  postgres_answer end_copy();

 private:
  struct finish {
    void operator()(pg_conn* c) const noexcept;
  };
  postgres_answer answer();
  postgres_refusal refusal() const;
  bool flush();
  bool wait(bool to_write, time_point until);
  time_point due(std::chrono::seconds after);
  postgres_answer lost();

  std::string url_;
  const context& with_;
  std::unique_ptr<pg_conn, finish> connection_;
  drain_limit draining_;
  poll_set watched_;
};

}  // namespace weir

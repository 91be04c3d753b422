#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parse/table_header.hpp"
#include "weir/context.hpp"
#include "weir/stream.hpp"

namespace weir {

/// The headers of the shards that are being read, each of which may change in mid-file. One thread.
class headed_tables {
 public:
  /// Null for a shard that is no such table.
  using format_of = std::function<std::shared_ptr<const headed_format>(const shard&)>;
  /// `with` outlives this.
  headed_tables(format_of formats, const context& with)
      : formats_(std::move(formats)), with_(with) {}

  /// Ends the lines of `b` that are headers or comments, up to a header that would change what
  /// records in front of it mean. Returns how many live records those are, if there is one.
  std::optional<std::size_t> take_headers(batch& b);
  /// The records of `b` are read: hands down what a later run has to know of their shards, and
  /// forgets those that end.
  void settle(batch& b);

  /// Null if `of` is no table.
  std::shared_ptr<const table_header> header_of(const shard& of) const;

 private:
  struct table {
    std::shared_ptr<const shard> source;
    std::shared_ptr<const headed_format> format;
    std::vector<std::string> lines = {};  ///< of the header
    std::shared_ptr<const table_header> header = {};
    std::shared_ptr<const std::string> state = {};
    bool has_records = false;  ///< in the batch at hand
  };

  void meet(const run& r);
  void restore(table& t, std::string_view kept, std::uint64_t read_to) const;
  table* find(const shard& of) noexcept;
  bool changes(const table& t, std::string_view line) const;
  void take(table& t, std::string_view line, std::uint64_t number) const;

  format_of formats_;
  const context& with_;
  std::list<table> tables_;
};

/// Hands on the batches of `in` after `parse`, cut where a header changes, so that at each position
/// there is one header to go on with.
stream under_headers(stream in, std::shared_ptr<headed_tables> tables, batch_function parse,
                     const context* with);

}  // namespace weir

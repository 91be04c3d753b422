#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/memory.hpp"
#include "weir/value.hpp"

namespace weir {

/// A place in one shard, between two records: what lies before it has been read.
struct position {
  std::uint64_t offset = 0;  ///< bytes of the decompressed stream before it
  std::uint64_t number = 0;  ///< records before it, blank ones included; the next one is number + 1
  bool past_fault = false;   ///< it ends here: broken bytes, which were rejected, or a file's end
  friend bool operator==(const position&, const position&) = default;
};

/// What is read in order: one file, one object, one partition. Immutable once reading began.
struct shard {
  std::string name;      ///< as people see it: a path, a URL, "-"
  std::string identity;  ///< what makes it the same shard in another run; never empty
  /// When it was last changed, nanoseconds since 1970; the start of the run for streams.
  std::int64_t modified_ns = 0;
};

/// How a record's text is to be read.
enum class shape : std::uint8_t {
  text,  ///< a line as it stands; as a record it is {"message": line}
  json,  ///< one JSON object
  /// A line whose fields a parser has found; as a record it is the JSON object of them, which is
  /// made when it is written.
  fields,
};

/// What became of a record so far. Values from `first_rule` on: filtered by the rule of that
/// number.
using fate = std::uint16_t;
inline constexpr fate live = 0;
inline constexpr fate blank = 1;  ///< an empty line in front of a parser; not counted as `in`
inline constexpr fate rejected = 2;
inline constexpr fate elsewhere =
    3;                             ///< another branch of a `route` has it; not counted as `in` here
inline constexpr fate joined = 4;  ///< became part of another record
inline constexpr fate delivered = 5;  ///< a sink has it
inline constexpr fate first_rule = 16;

/// Where the structural characters of a batch's JSON lie, found once for all its records.
struct structural_index {
  const char* base = nullptr;
  std::unique_ptr<std::uint32_t[]> at;  ///< offsets from `base`, ascending
  std::uint32_t count = 0;
  std::size_t capacity_bytes = 0;  ///< of text that `at` has room for
};

struct field_table;

/// Where the texts that stages write go, and what parsers noted of the texts that it belongs to.
/// Each store has one batch, whose records are the only ones to point at it.
struct record_store {
  explicit record_store(std::shared_ptr<block_pool> pool) noexcept : memory(std::move(pool)) {}
  arena memory;
  std::shared_ptr<const structural_index> index;
  std::shared_ptr<const field_table> fields;  ///< of the records of shape::fields
};

/// One record: a view of its text, its place in its shard, and what became of it.
///
/// A record is its text, and what a parser noted of it: a stage that changes a field writes the new
/// text, JSON, into the store and leaves the source bytes alone. It belongs to a batch, which owns
/// what it views; it is valid until the next step of the stream that lent the batch. One cache
/// line, copied freely inside the library.
class record {
 public:
  static constexpr std::uint32_t no_index = UINT32_MAX;

  /// The record as it would be written now. For shape::text and shape::fields this is the bare
  /// line.
  std::string_view text() const noexcept { return {text_, text_size_}; }
  /// The bytes as they were read, without their delimiter.
  std::string_view raw() const noexcept { return {raw_, raw_size_}; }
  weir::shape shape() const noexcept { return shape_; }
  const shard& source() const noexcept { return *shard_; }
  /// Ordinal in its shard, from 1.
  std::uint64_t number() const noexcept { return number_; }
  /// Offset of its first byte in the shard's decompressed stream.
  std::uint64_t offset() const noexcept { return offset_; }
  /// The position just before it.
  position before() const noexcept { return {offset_, number_ - 1}; }
  weir::fate fate() const noexcept { return fate_; }
  bool is_live() const noexcept { return fate_ == live; }
  /// True if it has gone ahead of the run that covers it, because a stage changed the order.
  bool is_loose() const noexcept { return loose_; }

  /// The value at `path`; kind::missing if there is none. The first of duplicate members.
  value get(const field_path& path) const;
  /// The same for a path as spelled, `a.b[0]`. Convenient, not for the hot path.
  value get(std::string_view path) const;
  /// Sets a top-level field: an existing one in place (further duplicates of it go), a new one at
  /// the end. A text record becomes JSON first.
  void set(std::string_view field, const value& v);
  /// Appends the record as one JSON object to `out`, without a line break anywhere in it.
  void write(std::string& out) const;

  // For parsers and stages.
  void set_text(std::string_view text, weir::shape as) noexcept {
    text_ = text.data();
    text_size_ = static_cast<std::uint32_t>(text.size());
    shape_ = as;
    index_ = no_index;
  }
  void set_shape(weir::shape as) noexcept { shape_ = as; }
  void set_fate(weir::fate f) noexcept { fate_ = f; }
  /// `first` is the place of its brace in the index of `store`, or of its first field in the fields
  /// of `store`.
  void set_index(record_store& store, std::uint32_t first) noexcept {
    store_ = &store;
    index_ = first;
  }
  std::uint32_t index() const noexcept { return index_; }
  record_store& store() const noexcept { return *store_; }
  /// The text may hold line breaks that `write` has to replace.
  void set_many_lines(bool many) noexcept { many_lines_ = many; }
  bool many_lines() const noexcept { return many_lines_; }

 private:
  friend class batch;

  value get_of_line(const field_path& path) const;

  const char* text_ = nullptr;
  const char* raw_ = nullptr;
  record_store* store_ = nullptr;
  const shard* shard_ = nullptr;
  std::uint64_t number_ = 0;
  std::uint64_t offset_ = 0;
  std::uint32_t text_size_ = 0;
  std::uint32_t raw_size_ = 0;
  std::uint32_t index_ = no_index;
  weir::fate fate_ = live;
  weir::shape shape_ = shape::text;
  bool many_lines_ : 1 = false;
  bool loose_ : 1 = false;
};
static_assert(sizeof(record) == 64);

}  // namespace weir

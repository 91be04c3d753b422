#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codec/copied_members.hpp"
#include "codec/record_scanner.hpp"
#include "codec/record_sight.hpp"
#include "weir/framing.hpp"

namespace weir {

inline constexpr char record_separator = '\x1e';  ///< of RFC 7464

/// Finds the records of JSON documents (see `framing`). It looks at tokens and their order, so that
/// it sees early where a record is broken; what a scalar or a string holds is for the parser to
/// check. Between documents, and between the elements of an array of records, any blanks, commas
/// and RFC 7464's record separators may stand.
///
/// A broken record ends where the next one seems to begin: see record_sight. A record separator
/// ends anything.
class json_scanner final : public record_scanner {
 public:
  /// `state` is what another scanner told where this one goes on, or empty.
  explicit json_scanner(framing how, std::string_view state = {});

  found next(std::string_view piece) override;
  ending at_end() override;
  void reset() override;
  std::string_view members() override;
  const std::shared_ptr<const std::string>& state() override;

  /// Nothing is open.
  bool is_between() const noexcept { return is_outermost() && !is_open_; }
  /// The open record lies in no other document.
  bool is_outermost() const noexcept { return way_.empty(); }
  /// In an array at the top whose elements are the records.
  bool is_in_plain_array() const noexcept {
    return !is_outermost() && how_.records.segments.empty();
  }

 private:
  enum class expects : std::uint8_t {
    anything,  ///< between documents, and between the records of an array
    key,
    colon,
    member,  ///< a value behind a colon
    element,
    comma,
    string_end,
    escaped,  ///< in a string
    scalar_end,
    next_record,  ///< the open record is broken
  };
  /// What a value is for that lies in no other one that is a record or skipped.
  enum class role : std::uint8_t { record, way, skipped, copied };

  event step();
  event step_between();
  event step_key();
  event step_element();
  event step_behind_value();
  event step_string();
  event step_scalar();
  event step_lost();
  event begin_value();
  event begin_on_way(char first);
  event begin_token(char first);
  event open_bracket(char bracket);
  event close_bracket(char bracket);
  event leave_way();
  event value_ended();
  event string_ended();
  void begin_string(bool key);
  void take_key(const char* to);
  void note_key();

  event begin_record();
  event fault(std::string_view why);
  event break_here(std::string_view why);
  event found_next();

  role role_of(char first) const;
  role role_of_member(char first) const;
  bool leads_on(char first) const;
  bool arrives_with(char first) const;
  bool is_key_of_way() const;
  std::optional<std::size_t> copied_name() const;
  void copy_to(const char* to);
  bool on_way() const noexcept { return open_.size() == way_.size(); }
  void enter(char bracket);
  void begin_again();
  void restore(std::string_view state);

  framing how_;
  expects expects_ = expects::anything;
  /// Open brackets; the first of them are those of the way to the records.
  std::string open_;
  std::vector<std::size_t> way_;  ///< for each of them, which segment of the path is next
  role role_ = role::record;      ///< of the value behind the way
  bool is_open_ = false;          ///< a record is, or a document that might have none
  bool is_document_ = false;
  bool is_key_ = false;
  std::string key_;  ///< as much of it as can matter
  std::optional<std::string> first_key_;

  copied_members copies_;
  std::vector<bool> own_;  ///< which of the copied members the record has itself
  std::string members_;
  std::shared_ptr<const std::string> state_;  ///< null if the way has changed

  // Of the open record:
  std::uint64_t seen_ = 0;
  std::uint64_t string_at_ = 0;
  record_sight sight_;  ///< of the next one, once it is broken

  // Of the piece at hand:
  bool document_ended_ = false;  ///< the outermost one, without a record
  const char* from_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* copy_from_ = nullptr;
};

}  // namespace weir

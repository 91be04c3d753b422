#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/json_scanner.hpp"
#include "codec/record_scanner.hpp"

namespace weir {

/// Finds the records of what looks like JSON documents though nobody has said so: see json_scanner.
/// Whatever else stands between the documents is lines, each a record, and so is all of a document
/// that turns out to be none. From there on only a brace alone on its line, or one behind a record
/// separator, begins a document.
class mixed_scanner final : public record_scanner {
 public:
  /// `state` is what another scanner told where this one goes on, or empty.
  explicit mixed_scanner(framing how, std::string_view state = {});

  found next(std::string_view piece) override;
  ending at_end() override;
  void reset() override;
  std::string_view members() override { return documents_.members(); }
  const std::shared_ptr<const std::string>& state() override;

 private:
  enum class place : std::uint8_t {
    between,   ///< documents and lines
    margin,    ///< in blanks and commas that a line may begin with
    bracket,   ///< in one that begins a line, or an array of records
    brace,     ///< in one that begins a line, or stands alone on it
    document,  ///< the other scanner's
    stray,     ///< in front of what is no JSON
    line,
  };

  found step(std::string_view piece);
  found step_between(std::string_view piece);
  found step_margin(std::string_view piece);
  found step_bracket(std::string_view piece);
  found step_brace(std::string_view piece);
  found step_document(std::string_view piece);
  found step_line(std::string_view piece);
  found past_lines(event what, std::size_t used);
  found doubt(std::size_t used);
  void enter_document(std::string_view begun);
  void enter_line();

  json_scanner documents_;
  place place_ = place::between;
  bool is_outermost_ = false;      ///< a record is open that lies in no other document
  bool among_lines_ = false;       ///< one has been seen
  bool ends_in_return_ = false;    ///< the open line, so far
  std::uint64_t open_bytes_ = 0;   ///< of the open record
  std::uint64_t known_lines_ = 0;  ///< so many bytes more are no document

  // Among lines:
  std::shared_ptr<const std::string> state_;  ///< made of the next two
  std::shared_ptr<const std::string> state_of_documents_;
  std::uint64_t state_known_lines_ = 0;
};

}  // namespace weir

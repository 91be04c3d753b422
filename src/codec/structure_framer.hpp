#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/framer.hpp"
#include "codec/record_scanner.hpp"

namespace weir {

/// Cuts into the records that a scanner finds; what it finds broken, too long or cut off at the end
/// is rejected. The runs of a batch tell the scanner's state, each its own: see run::parser_state.
class structure_framer final : public framer {
 public:
  /// `tag`, a line, stands in front of the scanner's state.
  structure_framer(std::shared_ptr<const shard> of, position from, framing_options options,
                   const stage_id& stage, std::unique_ptr<record_scanner> scanner, std::string tag);

  bool frame_some(batch& out) override;
  bool finish(batch& out) override;

 private:
  using ending = record_scanner::ending;

  void skip_mark();
  void take_part_of_mark();
  bool has_bytes() const noexcept { return !again_.empty() || !rest_.empty(); }
  std::string_view left() const noexcept;
  std::size_t feed(batch& out);
  void use(std::size_t bytes);
  void begin_record();
  void grow_open_text(std::string_view piece);
  void keep_open_text();
  void see_again(std::size_t bytes, std::string_view which);
  void doubt(std::size_t back);
  void add_whole(batch& out);
  void add_broken(batch& out);
  record& add(batch& out, std::uint64_t bytes);
  void add_members(batch& out, record& to);
  ending read_again(batch& out);
  void end_open(batch& out, ending how);
  void close_record(batch& out);
  void reject_fault(batch& out);
  void open_run(batch& out, const std::shared_ptr<const std::string>& state);
  const std::shared_ptr<const std::string>& state();

  std::unique_ptr<record_scanner> scanner_;
  std::string tag_;
  std::uint64_t read_to_;
  bool may_be_mark_;

  bool open_ = false;        ///< a record is
  std::uint64_t start_ = 0;  ///< of it
  std::uint64_t size_ = 0;
  const char* from_ = nullptr;  ///< where it begins in the chunk; null if it does not
  std::string text_;            ///< then: what it has so far, as much as can matter
  std::string again_;           ///< bytes of earlier chunks that come once more
  std::size_t again_at_ = 0;    ///< so many of them have come

  std::shared_ptr<const std::string> scanned_;  ///< the scanner's part of the state
  std::shared_ptr<const std::string> state_;
  std::shared_ptr<const std::string> known_there_;  ///< the state at `at_`
  std::shared_ptr<const std::string> run_state_;    ///< that of the batch's latest run
};

}  // namespace weir

#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/content_hash.hpp"
#include "codec/encode.hpp"
#include "net/object_writer.hpp"
#include "sink/sealed_object.hpp"
#include "weir/sink.hpp"

namespace weir {

/// Where drafts are sent, and how.
struct draft_sending {
  object_writer* to = nullptr;
  object_labels labels = {};
  std::size_t part_bytes = 0;  ///< of all parts but the last
  /// Called with the key before its upload begins. Without it, an object of one part is not sent
  /// before it is sealed.
  sink_notebook note = {};
};

/// An object while it is written: lines go in, parts go out as soon as they are full. It holds at
/// most one part and what was added since the last `send`. The same lines make the same parts,
/// whatever batches they come in.
class object_draft {
 public:
  object_draft(std::string key, std::unique_ptr<encoder> packer);

  /// Where the next line goes, with its line break; then `line_added`.
  std::string& lines() noexcept { return lines_; }
  void line_added();
  /// No line will follow.
  void end();

  std::uint64_t lines_in() const noexcept { return lines_in_; }
  /// As stored. What waits to be compressed is not in it.
  std::uint64_t size_bytes() const noexcept;
  std::size_t parts() const noexcept { return tags_.size(); }

  /// Sends the parts that are full, and if it has ended, the rest. After a failure it may be called
  /// again.
  delivery send(const draft_sending& how);
  /// What is left to be done for it. Precondition: it has ended and all was sent.
  sealed_object seal(std::string run) &&;
  /// Takes back what was sent.
  http_result<void> abandon(object_writer& to) const;

 private:
  void pack();
  delivery begin(const draft_sending& how);

  std::string key_;
  std::unique_ptr<encoder> packer_;
  content_hash hash_;
  std::string lines_;
  std::string unsent_;  ///< as stored
  std::uint64_t lines_in_ = 0;
  std::uint64_t sent_bytes_ = 0;
  bool ended_ = false;
  bool noted_ = false;
  std::optional<object_upload> upload_;
  std::vector<std::string> tags_;
};

}  // namespace weir

#pragma once
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "parse/recognition.hpp"
#include "weir/context.hpp"

namespace weir {

/// What a shard is taken for.
struct shard_format {
  std::string stage;                           ///< see recognition
  std::shared_ptr<const headed_format> table;  ///< null for what is none
  bool has_parts = false;  ///< its lines are those of a container, which may be parts of one
  std::vector<std::string> asked_first = {};  ///< see recognition
};

/// The formats of the shards that are being read, by their first lines, or as another run decided.
/// One thread.
class shard_formats {
 public:
  /// `with` outlives this.
  shard_formats(std::shared_ptr<const known_formats> formats, const context& with)
      : formats_(std::move(formats)), with_(with) {}

  /// That of the shard of `lines`, decided by them if it is new. If `others_keep` what a run has to
  /// know of the shard (a source that cuts documents, a stage that has joined parts), this keeps
  /// nothing of it and joins nothing. Precondition: there is a line, and all are of one shard.
  /// Valid until the next call.
  const shard_format& of(std::span<const record> lines, bool others_keep = false);
  /// Null if none has been decided.
  const shard_format* known(const shard& of) const;

  /// What a run has to know of the shard to go on: what was decided, and what its reading has to
  /// know, `inner`, which may be null.
  std::shared_ptr<const std::string> state_of(const shard& of,
                                              std::shared_ptr<const std::string> inner);
  /// `inner` of such a state, as of one that is none.
  static std::string inner_of(const std::string& state);

 private:
  struct entry {
    shard_format format;
    bool others_keep;
    std::shared_ptr<const std::string> inner = {};
    std::shared_ptr<const std::string> state = {};
  };
  /// Shards that are read at a time, and some more: one that is forgotten is recognised anew.
  static constexpr std::size_t known_max = 4096;

  shard_format kept(const record& first) const;
  shard_format recognised(std::span<const record> lines) const;

  std::shared_ptr<const known_formats> formats_;
  const context& with_;
  std::unordered_map<std::string, entry> all_;  ///< by the shard's identity
};

}  // namespace weir

#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/disk.hpp"
#include "codec/encode.hpp"
#include "sink/output.hpp"
#include "sink/part_token.hpp"

namespace weir {

/// What the file that will be called `name` is called until it is whole.
std::string hidden_name_of(const std::string& name);

/// One file under way, under its hidden name. After `refused` a call may be made again.
class part {
 public:
  /// Many may be open at a time, so their buffers are smaller than a lone file's.
  static constexpr std::size_t full_bytes = 64 * 1024;

  /// Begins the file that will be called `name`, with its directories. What a run that broke off
  /// left under the hidden name is overwritten. `with` outlives it.
  static io_result<part> begin(const context& with, part_place at, const std::string& name,
                               std::unique_ptr<encoder> packer);
  /// Goes on behind the first `at.bytes` of what an earlier run has written; what follows them is
  /// cut off. Throws weir::error if they are not there.
  static part continued(const context& with, part_place at, const std::string& name,
                        std::unique_ptr<encoder> packer);

  output& out() noexcept { return out_; }
  /// What `commit` or `end` has made durable of it.
  const part_place& place() const noexcept { return at_; }
  /// Makes what was written so far durable.
  delivery commit();
  /// Makes it durable as a whole. Nothing may be written to it any more.
  delivery end();

 private:
  part(disk& files, part_place at, std::string hidden, output out)
      : files_(&files), at_(std::move(at)), hidden_(std::move(hidden)), out_(std::move(out)) {}

  disk* files_;
  part_place at_;
  std::string hidden_;
  output out_;
  bool name_is_durable_ = false;
  bool ended_ = false;
};

/// Gives a whole part its name, durably.
delivery show_part(disk& files, const std::string& name);

}  // namespace weir

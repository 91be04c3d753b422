#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/disk.hpp"
#include "codec/encode.hpp"
#include "sink/output.hpp"

namespace weir {

/// One file under way, under a hidden name until it is whole.
class part {
 public:
  /// Many may be open at a time, so their buffers are smaller than a lone file's.
  static constexpr std::size_t full_bytes = 64 * 1024;

  /// Begins the file that will be called `name`, with its directories. What a run that broke off
  /// left under the hidden name is overwritten. `files` outlives it.
  static io_result<part> begin(disk& files, std::string name, std::unique_ptr<encoder> packer);

  output& out() noexcept { return out_; }
  /// Makes what was written so far durable, under the hidden name.
  delivery commit();
  /// Makes it durable under its name. Nothing may be called after it.
  delivery finish();

 private:
  part(disk& files, std::string name, std::string hidden, output out)
      : files_(&files), name_(std::move(name)), hidden_(std::move(hidden)), out_(std::move(out)) {}

  disk* files_;
  std::string name_;
  std::string hidden_;
  output out_;
};

}  // namespace weir

#include "codec/encode.hpp"

#include <isa-l/igzip_lib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <vector>

namespace weir {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t most_input_bytes = 1 << 30;  // the libraries count in 32 bits

/// What all encoders share: whether a member is open, and long inputs in pieces.
class member_encoder : public encoder {
 public:
  void write(std::string_view bytes, std::string& out) final {
    while (!bytes.empty()) {
      open_ = true;
      compress(bytes.substr(0, most_input_bytes), false, out);
      bytes.remove_prefix(std::min(bytes.size(), most_input_bytes));
    }
  }
  void end_member(std::string& out) final {
    if (!open_ && any_) return;
    compress({}, true, out);
    open_ = false;
    any_ = true;
  }

 protected:
  /// Compresses all of `bytes`; with `last` ends the member and makes ready for the next.
  virtual void compress(std::string_view bytes, bool last, std::string& out) = 0;

 private:
  bool open_ = false;
  bool any_ = false;
};

class isal_encoder final : public member_encoder {
 public:
  explicit isal_encoder(int level) : work_(work_bytes(level)) {
    isal_deflate_init(&z_);
    z_.level = static_cast<std::uint32_t>(level);
    z_.level_buf = work_.data();
    z_.level_buf_size = static_cast<std::uint32_t>(work_.size());
    z_.gzip_flag = IGZIP_GZIP;
    z_.flush = NO_FLUSH;
  }

 private:
  static std::size_t work_bytes(int level) {
    if (level == 1) return ISAL_DEF_LVL1_DEFAULT;
    return level == 2 ? ISAL_DEF_LVL2_DEFAULT : ISAL_DEF_LVL3_DEFAULT;
  }

  void compress(std::string_view bytes, bool last, std::string& out) override {
    z_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    z_.avail_in = static_cast<std::uint32_t>(bytes.size());
    z_.end_of_stream = last;
    do {
      z_.next_out = piece_.data();
      z_.avail_out = static_cast<std::uint32_t>(piece_.size());
      isal_deflate(&z_);
      out.append(reinterpret_cast<const char*>(piece_.data()), piece_.size() - z_.avail_out);
    } while (z_.avail_out == 0 || z_.avail_in > 0);
    if (last) begin_again();
  }

  /// Writing the header turned the flag into "no header".
  void begin_again() {
    isal_deflate_reset(&z_);
    z_.gzip_flag = IGZIP_GZIP;
  }

  isal_zstream z_;
  std::vector<std::uint8_t> work_;
  std::array<std::uint8_t, piece_bytes> piece_;
};

class zlib_encoder final : public member_encoder {
 public:
  explicit zlib_encoder(int level) {
    constexpr int gzip_window = 15 + 16;
    constexpr int usual_memory = 8;
    if (deflateInit2(&z_, level, Z_DEFLATED, gzip_window, usual_memory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~zlib_encoder() override { deflateEnd(&z_); }
  zlib_encoder(const zlib_encoder&) = delete;
  zlib_encoder& operator=(const zlib_encoder&) = delete;

 private:
  void compress(std::string_view bytes, bool last, std::string& out) override {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z_.avail_in = static_cast<uInt>(bytes.size());
    do {
      z_.next_out = piece_.data();
      z_.avail_out = static_cast<uInt>(piece_.size());
      deflate(&z_, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(reinterpret_cast<const char*>(piece_.data()), piece_.size() - z_.avail_out);
    } while (z_.avail_out == 0);
    if (last) deflateReset(&z_);
  }

  z_stream z_{};
  std::array<Bytef, piece_bytes> piece_;
};

class zstd_encoder final : public member_encoder {
 public:
  explicit zstd_encoder(int level) : z_(ZSTD_createCCtx()) {
    if (!z_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(z_.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(z_.get(), ZSTD_c_checksumFlag, 1);
  }

 private:
  struct free_context {
    void operator()(ZSTD_CCtx* z) const noexcept { ZSTD_freeCCtx(z); }
  };

  void compress(std::string_view bytes, bool last, std::string& out) override {
    ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer to{piece_.data(), piece_.size(), 0};
      left = ZSTD_compressStream2(z_.get(), &to, &from, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left)) throw std::bad_alloc();
      out.append(piece_.data(), to.pos);
    } while (last ? left > 0 : from.pos < from.size);
  }

  std::unique_ptr<ZSTD_CCtx, free_context> z_;
  std::array<char, piece_bytes> piece_;
};

}  // namespace

int highest_level(codec as) noexcept {
  return as == codec::gzip ? 9 : 19;
}

std::unique_ptr<encoder> make_encoder(codec as, int level) {
  if (as == codec::zstd) return std::make_unique<zstd_encoder>(level);
  if (level <= 3) return std::make_unique<isal_encoder>(level);
  return std::make_unique<zlib_encoder>(level);
}

}  // namespace weir

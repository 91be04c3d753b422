#pragma once
#include <deque>
#include <memory>
#include <optional>

#include "base/boundary.hpp"
#include "base/chunk.hpp"
#include "net/http_clients.hpp"
#include "net/prefetch_room.hpp"
#include "net/remote_object.hpp"

namespace weir {

/// An object behind HTTP, read as one stream. It begins with one request for all of it. If its
/// `access` has a stretch and the bytes come too slowly, the rest is asked for in stretches, each
/// on a thread and a connection of its own, as many as there is room for. All are held to the
/// version of the first answer. One thread at a time.
class ranged_object {
 public:
  struct means {
    std::shared_ptr<http_clients> clients;
    prefetch_room* room;  ///< may be nullptr if the object has no stretch
  };

  /// `client` and the room outlive it. Nothing is sent before `beginning` is used or the first
  /// pull.
  ranged_object(remote_object::access how, http_client& client, means by);

  /// Its first answer, which tells its version. To look into it alone.
  remote_object& beginning() noexcept { return first_; }
  /// Why it cannot be read, or only in part; nullptr while it can.
  const http_failure* failure() const noexcept;

  /// Its stored bytes from `from` on; see `remote_object::bytes`.
  byte_stream bytes(std::uint64_t from, const context& with,
                    std::atomic<std::uint64_t>& bytes_read);

 private:
  struct stretch {
    prefetch_room::place place;
    std::shared_ptr<std::optional<http_failure>> failed;  ///< the thread's, until its end
    std::unique_ptr<boundary<chunk>> bytes;
  };

  byte_stream in_one_answer(std::uint64_t from, const context& with,
                            std::atomic<std::uint64_t>& bytes_read);
  byte_stream in_stretches(const context& with, std::atomic<std::uint64_t>& bytes_read);
  void ask_ahead(const context& with, std::atomic<std::uint64_t>& bytes_read);
  void ask(std::uint64_t from, prefetch_room::place place, const context& with,
           std::atomic<std::uint64_t>& bytes_read);
  std::optional<std::uint64_t> next_stretch() const;

  remote_object::access how_;
  means by_;
  remote_object first_;
  /// The first byte that nobody has asked for yet; nothing while the answer at hand gives all.
  std::optional<std::uint64_t> next_;
  std::deque<stretch> ahead_;
  std::optional<http_failure> failure_;
};

}  // namespace weir

#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "source/connection.hpp"
#include "source/line_source.hpp"
#include "source/outlook.hpp"
#include "source/read_remote.hpp"
#include "source/skips_whole.hpp"
#include "source/waits_for_servers.hpp"

namespace weir {

/// What the sources that read objects over HTTP have in common.
struct remote_options : reading_options, connection_options {
  std::uint64_t merge = 8;
  std::string order = "listing";
  byte_size prefetch{32 << 20};
};

void check(const remote_options& o, reporter& report);

/// Which objects a source reads.
class remote_inventory {
 public:
  virtual ~remote_inventory() = default;
  /// What a first glance tells: at most a few requests. Throws weir::error if a named object is
  /// missing or the server cannot be reached.
  virtual estimate look(http_client& client) = 0;
  /// All of them, lazily, in order. Throws weir::error if the listing breaks off. `client` outlives
  /// it, and this outlives the shards, too.
  virtual generator<remote_shard> shards(http_client& client) = 0;
  /// The same with sizes and times, if there is a listing of them, and an error if it is empty.
  virtual std::optional<generator<const listed_input>> list(http_client& client) {
    static_cast<void>(client);
    return std::nullopt;
  }
  /// How many requests its listings took so far.
  virtual std::uint64_t pages_asked() const noexcept { return 0; }
};

/// Makes the inventory for one run.
using inventory_maker = std::function<std::unique_ptr<remote_inventory>(const context& with)>;

/// Reads the objects of an inventory one after the other, or `merge` at a time.
class remote_source final : public line_source,
                            public with_outlook,
                            public waits_for_servers,
                            public skips_whole {
 public:
  remote_source(remote_options options, inventory_maker objects);

  void wait_for(std::chrono::nanoseconds time) override;
  void wait_no_more() override { over_ = true; }
  void skip(was_read_whole was_read) override { reading_.was_read = std::move(was_read); }
  estimate look(const context& with) override;
  std::optional<outlook> survey(const context& with) override;
  std::optional<generator<const listed_input>> list(const context& with) override;
  stream open(const context& with, resume_points resume) override;
  std::optional<concurrent_shards> open_shards(const context& with, resume_points resume) override;

 private:
  std::unique_ptr<remote_inventory> inventory(const context& with);
  shard_openers listing(const context& with, resume_points resume);
  bool is_finished(const remote_shard& listed) const;

  remote_options options_;
  http_options http_;
  std::atomic<bool> over_ = false;
  request_limit limit_;
  prefetch_room room_;
  inventory_maker objects_;
  std::unique_ptr<remote_inventory> looked_at_;
};

/// Declares `remote_options` for a source whose options inherit them.
template <class Options>
void add_remote_options(declare<Options>& to) {
  add_reading_options(to);
  to.option("merge", member_of<Options>(&remote_options::merge),
            "how many objects to read at a time, on as many threads");
  to.option("order", member_of<Options>(&remote_options::order),
            "objects one after the other, or records as they come",
            {.choices = {"listing", "any"}});
  add_connection_options(to);
}

/// For the sources whose listing tells how large an object is.
template <class Options>
void add_prefetch_option(declare<Options>& to) {
  to.option("prefetch", member_of<Options>(&remote_options::prefetch),
            "how many bytes of large objects that come slowly to ask for ahead, in ranges of 8 MiB "
            "that come at the same time; 0 reads each object in one request");
}

}  // namespace weir

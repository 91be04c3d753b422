#pragma once
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/bucket_address.hpp"
#include "net/object_store.hpp"
#include "source/key_pattern.hpp"
#include "source/remote_source.hpp"

namespace weir {

/// An object of a store, which lives as long as the shard.
remote_shard shard_of(const std::shared_ptr<object_store>& store, const std::string& key);

/// The objects of a store whose keys match a pattern, in the order of their keys. The markers that
/// some tools put in the place of directories (empty, with a final slash) are no objects.
class object_inventory final : public remote_inventory {
 public:
  /// A pattern that is itself the key of an object means that object.
  object_inventory(std::unique_ptr<object_store> store, std::string pattern);

  estimate look(http_client& client) override;
  generator<remote_shard> shards(http_client& client) override;
  std::optional<generator<const listed_input>> list(http_client& client) override;
  std::uint64_t pages_asked() const noexcept override { return pages_asked_; }

  /// The objects themselves. Throws weir::error if the listing breaks off. The first listing after
  /// a look goes on where that ended.
  generator<const stored_object> objects(http_client& client);

 private:
  /// How far a listing has come.
  struct listing {
    std::vector<stored_object> objects;  ///< of the latest page
    std::vector<std::string> prefixes;   ///< still to be listed, the first one from `page` on
    std::string page;
    bool literal = false;  ///< one object is wanted, whose key is the pattern
  };

  listing begin(http_client& client);
  void turn_page(listing& of, http_client& client);
  std::future<listing> page_behind(const listing& now, http_client& client);
  bool exists_as_key(http_client& client);
  generator<const listed_input> listed(http_client& client);
  error nothing_found() const;

  std::shared_ptr<object_store> store_;
  key_pattern wanted_;
  std::optional<listing> begun_;  ///< by a look
  std::atomic<std::uint64_t> pages_asked_ = 0;
};

}  // namespace weir

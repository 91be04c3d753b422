#pragma once
#include <memory>
#include <string>

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

  /// The objects themselves. Throws weir::error if the listing breaks off.
  generator<const stored_object> objects(http_client& client);

 private:
  bool exists_as_key(http_client& client);
  generator<const listed_input> listed(http_client& client);
  error nothing_found() const;

  std::shared_ptr<object_store> store_;
  key_pattern wanted_;
};

}  // namespace weir

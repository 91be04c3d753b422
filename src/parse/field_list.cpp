#include "parse/field_list.hpp"

namespace weir {

std::shared_ptr<const field_table> field_list::take() {
  const std::size_t bytes = table_->all.size() * sizeof(parsed_field);
  pool_->ceiling().take(bytes);
  return {table_.release(), [idle = idle_, pool = pool_, bytes](const field_table* back) {
            pool->ceiling().give_back(bytes);
            idle->put(std::unique_ptr<field_table>(const_cast<field_table*>(back)));
          }};
}

}  // namespace weir

#include "core/twin/table.hpp"

#include <fmt/format.h>

namespace dvinis {

std::vector<double>& Table::column(const std::string& column_name) {
  for (std::size_t k = 0; k < info.columns.size(); ++k) {
    if (info.columns[k].name == column_name) return columns[k];
  }
  throw InternalError(fmt::format("bug: table '{}' has no column '{}'", info.name, column_name));
}

const std::vector<double>& Table::column(const std::string& column_name) const {
  return const_cast<Table*>(this)->column(column_name);
}

}  // namespace dvinis

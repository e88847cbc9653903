#pragma once
/// A typed table of columns: assets, gauges, ledgers, events.

#include <cstdint>
#include <string>
#include <vector>

#include "core/twin/field_info.hpp"

namespace dvinis {

/// Columns of doubles beside int64 ids that are never reused; a value type.
struct Table {
  TableInfo info;
  std::vector<std::int64_t> id;
  std::vector<std::string> name;             ///< row label for people, may be empty
  std::vector<std::vector<double>> columns;  ///< [column][row]

  std::size_t rows() const { return id.size(); }
  std::vector<double>& column(const std::string& column_name);
  const std::vector<double>& column(const std::string& column_name) const;
};

}  // namespace dvinis

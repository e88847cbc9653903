#pragma once
/// The coordinate reference system as CF wants it: a scalar variable with parameters and WKT.

#include <string>
#include <utility>
#include <vector>

namespace dvinis {

/// CF name and parameters of a projection; an empty name where CF has no word for it (the WKT then speaks).
struct GridMapping {
  std::string name;                                        ///< "transverse_mercator"
  std::vector<std::pair<std::string, double>> parameters;  ///< in the order of the CF appendix
  std::vector<double> standard_parallels;
};

/// @param wkt  WKT of a projected CRS. @throws DataError if it cannot be read
GridMapping grid_mapping_of(const std::string& wkt);

}  // namespace dvinis

#pragma once
/// Units found in files and in the scenario where the quantity is the user's choice.

#include <string>

#include "core/base/quantity.hpp"

namespace dvinis {

/// The SI unit of the same dimension in udunits spelling: "m3 s-1" for "L/s", "m" for "cm".
/// @throws DataError for an unknown unit.
std::string si_unit(const std::string& unit);

/// A number in SI with its unit.
struct SiQuantity {
  double value = 0.0;
  std::string unit;
};

/// "19.7 m3/s" as it stands, in SI; a bare number has the unit "1". @throws DataError.
SiQuantity quantity_in_si(const std::string& text);

/// Conversion of a raster band's own unit ("metre", "US survey foot"). @throws DataError naming the file.
UnitConversion band_unit_conversion(const std::string& named, const std::string& wanted,
                                    const std::string& file);

}  // namespace dvinis

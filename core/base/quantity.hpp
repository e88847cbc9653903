#pragma once
/// Text with a unit to a number in SI, once, at the edge. Conversions are udunits2's; a failed one is an
/// error, never a warning.

#include <string>

namespace dvinis {

/// Number of `text` ("19.7 m3/s", "35 mm/h", "2 h", "0.04 s/m^(1/3)") in `unit`.
///
/// A bare number is accepted only where `unit` is "1". Fractional powers are unknown to udunits2: units that
/// contain one must be spelled as in `unit`, blanks aside.
/// @throws DataError naming the text, the expected unit and an example.
double parse_quantity(const std::string& text, const std::string& unit);

/// Factor and offset: value in `to` = factor * value in `from` + offset.
struct UnitConversion {
  double factor = 1.0;
  double offset = 0.0;
};

/// @throws DataError if one unit is unknown or the dimensions differ.
UnitConversion unit_conversion(const std::string& from, const std::string& to);

}  // namespace dvinis

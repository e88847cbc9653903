#pragma once
/// Text with a unit to a number in SI, once, at the edge. Conversions are udunits2's; a failed one is an
/// error, never a warning.

#include <string>

namespace dvinis {

/// Number of `text` ("19.7 m3/s", "35 mm/h", "2 h", "0.04 s/m^(1/3)") in `unit`.
///
/// A bare number is accepted only where `unit` is "1". Fractional powers, unknown to udunits2, are understood
/// in every spelling of unit_expression.hpp: "s/m^(1/3)", "s m-1/3", "s.m^(-1/3)".
/// The result is finite. Safe from several threads.
/// @throws DataError naming the text, the expected unit and an example.
double parse_quantity(const std::string& text, const std::string& unit);

/// The number of `text`, all of it, in the notation of programs ("1.5", "-2e3", "08"); the same in every
/// locale.
/// @throws DataError naming the text if it is none or not finite.
double parse_number(const std::string& text);

/// Factor and offset: value in `to` = factor * value in `from` + offset.
struct UnitConversion {
  double factor = 1.0;
  double offset = 0.0;

  /// `value` converted; divides where that is exact (7 cm is the double 0.07, not 7 * 0.01).
  double operator()(double value) const;
};

/// @throws DataError if one unit is unknown, the dimensions differ or the relation is not linear.
UnitConversion unit_conversion(const std::string& from, const std::string& to);

}  // namespace dvinis

#pragma once
/// The spelling of a unit taken apart: "s/m^(1/3)" is s^1 times m^(-1/3).
///
/// udunits2 knows neither fractional powers nor the difference between a factor and an exponent set apart by
/// mistake ("m 3" is three metres to it); so texts go through this stricter grammar first:
///
///   product  = factor { [ "." | "*" | "/" | "per" | blank ] factor }      "/" takes the next factor only
///   factor   = ( symbol | "(" product ")" ) [ exponent ] | "1"
///   exponent = [ "^" | "**" ] ( integer [ "/" integer ] | "(" integer [ "/" integer ] ")" )

#include <string>
#include <vector>

namespace dvinis {

/// symbol^(numerator / denominator), denominator > 0.
struct UnitFactor {
  std::string symbol;
  int numerator = 1;
  int denominator = 1;
};

/// Factors in the order written; superscripts and the middle dot are understood.
/// @throws DataError naming the character that does not fit.
std::vector<UnitFactor> parse_unit_expression(const std::string& text);

}  // namespace dvinis

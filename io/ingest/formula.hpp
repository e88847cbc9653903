#pragma once
/// Formulas of x, y and z in a scenario.

#include <string>
#include <vector>

#include "core/grid/grid.hpp"

namespace dvinis {

/// Values of a formula at the cells' centres, row by row from the south-west.
///
/// Known are x and y [m], z (`ground` of the cell [m]), pi, the operators of C with ^ for powers, and the
/// usual functions (sqrt, exp, sin, min, ...). Cells without ground get NaN.
/// @throws DataError naming the place in the formula, or the first cell where the result is not finite.
std::vector<double> formula_values(const std::string& formula, const Grid& grid,
                                   const std::vector<double>& ground);

/// A formula of v for each of `values`, such as "v < -31 ? 0 : 10^(v/10)"; NaN stays NaN.
/// @throws DataError as above.
std::vector<double> converted_values(const std::string& formula, const std::vector<double>& values);

}  // namespace dvinis

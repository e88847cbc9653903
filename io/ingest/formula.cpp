#include "io/ingest/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

/// muParser lets a formula assign to its variables and return several numbers; ours may do neither.
void require_expression(const std::string& formula) {
  for (std::size_t k = 0; k < formula.size(); ++k) {
    if (formula[k] != '=') continue;
    const bool follows = k > 0 && std::string_view("=<>!").find(formula[k - 1]) != std::string_view::npos;
    const bool precedes = k + 1 < formula.size() && formula[k + 1] == '=';
    if (follows || precedes) continue;
    throw DataError(
        fmt::format("the formula '{}' assigns at character {}; to compare, write ==", formula, k + 1));
  }
}

}  // namespace

std::vector<double> formula_values(const std::string& formula, const Grid& grid,
                                   const std::vector<double>& ground) {
  std::vector<double> values(ground.size(), std::numeric_limits<double>::quiet_NaN());
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  require_expression(formula);
  mu::Parser parser;
  try {
    parser.DefineVar("x", &x);
    parser.DefineVar("y", &y);
    parser.DefineVar("z", &z);
    parser.DefineConst("pi", std::numbers::pi);
    parser.SetExpr(formula);
    for (std::size_t k = 0; k < ground.size(); ++k) {
      if (std::isnan(ground[k])) continue;
      const Index cell = static_cast<Index>(k);
      x = grid.x_centre(cell % grid.nx);
      y = grid.y_centre(cell / grid.nx);
      z = ground[k];
      values[k] = parser.Eval();
      if (parser.GetNumResults() != 1) {
        throw DataError(fmt::format("the formula '{}' gives {} numbers; it must give one", formula,
                                    parser.GetNumResults()));
      }
      if (std::isfinite(values[k])) continue;
      throw DataError(
          fmt::format("the formula '{}' gives {} at x {}, y {}, z {}; it must be finite on every cell with "
                      "ground",
                      formula, values[k], x, y, z));
    }
  } catch (const mu::Parser::exception_type& error) {
    throw DataError(
        fmt::format("the formula '{}' is not understood at character {} ({}); known are x, y, z (ground), "
                    "pi and functions such as sqrt, exp, min",
                    formula, error.GetPos() + 1, error.GetMsg()));
  }
  return values;
}

}  // namespace dvinis

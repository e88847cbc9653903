#include "io/ingest/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>
#include <utility>

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

/// A formula with its variables.
class Formula {
 public:
  Formula(std::string text, std::string known) : text_(std::move(text)), known_(std::move(known)) {
    require_expression(text_);
    parser_.DefineConst("pi", std::numbers::pi);
  }

  void define(const char* name, double& variable) { parser_.DefineVar(name, &variable); }

  /// Calls `each`, which sets the variables and takes numbers from `value`; turns its errors into ours.
  template <class Each>
  void evaluate(const Each& each) {
    try {
      parser_.SetExpr(text_);
      each();
    } catch (const mu::Parser::exception_type& error) {
      throw DataError(
          fmt::format("the formula '{}' is not understood at character {} ({}); known are {}, pi and "
                      "functions such as sqrt, exp, min",
                      text_, error.GetPos() + 1, error.GetMsg(), known_));
    }
  }

  double value() {
    const double value = parser_.Eval();
    if (parser_.GetNumResults() == 1) return value;
    throw DataError(
        fmt::format("the formula '{}' gives {} numbers; it must give one", text_, parser_.GetNumResults()));
  }

 private:
  std::string text_;
  std::string known_;
  mu::Parser parser_;
};

}  // namespace

std::vector<double> formula_values(const std::string& formula, const Grid& grid,
                                   const std::vector<double>& ground) {
  std::vector<double> values(ground.size(), std::numeric_limits<double>::quiet_NaN());
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  Formula parsed(formula, "x, y, z (ground)");
  parsed.define("x", x);
  parsed.define("y", y);
  parsed.define("z", z);
  parsed.evaluate([&] {
    for (std::size_t k = 0; k < ground.size(); ++k) {
      if (std::isnan(ground[k])) continue;
      const Index cell = static_cast<Index>(k);
      x = grid.x_centre(cell % grid.nx);
      y = grid.y_centre(cell / grid.nx);
      z = ground[k];
      values[k] = parsed.value();
      if (std::isfinite(values[k])) continue;
      throw DataError(
          fmt::format("the formula '{}' gives {} at x {}, y {}, z {}; it must be finite on every cell with "
                      "ground",
                      formula, values[k], x, y, z));
    }
  });
  return values;
}

std::vector<double> converted_values(const std::string& formula, const std::vector<double>& values) {
  std::vector<double> converted(values.size(), std::numeric_limits<double>::quiet_NaN());
  double v = 0.0;
  Formula parsed(formula, "v (the value read)");
  parsed.define("v", v);
  parsed.evaluate([&] {
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (std::isnan(values[k])) continue;
      v = values[k];
      converted[k] = parsed.value();
      if (std::isfinite(converted[k])) continue;
      throw DataError(fmt::format("the formula '{}' gives {} for the value {}; it must be finite", formula,
                                  converted[k], v));
    }
  });
  return converted;
}

}  // namespace dvinis

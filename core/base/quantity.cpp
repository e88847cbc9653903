#include "core/base/quantity.hpp"

#include <fmt/format.h>
#include <udunits2.h>

#include <charconv>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/unit_expression.hpp"

namespace dvinis {

namespace {

struct FreeSystem {
  void operator()(ut_system* system) const { ut_free_system(system); }
};
struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
struct FreeConverter {
  void operator()(cv_converter* converter) const { cv_free(converter); }
};
using UnitHandle = std::unique_ptr<ut_unit, FreeUnit>;
using ConverterHandle = std::unique_ptr<cv_converter, FreeConverter>;

/// udunits2 is not thread safe: hold this while calling it.
std::mutex udunits_mutex;

/// The unit database, read once. Messages of the library are dropped: ours say more.
ut_system* unit_system() {
  static const std::unique_ptr<ut_system, FreeSystem> system = [] {
    ut_set_error_message_handler(ut_ignore);
    return std::unique_ptr<ut_system, FreeSystem>(ut_read_xml(nullptr));
  }();
  if (!system) {
    throw IoError(
        "the unit database of udunits2 cannot be read; install libudunits2-data or unset UDUNITS2_XML_PATH");
  }
  return system.get();
}

UnitHandle parse_symbol(const std::string& symbol) {
  UnitHandle unit(ut_parse(unit_system(), symbol.c_str(), UT_UTF8));
  if (!unit) throw DataError(fmt::format("unit '{}' is unknown", symbol));
  return unit;
}

/// Product of all factors, raised to `power` so that every exponent is whole.
UnitHandle raised_unit(const std::vector<UnitFactor>& factors, int power) {
  UnitHandle product(ut_get_dimensionless_unit_one(unit_system()));
  const bool alone = factors.size() == 1 && factors[0].numerator == factors[0].denominator && power == 1;
  if (alone) return parse_symbol(factors[0].symbol);  // keeps the offset of degC
  for (const UnitFactor& factor : factors) {
    const UnitHandle symbol = parse_symbol(factor.symbol);
    const UnitHandle term(ut_raise(symbol.get(), factor.numerator * power / factor.denominator));
    product = UnitHandle(term ? ut_multiply(product.get(), term.get()) : nullptr);
    if (!product) throw DataError(fmt::format("unit '{}' cannot be part of a product", factor.symbol));
  }
  return product;
}

int common_denominator(const std::vector<UnitFactor>& factors, int start) {
  int common = start;
  for (const UnitFactor& factor : factors) common = std::lcm(common, factor.denominator);
  if (common > 24) throw DataError("fractional powers of a unit need a common denominator of at most 24");
  return common;
}

/// udunits2 multiplies prefixes one by one (a milli is 0.001 off by one bit): the whole number, or one over a
/// whole number, that is meant.
double exact_factor(double factor) {
  constexpr double tolerance = 2e-15;
  const double whole = std::round(factor);
  if (std::abs(factor) >= 1.0)
    return std::abs(factor - whole) <= tolerance * std::abs(whole) ? whole : factor;
  const double inverse = std::round(1.0 / factor);
  return std::abs(1.0 / factor - inverse) <= tolerance * std::abs(inverse) ? 1.0 / inverse : factor;
}

UnitConversion linear_relation(const cv_converter* converter, const std::string& from,
                               const std::string& to) {
  UnitConversion relation;
  relation.offset = cv_convert_double(converter, 0.0);
  constexpr double far = 1048576.0;  // a long lever keeps the rounding of the offset out of the factor
  relation.factor = relation.offset == 0.0 ? cv_convert_double(converter, 1.0)
                                           : (cv_convert_double(converter, far) - relation.offset) / far;
  if (relation.factor == 0.0)
    throw DataError(fmt::format("unit '{}' is not a linear scale of '{}'", from, to));
  const double expected = relation.factor * 3.0 + relation.offset;
  const double found = cv_convert_double(converter, 3.0);
  if (!std::isfinite(relation.factor) || !(std::abs(found - expected) <= 1e-9 * std::abs(expected))) {
    throw DataError(fmt::format("unit '{}' is not a linear scale of '{}'", from, to));
  }
  return relation;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes a number off the front of `text`; false if there is none or it is not finite.
bool take_number(std::string_view& text, double& number) {
  std::string_view digits = text;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  const std::size_t start = digits.find_first_not_of('-');
  if (start == std::string_view::npos ||
      !(digits[start] == '.' || (digits[start] >= '0' && digits[start] <= '9'))) {
    return false;  // "nan", "inf"
  }
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc{} || !std::isfinite(number)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

double UnitConversion::operator()(double value) const {
  const double inverse = std::round(1.0 / factor);
  const bool divides = std::abs(factor) < 1.0 && std::abs(inverse) < 1e15 && 1.0 / inverse == factor;
  return (divides ? value / inverse : value * factor) + offset;
}

UnitConversion unit_conversion(const std::string& from, const std::string& to) {
  if (from == to) return {};
  const std::vector<UnitFactor> from_factors = parse_unit_expression(from);
  const std::vector<UnitFactor> to_factors = parse_unit_expression(to);
  const int power = common_denominator(to_factors, common_denominator(from_factors, 1));

  const std::lock_guard lock(udunits_mutex);
  const UnitHandle from_unit = raised_unit(from_factors, power);
  const UnitHandle to_unit = raised_unit(to_factors, power);
  if (ut_are_convertible(from_unit.get(), to_unit.get()) == 0) {
    throw DataError(fmt::format("unit '{}' does not convert to '{}'", from, to));
  }
  const ConverterHandle converter(ut_get_converter(from_unit.get(), to_unit.get()));
  if (!converter) throw DataError(fmt::format("unit '{}' does not convert to '{}'", from, to));
  UnitConversion relation = linear_relation(converter.get(), from, to);
  if (power == 3) relation.factor = std::cbrt(relation.factor);
  if (power != 1 && power != 3) relation.factor = std::pow(relation.factor, 1.0 / power);
  relation.factor = exact_factor(relation.factor);
  return relation;
}

double parse_number(const std::string& text) {
  std::string_view rest = trimmed(text);
  double number = 0.0;
  if (!take_number(rest, number) || !rest.empty()) {
    throw DataError(
        fmt::format("'{}' is not a number{}", text,
                    text.find(',') == std::string::npos ? "" : "; write a decimal point, not a comma"));
  }
  return number;
}

double parse_quantity(const std::string& text, const std::string& unit) {
  const bool pure = unit == "1";
  std::string_view rest = trimmed(text);
  double number = 0.0;
  if (!take_number(rest, number)) {
    throw DataError(pure ? fmt::format("'{}' is not a number, for example 0.5", text)
                         : fmt::format("'{}' is not a number with a unit, for example '1.5 {}'", text, unit));
  }
  const std::string example = pure ? fmt::format("{}", number) : fmt::format("{} {}", number, unit);
  const std::string spelled(trimmed(rest));
  if (spelled.empty()) {
    if (pure) return number;
    throw DataError(fmt::format("'{}' has no unit; write it with one that converts to {}, for example '{}'",
                                text, unit, example));
  }
  if (spelled[0] == ',') throw DataError(fmt::format("'{}': write a decimal point, not a comma", text));
  try {
    const double value = unit_conversion(spelled, unit)(number);
    if (!std::isfinite(value)) throw DataError("the value is too large");
    return value;
  } catch (const DataError& error) {
    throw DataError(pure ? fmt::format("'{}': {}; expected a number without unit, for example {}", text,
                                       error.what(), example)
                         : fmt::format("'{}': {}; expected a unit that converts to {}, for example '{}'",
                                       text, error.what(), unit, example));
  }
}

}  // namespace dvinis

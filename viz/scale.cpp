#include "viz/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/base/error.hpp"

namespace dvinis::viz {
namespace {

constexpr double robust_share = 0.98;

/// Ticks at the multiples of `step` inside [low, high], and the digits they need.
void set_ticks(Scale& scale, double step) {
  const double slack = 1e-9 * (scale.high - scale.low);
  const double first = std::ceil((scale.low - slack) / step);
  const double last = std::floor((scale.high + slack) / step);
  for (double k = first; k <= last; k += 1.0) scale.ticks.push_back(k * step == 0.0 ? 0.0 : k * step);
  for (scale.decimals = 0; scale.decimals < 9; ++scale.decimals) {
    const double shifted = step * std::pow(10.0, scale.decimals);
    if (std::abs(shifted - std::round(shifted)) < 1e-6 * shifted) break;
  }
}

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> result;
  result.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(result),
               [](double v) { return std::isfinite(v); });
  return result;
}

std::string respelled(const std::string& unit) {
  static const std::map<std::string, std::string> known{
      {"1", ""},          {"m s-1", "m/s"}, {"m2 s-1", "m²/s"},   {"m3 s-1", "m³/s"},
      {"m2", "m²"},       {"m3", "m³"},     {"kg m-3", "kg/m³"},  {"kg m-2", "kg/m²"},
      {"degC", "°C"},     {"degree", "°"},  {"s m-1/3", "s/m^⅓"}, {"mm h-1", "mm/h"},
      {"kg s-1", "kg/s"}, {"m s-2", "m/s²"}};
  const auto found = known.find(unit);
  return found == known.end() ? unit : found->second;
}

}  // namespace

DisplayUnit display_unit(const std::string& unit, double largest) {
  if (unit == "m") {
    if (largest > 0.0 && largest < 0.02) return {1000.0, "mm"};
    if (largest > 0.0 && largest < 0.5) return {100.0, "cm"};
    if (largest > 20'000.0) return {1e-3, "km"};
    return {1.0, "m"};
  }
  if (unit == "s") {
    if (largest > 86'400.0 * 3) return {1.0 / 86'400.0, "days"};
    if (largest > 3.0 * 3600.0) return {1.0 / 3600.0, "h"};
    if (largest > 180.0) return {1.0 / 60.0, "min"};
    return {1.0, "s"};
  }
  return {1.0, respelled(unit)};
}

std::string with_unit(const std::string& name, const DisplayUnit& unit) {
  return unit.text.empty() ? name : fmt::format("{} [{}]", name, unit.text);
}

std::string Scale::label(double tick) const { return number_text(tick, decimals); }

double nice_step(double extent, int parts) {
  expects(extent > 0.0 && parts > 0, "a positive extent cut into parts");
  const double raw = extent / parts;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= raw * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

double nice_above(double value) {
  if (!(value > 0.0)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0}) {
    if (factor * power >= value * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

Scale axis(double low, double high, int parts) {
  if (!(high > low)) {
    const double room = low == 0.0 ? 1.0 : 0.1 * std::abs(low);
    low -= room;
    high += room;
  }
  const double step = nice_step(high - low, parts);
  Scale scale;
  scale.low = std::floor(low / step + 1e-9) * step;
  scale.high = std::ceil(high / step - 1e-9) * step;
  set_ticks(scale, step);
  return scale;
}

Scale exact_axis(double low, double high, int parts) {
  expects(high > low, "an axis from a smaller to a larger number");
  Scale scale;
  scale.low = low;
  scale.high = high;
  set_ticks(scale, nice_step(high - low, parts));
  return scale;
}

Scale time_axis(double low, double high) {
  constexpr int most_ticks = 10;
  for (const double step : {1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0}) {
    if (high - low < 3.0 || (high - low) / step > most_ticks) continue;
    Scale scale;
    scale.low = low;
    scale.high = high;
    set_ticks(scale, step);
    return scale;
  }
  return exact_axis(low, high, most_ticks);
}

Scale robust_from_zero(const std::vector<double>& values) {
  const std::vector<double> numbers = finite(values);
  const double largest = numbers.empty() ? 0.0 : *std::max_element(numbers.begin(), numbers.end());
  const double all = nice_above(largest);
  const double most = nice_above(percentile(numbers, robust_share));
  // Cutting off a fifth or less would buy nothing: then the bar simply holds everything.
  Scale scale = exact_axis(0.0, most < 0.75 * all ? most : all, 6);
  scale.more_above = largest > scale.high * (1.0 + 1e-9);
  return scale;
}

Scale robust_between(const std::vector<double>& values) {
  const std::vector<double> numbers = finite(values);
  if (numbers.empty()) return axis(0.0, 1.0, 6);
  Scale scale = axis(percentile(numbers, 1.0 - robust_share), percentile(numbers, robust_share), 6);
  const auto [smallest, largest] = std::minmax_element(numbers.begin(), numbers.end());
  scale.more_below = *smallest < scale.low;
  scale.more_above = *largest > scale.high;
  return scale;
}

Scale robust_signed(const std::vector<double>& values) {
  std::vector<double> sizes = finite(values);
  for (double& size : sizes) size = std::abs(size);
  const double limit = nice_above(percentile(sizes, robust_share));
  Scale scale = exact_axis(-limit, limit, 8);
  const double largest = sizes.empty() ? 0.0 : *std::max_element(sizes.begin(), sizes.end());
  scale.more_below = scale.more_above = largest > limit * (1.0 + 1e-9);
  return scale;
}

double percentile(std::vector<double> values, double share) {
  values = finite(values);
  if (values.empty()) return 0.0;
  const auto rank = static_cast<std::ptrdiff_t>(std::floor(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

std::string number_text(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, std::max(decimals, 0));
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  return text.front() == '-' ? "\u2212" + text.substr(1) : text;
}

std::string span_text(double seconds) {
  if (seconds < 60.0) {
    std::string text = fmt::format("{:.2f}", seconds);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + " s";
  }
  const auto whole = static_cast<long>(std::llround(seconds));
  if (whole < 3600) {
    return whole % 60 == 0 ? fmt::format("{} min", whole / 60)
                           : fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  }
  const long minutes = (whole + 30) / 60;
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                           : fmt::format("{} h {:02d} min", minutes / 60, minutes % 60);
}

}  // namespace dvinis::viz

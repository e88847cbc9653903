#include "viz/style.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dvinis::viz {
namespace {

bool mentions(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

double largest_size(const std::vector<double>& values) {
  double largest = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

Scale scale_for(Spread spread, const std::vector<double>& values) {
  switch (spread) {
    case Spread::between:
      return robust_between(values);
    case Spread::either_sign:
      return robust_signed(values);
    case Spread::from_zero:
    case Spread::classes:
      return robust_from_zero(values);
  }
  return robust_from_zero(values);
}

}  // namespace

FieldStyle style_of(const FieldInfo& info) {
  if (!info.classes.empty()) return {{Palette::hazard}, Spread::classes};
  // On grey relief the more must be the darker; the palest tenth would drown in it.
  if (mentions(info.name, "depth")) return {{Palette::water}, Spread::from_zero};
  if (mentions(info.name, "hazard")) return {{Palette::hazard}, Spread::from_zero};
  if (mentions(info.name, "arrival")) return {{Palette::plasma, false, 0.0, 0.95}, Spread::from_zero};
  if (info.unit == "s") return {{Palette::cividis, true, 0.0, 1.0}, Spread::from_zero};
  if (mentions(info.name, "level") || mentions(info.name, "elevation"))
    return {{Palette::viridis}, Spread::between};
  if (mentions(info.name, "_x") || mentions(info.name, "_y"))
    return {{Palette::balance}, Spread::either_sign};
  if (mentions(info.name, "speed")) return {{Palette::viridis, true, 0.0, 0.97}, Spread::from_zero};
  if (info.minimum >= 0.0 || mentions(info.name, "maximum"))
    return {{Palette::magma, true, 0.05, 0.95}, Spread::from_zero};
  return {{Palette::cividis}, Spread::between};
}

Colour Coloured::colour(double value) const {
  if (!has_classes()) return map(scale.share(value));
  const double category = std::round(value);
  if (!(category >= 1.0) || category > static_cast<double>(class_colours.size())) return Colour{0, 0, 0, 0};
  return class_colours[static_cast<std::size_t>(category) - 1];
}

Coloured coloured(const FieldInfo& info, std::vector<double> values,
                  const std::vector<double>& range_values) {
  const FieldStyle style = style_of(info);
  const std::vector<double>& basis = range_values.empty() ? values : range_values;
  Coloured result;
  result.info = info;
  result.map = style.map;
  if (style.spread == Spread::classes) {
    result.class_colours = viz::class_colours(info.classes.size());
    for (double& value : values) {
      if (!(value >= 0.5)) value = std::numeric_limits<double>::quiet_NaN();  // category 0 is "none"
    }
    result.values = std::move(values);
    return result;
  }
  // A level's unit follows from its spread, not from its height above the datum.
  result.unit = style.spread == Spread::between ? display_unit(info.unit, 1.0)
                                                : display_unit(info.unit, largest_size(basis));
  result.scale = scale_for(style.spread, scaled(basis, result.unit.factor));
  result.values = scaled(std::move(values), result.unit.factor);
  return result;
}

}  // namespace dvinis::viz

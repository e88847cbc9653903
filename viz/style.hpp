#pragma once
/// How a field is coloured, decided from its declaration alone.

#include <vector>

#include "core/twin/field_info.hpp"
#include "viz/colour_map.hpp"
#include "viz/scale.hpp"
#include "viz/words.hpp"

namespace dvinis::viz {

enum class Spread {
  from_zero,  ///< depths, speeds, times: the bar starts at zero
  between,    ///< levels: the bar spans what is there
  either_sign,
  classes,  ///< a legend of categories instead of a bar
};

struct FieldStyle {
  ColourMap map;
  Spread spread = Spread::from_zero;
};

FieldStyle style_of(const FieldInfo& info);

/// A field ready to be coloured: values in shown units with their bar or legend.
struct Coloured {
  FieldInfo info;
  DisplayUnit unit;
  Scale scale;
  ColourMap map;
  std::vector<Colour> class_colours;  ///< of categories 1..n; empty for numbers
  std::vector<double> values;         ///< per cell from the south-west, NaN where nothing is drawn
  Language language = Language::english;

  bool has_classes() const { return !class_colours.empty(); }
  /// Colour of a shown value; transparent for a category that the legend does not have.
  Colour colour(double value) const;
};

/// Applies the style to `values` (SI, NaN where nothing is drawn). `range_values` decides the limits of the
/// bar, so that all pictures of an animation share them; empty: `values` themselves.
Coloured coloured(const FieldInfo& info, std::vector<double> values,
                  const std::vector<double>& range_values = {});

}  // namespace dvinis::viz

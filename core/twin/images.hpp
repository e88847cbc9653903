#pragma once
/// A field that changes with time and comes from outside, as images of the whole grid.

#include <string>
#include <vector>

#include "core/grid/field.hpp"
#include "core/twin/series.hpp"

namespace dvinis {

/// What a few images in a row add up to over a span of time: the integral over it is the sum of
/// seconds[k] * images[first + k].
struct ImageSpan {
  std::size_t first = 0;
  std::vector<double> seconds;
};

/// Images at times, in SI. Before the first and after the last the nearest holds.
struct ImageSeries {
  std::string name;
  std::string unit;             ///< SI unit of the values, "m s-1"
  std::vector<double> seconds;  ///< since the start of the run, strictly increasing
  std::vector<Field> images;    ///< float32, one for each time
  Between between = Between::line;
  std::string source;

  /// The images that count from `from` to `to`, and for how long. O(number of images).
  ImageSpan span(double from, double to) const;
};

}  // namespace dvinis

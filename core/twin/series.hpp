#pragma once
/// A time series of one quantity in SI, linear between its points.

#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace dvinis {

struct Series {
  std::string name;
  std::string unit;             ///< SI unit of the values, "m3 s-1"
  std::vector<double> seconds;  ///< since the start of the run, strictly increasing; one entry: constant
  std::vector<double> values;
  bool holds_after_end = false;  ///< last value holds on; otherwise a run may not outlast the series
  bool holds_before_start = false;
  std::string source;  ///< file or text it came from, for messages

  /// Linear between points, held outside them. O(log n).
  double at(double time) const;
  /// Exact integral over [from, to] of the piecewise linear function. [unit s]
  double integral(double from, double to) const;
};

}  // namespace dvinis

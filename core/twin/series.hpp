#pragma once
/// A time series of one quantity in SI, linear between its points.

#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace dvinis {

/// How a series goes on from one of its points to the next: in a line, or as it is.
enum class Between { line, step };

struct Series {
  std::string name;
  std::string unit;             ///< SI unit of the values, "m3 s-1"
  std::vector<double> seconds;  ///< since the start of the run, strictly increasing; one entry: constant
  std::vector<double> values;
  Between between = Between::line;
  bool holds_after_end = false;  ///< last value holds on; otherwise a run may not outlast the series
  bool holds_before_start = false;
  std::string source;  ///< file or text it came from, for messages

  /// Held outside the points. O(log n).
  double at(double time) const;
  /// Exact integral over [from, to]. [unit s]
  double integral(double from, double to) const;
};

}  // namespace dvinis

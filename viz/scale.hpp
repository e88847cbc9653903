#pragma once
/// From numbers to what a reader sees: units for people, round limits, ticks.

#include <string>
#include <vector>

namespace dvinis::viz {

/// How numbers of one unit are shown: shown = factor * value, followed by `text`.
struct DisplayUnit {
  double factor = 1.0;
  std::string text;  ///< "m/s", "m²/s", "min"; empty for pure numbers
};

/// Unit for numbers up to `largest` (in `unit`): metres may become cm or mm, seconds min or h; others are
/// respelled for people ("m2 s-1" to "m²/s").
DisplayUnit display_unit(const std::string& unit, double largest);

/// "water depth [m]", or the name alone for pure numbers.
std::string with_unit(const std::string& name, const DisplayUnit& unit);

/// Limits of an axis or a colour bar and the values that carry a number, all in shown units.
struct Scale {
  double low = 0.0;
  double high = 1.0;
  bool more_below = false;  ///< values below `low` exist: the bar ends in an arrow
  bool more_above = false;
  std::vector<double> ticks;
  int decimals = 0;

  double share(double value) const { return (value - low) / (high - low); }
  std::string label(double tick) const;
};

/// Round step (1, 2, 2.5 or 5 times a power of ten) that cuts `extent` into at most `parts` parts.
double nice_step(double extent, int parts);

/// Smallest 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten that is not below `value`; 1 for 0.
double nice_above(double value);

/// An axis that covers [low, high] and ends on round numbers.
Scale axis(double low, double high, int parts);

/// An axis with exactly these limits; ticks at the round numbers inside.
Scale exact_axis(double low, double high, int parts);

/// An axis with exactly these limits in s, min, h or days; ticks every 1, 2, 5, 10, 15, 20 or 30 of them.
Scale time_axis(double low, double high);

/// From zero to a round number at the 98th percentile of `values` (NaN ignored); more_above tells if any
/// exceed it.
Scale robust_from_zero(const std::vector<double>& values);

/// From the 2nd to the 98th percentile, rounded outwards; both ends tell if values lie beyond.
Scale robust_between(const std::vector<double>& values);

/// Symmetric about zero, to the 98th percentile of the magnitudes.
Scale robust_signed(const std::vector<double>& values);

/// Value below which `share` of the finite `values` lie; 0 if there are none.
double percentile(std::vector<double> values, double share);

/// Shortest decimal text with at most `decimals` digits and a true minus sign.
std::string number_text(double value, int decimals);

/// "600 s", "16.5 s", "10 min", "2 h 05 min": a span of model time for people.
std::string span_text(double seconds);

}  // namespace dvinis::viz

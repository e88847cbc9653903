#include "core/twin/series.hpp"

#include <algorithm>

namespace dvinis {

double Series::at(double time) const {
  if (values.size() == 1 || time <= seconds.front()) return values.front();
  if (time >= seconds.back()) return values.back();
  const auto after = std::upper_bound(seconds.begin(), seconds.end(), time);
  const std::size_t k = static_cast<std::size_t>(after - seconds.begin());
  if (between == Between::step) return values[k - 1];
  const double share = (time - seconds[k - 1]) / (seconds[k] - seconds[k - 1]);
  return values[k - 1] + share * (values[k] - values[k - 1]);
}

double Series::integral(double from, double to) const {
  if (to <= from) return 0.0;
  // Knots strictly inside (from, to) split the interval into trapezoids or rectangles.
  const auto piece = [&](double left, double right) {
    const double mean = between == Between::step ? at(left) : 0.5 * (at(left) + at(right));
    return mean * (right - left);
  };
  double total = 0.0;
  double left = from;
  const auto first = std::upper_bound(seconds.begin(), seconds.end(), from);
  for (auto knot = first; knot != seconds.end() && *knot < to; ++knot) {
    total += piece(left, *knot);
    left = *knot;
  }
  return total + piece(left, to);
}

}  // namespace dvinis

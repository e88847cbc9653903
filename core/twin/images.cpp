#include "core/twin/images.hpp"

namespace dvinis {

ImageSpan ImageSeries::span(double from, double to) const {
  // An image counts for as long as a series says that is 1 at its time and 0 at all others.
  Series one;
  one.seconds = seconds;
  one.between = between;
  one.values.assign(seconds.size(), 0.0);
  ImageSpan span;
  for (std::size_t k = 0; k < seconds.size(); ++k) {
    const bool is_over = k + 1 < seconds.size() && seconds[k + 1] <= from;
    const bool is_to_come = k > 0 && seconds[between == Between::step ? k : k - 1] >= to;
    if (is_over || is_to_come) continue;
    one.values[k] = 1.0;
    if (span.seconds.empty()) span.first = k;
    span.seconds.push_back(one.integral(from, to));
    one.values[k] = 0.0;
  }
  return span;
}

}  // namespace dvinis

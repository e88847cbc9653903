#pragma once
/// Rain: even over the domain, or between gauges.

#include <cstddef>
#include <string>
#include <vector>

#include "core/twin/twin.hpp"
#include "models/flood/parameters.hpp"

namespace dvinis::flood {

/// Weights of gauges at a point. nearest: all to the nearest one, the first of several as near;
/// inverse_distance: by 1 / d^2 (Shepard), all to a gauge that stands there. They sum up to 1.
std::vector<double> gauge_weights(const std::vector<RainGauge>& gauges, RainInterpolation interpolation,
                                  Point point);

class Rain {
 public:
  /// What falls in one span of time: one depth for all, or one at each gauge [m].
  using Fallen = std::vector<double>;

  /// @throws ScenarioError for a series that is not there or no rain rate, DataError for rain below zero.
  Rain(const Twin& twin, const Parameters& parameters);

  bool is_even() const { return gauges_.empty(); }
  /// Names of the series it reads.
  std::vector<std::string> inputs() const;

  /// @param time  when the span begins [s], @param dt  its length [s]
  Fallen fallen(double time, double dt) const;
  /// Whether any falls.
  static bool any(const Fallen& fallen);
  /// Rain on a cell [m].
  double on(Cell cell, const Fallen& fallen) const;

 private:
  const Series& rain_series(const Twin& twin, const std::string& name) const;

  double rate_ = 0.0;  ///< where there is no series [m s-1]
  const Series* even_ = nullptr;
  std::vector<const Series*> gauges_;
  std::vector<float> weights_;  ///< by cell, row by row, then by gauge
  Index nx_ = 0;
};

}  // namespace dvinis::flood

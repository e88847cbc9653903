#pragma once
/// Rain: even over the domain, between gauges, or from images.

#include <cstddef>
#include <cstdint>
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
  /// What falls in one span of time: one depth for all or one at each gauge [m], or how long images count.
  struct Fallen {
    std::vector<double> parts;
    std::size_t first_image = 0;
  };

  /// @throws ScenarioError for series or images that are not there or no rain rates, DataError for rain below
  /// zero.
  Rain(const Twin& twin, const Parameters& parameters);

  bool is_even() const { return gauges_.empty() && images_ == nullptr; }
  /// Names of the series and images it reads.
  std::vector<std::string> inputs() const;

  /// @param time  when the span begins [s], @param dt  its length [s]
  Fallen fallen(double time, double dt) const;
  /// Whether any falls.
  bool any(const Fallen& fallen) const;
  /// Rain on a cell [m].
  double on(Cell cell, const Fallen& fallen) const;

 private:
  const Series& rain_series(const Twin& twin, const std::string& name) const;
  const ImageSeries& rain_images(const Twin& twin, const std::string& name);

  double rate_ = 0.0;  ///< where there is no series [m s-1]
  const Series* even_ = nullptr;
  std::vector<const Series*> gauges_;
  std::vector<float> weights_;  ///< by cell, row by row, then by gauge
  const ImageSeries* images_ = nullptr;
  std::vector<std::uint8_t> is_wet_;  ///< by image: some of it is above zero
  Index nx_ = 0;
};

}  // namespace dvinis::flood

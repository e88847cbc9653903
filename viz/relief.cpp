#include "viz/relief.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "viz/scale.hpp"

namespace dvinis::viz {
namespace {

struct Slope {
  double x = 0.0;
  double y = 0.0;
};

/// Central differences; one-sided or flat where a neighbour has no elevation.
Slope slope_at(const Grid& grid, const std::vector<double>& bed, Index i, Index j) {
  const auto height = [&](Index column, Index row) {
    const Index c = std::clamp<Index>(column, 0, grid.nx - 1);
    const Index r = std::clamp<Index>(row, 0, grid.ny - 1);
    const double value = bed[static_cast<std::size_t>(r * grid.nx + c)];
    return std::isfinite(value) ? value : bed[static_cast<std::size_t>(j * grid.nx + i)];
  };
  return {(height(i + 1, j) - height(i - 1, j)) / (2.0 * grid.spacing),
          (height(i, j + 1) - height(i, j - 1)) / (2.0 * grid.spacing)};
}

}  // namespace

std::vector<double> hillshade(const Grid& grid, const std::vector<double>& bed) {
  std::vector<Slope> slopes(bed.size());
  std::vector<double> steepness(bed.size(), std::numeric_limits<double>::quiet_NaN());
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      const auto k = static_cast<std::size_t>(j * grid.nx + i);
      if (!std::isfinite(bed[k])) continue;
      slopes[k] = slope_at(grid, bed, i, j);
      steepness[k] = std::hypot(slopes[k].x, slopes[k].y);
    }
  }
  const double typical = percentile(steepness, 0.9);
  const double stretch = typical > 0.0 ? std::clamp(0.35 / typical, 0.5, 12.0) : 1.0;
  std::vector<double> shade(bed.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < bed.size(); ++k) {
    if (!std::isfinite(bed[k])) continue;
    const double p = stretch * slopes[k].x;
    const double q = stretch * slopes[k].y;
    // Lambert's cosine with light from (-1, 1, sqrt 2) / 2, divided by its value on flat ground.
    const double light = (0.5 * (p - q) * std::numbers::sqrt2 + 1.0) / std::sqrt(1.0 + p * p + q * q);
    shade[k] = std::max(light, 0.0);
  }
  return shade;
}

Colour ground_colour(double brightness) {
  const Colour dark = hex("#8b857c");
  const Colour flat = hex("#e8e5de");
  const Colour bright = hex("#fbfaf7");
  if (brightness <= 1.0) return mix(dark, flat, std::clamp((brightness - 0.35) / 0.65, 0.0, 1.0));
  return mix(flat, bright, std::clamp((brightness - 1.0) / 0.25, 0.0, 1.0));
}

Sampler::Sampler(const Grid& grid, const std::vector<double>& values, double pixel)
    : grid_(grid), values_(values), reach_(std::max(0.5, 0.5 * pixel / grid.spacing)) {}

/// Calls visit_cell(value, weight) for the cells under the box around `point`, weights adding up to one at
/// most; returns the weight that carried numbers.
template <class Visit>
double Sampler::visit(Point point, Visit visit_cell) const {
  const double u = (point.x - grid_.west) / grid_.spacing;
  const double v = (point.y - grid_.south) / grid_.spacing;
  const double area = 4.0 * reach_ * reach_;
  double cover = 0.0;
  for (Index j = static_cast<Index>(std::floor(v - reach_)); static_cast<double>(j) < v + reach_; ++j) {
    const double height =
        std::min(v + reach_, static_cast<double>(j + 1)) - std::max(v - reach_, static_cast<double>(j));
    for (Index i = static_cast<Index>(std::floor(u - reach_)); static_cast<double>(i) < u + reach_; ++i) {
      const double width =
          std::min(u + reach_, static_cast<double>(i + 1)) - std::max(u - reach_, static_cast<double>(i));
      // Beyond the rim the nearest cell goes on, so that the picture's edge is not frayed.
      const Index c = std::clamp<Index>(i, 0, grid_.nx - 1);
      const Index r = std::clamp<Index>(j, 0, grid_.ny - 1);
      const double value = values_[static_cast<std::size_t>(r * grid_.nx + c)];
      if (!std::isfinite(value) || width <= 0.0 || height <= 0.0) continue;
      cover += width * height / area;
      visit_cell(value, width * height / area);
    }
  }
  return cover;
}

Sampler::Sample Sampler::operator()(Point point) const {
  double sum = 0.0;
  const double cover = visit(point, [&sum](double value, double weight) { sum += value * weight; });
  return cover > 0.0 ? Sample{sum / cover, cover} : Sample{};
}

Sampler::Sample Sampler::category(Point point) const {
  std::array<double, 32> weights{};
  const double cover = visit(point, [&weights](double value, double weight) {
    const auto k = static_cast<std::size_t>(std::clamp(std::round(value), 0.0, 31.0));
    weights[k] += weight;
  });
  const auto strongest = std::max_element(weights.begin(), weights.end());
  return {static_cast<double>(strongest - weights.begin()), cover};
}

}  // namespace dvinis::viz

#include "models/flood/rain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "core/grid/parallel.hpp"

namespace dvinis::flood {

std::vector<double> gauge_weights(const std::vector<RainGauge>& gauges, RainInterpolation interpolation,
                                  Point point) {
  std::vector<double> weights(gauges.size(), 0.0);
  std::size_t nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  double sum = 0.0;
  for (std::size_t k = 0; k < gauges.size(); ++k) {
    const double x = gauges[k].x - point.x;
    const double y = gauges[k].y - point.y;
    const double square = x * x + y * y;
    if (square < least) {
      least = square;
      nearest = k;
    }
    weights[k] = 1.0 / square;
    sum += weights[k];
  }
  if (interpolation == RainInterpolation::nearest || !(least > 0.0)) {
    std::fill(weights.begin(), weights.end(), 0.0);
    weights[nearest] = 1.0;
  } else {
    for (double& weight : weights) weight /= sum;
  }
  return weights;
}

const Series& Rain::rain_series(const Twin& twin, const std::string& name) const {
  const Series* series = twin.find_series(name);
  if (series == nullptr || series->unit != "m s-1") {
    throw ScenarioError(fmt::format(
        "models.flood.rain: '{}' is no series of rain rates in 'm s-1' under 'series'; a series of "
        "rain in mm says with `sums: before` or `sums: after` over which intervals",
        name));
  }
  const auto below = std::find_if(series->values.begin(), series->values.end(),
                                  [](double value) { return !(value >= 0.0); });
  if (below != series->values.end()) {
    const auto k = static_cast<std::size_t>(below - series->values.begin());
    throw DataError(fmt::format("{}: series '{}' has a rain rate of {} m/s at {} s; rain is 0 or more",
                                series->source, name, *below, series->seconds[k]));
  }
  return *series;
}

const ImageSeries& Rain::rain_images(const Twin& twin, const std::string& name) {
  const ImageSeries* images = twin.find_images(name);
  if (images == nullptr || images->unit != "m s-1") {
    throw ScenarioError(
        fmt::format("models.flood.rain: '{}' names no rain rates in 'm s-1' under 'images'", name));
  }
  for (std::size_t k = 0; k < images->images.size(); ++k) {
    const View<const float> image = images->images[k].view<float>();
    bool is_wet = false;
    for (Index j = 0; j < image.ny; ++j) {
      for (Index i = 0; i < image.nx; ++i) {
        is_wet = is_wet || image(i, j) > 0.0f;
        if (image(i, j) >= 0.0f) continue;
        throw DataError(
            fmt::format("{}: images '{}' have a rain rate of {} m/s at {} s in column {}, row {} from "
                        "the south; rain is 0 or more",
                        images->source, name, image(i, j), images->seconds[k], i, j));
      }
    }
    is_wet_.push_back(is_wet ? 1 : 0);
  }
  return *images;
}

Rain::Rain(const Twin& twin, const Parameters& parameters)
    : rate_(parameters.constant_rain), nx_(twin.grid.nx) {
  if (!parameters.rain_series.empty()) even_ = &rain_series(twin, parameters.rain_series);
  if (!parameters.rain_images.empty()) images_ = &rain_images(twin, parameters.rain_images);
  const std::vector<RainGauge>& gauges = parameters.rain_gauges;
  for (const RainGauge& gauge : gauges) gauges_.push_back(&rain_series(twin, gauge.series));
  if (gauges.empty()) return;
  weights_.resize(gauges.size() * static_cast<std::size_t>(twin.grid.cells()));
  for_each_item(twin.grid.ny, [&](Index j) {
    for (Index i = 0; i < nx_; ++i) {
      const std::vector<double> weights =
          gauge_weights(gauges, parameters.rain_interpolation, twin.grid.centre({i, j}));
      float* of_cell = weights_.data() + static_cast<std::size_t>(j * nx_ + i) * gauges.size();
      std::transform(weights.begin(), weights.end(), of_cell,
                     [](double weight) { return static_cast<float>(weight); });
    }
  });
}

std::vector<std::string> Rain::inputs() const {
  std::vector<std::string> names;
  if (even_ != nullptr) names.push_back(even_->name);
  for (const Series* gauge : gauges_) names.push_back(gauge->name);
  if (images_ != nullptr) names.push_back(images_->name);
  return names;
}

Rain::Fallen Rain::fallen(double time, double dt) const {
  if (images_ != nullptr) {
    ImageSpan span = images_->span(time, time + dt);
    return {std::move(span.seconds), span.first};
  }
  if (is_even()) return {{even_ != nullptr ? even_->integral(time, time + dt) : rate_ * dt}};
  Fallen fallen;
  for (const Series* gauge : gauges_) fallen.parts.push_back(gauge->integral(time, time + dt));
  return fallen;
}

bool Rain::any(const Fallen& fallen) const {
  for (std::size_t k = 0; k < fallen.parts.size(); ++k) {
    const bool counts = images_ == nullptr || is_wet_[fallen.first_image + k] != 0;
    if (counts && fallen.parts[k] > 0.0) return true;
  }
  return false;
}

double Rain::on(Cell cell, const Fallen& fallen) const {
  const std::vector<double>& parts = fallen.parts;
  if (is_even()) return parts.front();
  double depth = 0.0;
  if (images_ != nullptr) {
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const View<const float> image = images_->images[fallen.first_image + k].view<float>();
      depth += parts[k] * static_cast<double>(image(cell.i, cell.j));
    }
    return depth;
  }
  const float* weights = weights_.data() + static_cast<std::size_t>(cell.j * nx_ + cell.i) * parts.size();
  for (std::size_t k = 0; k < parts.size(); ++k) depth += static_cast<double>(weights[k]) * parts[k];
  return depth;
}

}  // namespace dvinis::flood

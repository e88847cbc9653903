#include "core/twin/twin.hpp"

namespace dvinis {

const Layer* Twin::find_layer(const std::string& name) const {
  const auto found = layers.find(name);
  return found == layers.end() ? nullptr : &found->second;
}

const Series* Twin::find_series(const std::string& name) const {
  const auto found = series.find(name);
  return found == series.end() ? nullptr : &found->second;
}

const ImageSeries* Twin::find_images(const std::string& name) const {
  const auto found = images.find(name);
  return found == images.end() ? nullptr : &found->second;
}

std::vector<const Place*> Twin::places_of(const std::string& kind) const {
  std::vector<const Place*> found;
  for (const Place& place : places) {
    if (place.kind == kind) found.push_back(&place);
  }
  return found;
}

}  // namespace dvinis

#pragma once
/// GeoJSON and every other vector format that OGR reads: geometry in the grid's CRS, attributes as they are.

#include <map>
#include <string>
#include <vector>

#include "core/grid/geometry.hpp"

namespace dvinis {

enum class GeometryKind { point, line, polygon };

/// One feature; a multi-geometry has several parts of one kind.
struct Feature {
  GeometryKind kind = GeometryKind::point;
  std::vector<Polygon>
      parts;  ///< of a point or line only `outer` is used; rings are open (no repeated corner)
  std::map<std::string, std::string> texts;  ///< every attribute as text
  std::map<std::string, double> numbers;     ///< those that are numbers
  std::string place;                         ///< "houses.geojson: feature 7", for messages
};

struct FeatureFile {
  std::vector<Feature> features;
  std::vector<std::string> attributes;  ///< names in the file's order
  std::vector<std::string> files;       ///< everything that was read, side files included
};

/// Features of a file, moved to the grid's CRS.
///
/// @param where  "kind=road": only features whose attribute has this value; empty: all
/// @throws DataError for a file that cannot be read, an attribute that is not there (with "did you mean"), no
/// matching feature, a feature without geometry, coordinates that are not finite, a CRS that leads nowhere.
///
/// GeoJSON without a `crs` member is longitude and latitude (RFC 7946), except on a local grid, where it is
/// local.
FeatureFile read_features(const std::string& path, const std::string& grid_wkt, const std::string& where);

}  // namespace dvinis

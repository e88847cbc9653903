#pragma once
/// What stays during a run: grid, layers, places, forcing series, provenance.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/grid/field.hpp"
#include "core/grid/grid.hpp"
#include "core/twin/images.hpp"
#include "core/twin/series.hpp"

namespace dvinis {

/// A named place: gauge or mark (one point), section (polyline), building or area (polygon rings).
struct Place {
  std::string kind;  ///< "gauge", "mark", "section", "building", "source", "area", "structure", "road"
  std::string id;
  std::string label;                      ///< for people; the id if empty
  std::vector<Point> points;              ///< outer ring, line or single point, grid CRS
  std::vector<std::vector<Point>> holes;  ///< inner rings of a polygon
  std::map<std::string, double> numbers;  ///< attributes, e.g. "observed_level"
  std::map<std::string, std::string> texts;
  std::vector<Cell> cells;  ///< covered cells, row by row; filled by the app
};

/// A static raster in double precision; NaN marks nodata.
struct Layer {
  std::string name;
  std::string unit;
  std::string long_name;
  Field values;
  std::string source;
};

/// One input file as it was read.
struct InputFile {
  std::string path;  ///< relative to the scenario
  std::string sha256;
};

/// Who made this run from what.
struct Provenance {
  std::string scenario_name;
  std::string about;
  std::string scenario_text;
  std::vector<InputFile> inputs;
  std::string version;
  std::string compiler;
  std::string instruction_set;
  int threads = 1;
  std::uint64_t seed = 0;
  std::string attribution;  ///< whose data; shown on every picture
  std::string label;        ///< compulsory label such as "generated terrain"; empty if none
};

class Twin {
 public:
  Grid grid;
  std::int64_t start_utc = 0;      ///< seconds since 1970 at model time 0
  int display_offset_minutes = 0;  ///< of local time, for pictures only
  std::string vertical_datum;      ///< "AHD", "LAS-2000,5", "local"
  std::map<std::string, Layer> layers;
  std::map<std::string, Series> series;
  std::map<std::string, ImageSeries> images;
  std::vector<Place> places;  ///< in the order of the scenario
  Provenance provenance;
  /// The same layers and places on finer cells, a whole number of them along each cell of `grid`: what
  /// sub-grid tables are made from. nullptr without.
  std::shared_ptr<const Twin> finer;

  const Layer* find_layer(const std::string& name) const;
  const Series* find_series(const std::string& name) const;
  const ImageSeries* find_images(const std::string& name) const;
  /// Places of one kind, in order.
  std::vector<const Place*> places_of(const std::string& kind) const;
};

}  // namespace dvinis

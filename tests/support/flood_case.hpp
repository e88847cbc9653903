#pragma once
/// A flood on a small analytic terrain, set up in a few lines and run through the real engine.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"
#include "models/flood/parameters.hpp"

namespace dvinis::test {

using Shape = std::function<double(double x, double y)>;

/// A layer that only some cases have.
struct ShapedLayer {
  std::string unit;
  Shape shape;
};

struct FloodCase {
  Index nx = 1;
  Index ny = 1;
  double spacing = 1.0;
  double west = 0.0;
  double south = 0.0;
  Shape bed = [](double, double) { return 0.0; };
  Shape depth;  ///< initial depth; or
  Shape level;  ///< initial level
  Shape velocity_x;
  Shape velocity_y;
  double roughness = 0.0;
  flood::Parameters parameters;
  std::map<std::string, ShapedLayer> layers;  ///< beside those above
  std::map<std::string, Series> series;
  std::map<std::string, ImageSeries> images;
  std::vector<Place> places;
  std::vector<std::string> wanted;  ///< optional fields
  Index subgrid_ratio = 0;          ///< finer cells along a cell, for sub-grid tables; 0: none
  bool average_bed = false;  ///< cell means of bed and depth (5 x 5 samples) instead of values at centres

  void constant_series(const std::string& name, const std::string& unit, double value);
  /// Water enters in the west [m3 s-1] and leaves freely in the east.
  void flow_eastward(double discharge);
  /// A structure along a line, or from its first point to its last.
  void structure(const std::string& id, const std::vector<Point>& line, const flood::StructureForm& form);
  void boundary(flood::Edge edge, flood::BoundaryKind kind, const std::string& series_name = {});
};

/// Structures of all kinds at once in rain over hills of several tiles; a levee breaks.
FloodCase every_structure();

Place point_place(const std::string& kind, const std::string& id, const Grid& grid, double x, double y);

/// Depth of uniform flow by Manning's law in a wide channel, (q n / sqrt(S))^(3/5) [m].
double normal_depth_of(double unit_discharge, double roughness, double slope);

/// A case bound to the engine, with its State; `run_to` may be called again and again.
class FloodRun {
 public:
  explicit FloodRun(const FloodCase& definition);
  ~FloodRun();

  RunSummary run_to(double seconds, double exchange = 1e9);
  State& state();
  const Schema& schema() const;
  const Twin& twin() const;
  const Simulation& simulation() const;

  double depth(Index i, Index j) const;
  double discharge_x(Index i, Index j) const;
  double discharge_y(Index i, Index j) const;
  double largest_speed() const;
  double relative_water_error() const;
  /// A value of the table of structures.
  double structure(const std::string& id, const std::string& column) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dvinis::test

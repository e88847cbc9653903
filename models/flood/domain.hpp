#pragma once
/// The flood's geometry on one twin, worked out once at binding: which faces are closed, where water enters,
/// who is sampled where.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/grid/field.hpp"
#include "core/twin/twin.hpp"
#include "models/flood/parameters.hpp"
#include "models/flood/structures/measures.hpp"
#include "models/flood/subgrid.hpp"
#include "models/flood/tracers/placed.hpp"

namespace dvinis::flood {

/// One open stretch of the rim as a range of edge cells, with its driving series (nullptr for free outflow).
struct Stretch {
  Edge edge = Edge::west;
  Index first = 0;  ///< row (west, east) or column (south, north) of the first cell
  Index last = 0;   ///< one past the last
  BoundaryKind kind = BoundaryKind::free;
  const Series* series = nullptr;
  double still_level = 0.0;
  std::vector<RatingPoint> rating;  ///< of kind rating
  std::string account;

  /// Edge cell number `k` of this stretch's edge.
  Cell cell(Index k, const Grid& grid) const {
    switch (edge) {
      case Edge::west:
        return {0, k};
      case Edge::east:
        return {grid.nx - 1, k};
      case Edge::south:
        return {k, 0};
      case Edge::north:
        return {k, grid.ny - 1};
    }
    return {};
  }
};

struct SourceCells {
  std::vector<Cell> cells;
  const Series* series = nullptr;
  std::string account;
};

/// Cells around one house in which its water is looked for: next to the footprint, open, in no other house;
/// finer cells where there are sub-grid tables.
struct BuildingRing {
  std::vector<Cell> cells;
  std::vector<Cell> solver_cells;  ///< around them, each once: where they are dry the others need no look
};

/// Cells along a road, as in a BuildingRing, that are dry at the start: where water stands then, the road is
/// on a bridge.
struct RoadCells {
  std::vector<Cell> cells;
  std::vector<Cell> solver_cells;
  double surface =
      0.0;  ///< lowest level of its surface, on bridges and dams above the ground; NaN: the ground's [m]
};

/// Q = sum of discharge_x * x_weight + discharge_y * y_weight [m3 s-1], positive to the right of the line.
struct SectionTerm {
  Cell cell;
  double x_weight = 0.0;
  double y_weight = 0.0;
};

struct Domain {
  Grid grid;
  Tiling tiling;
  Field bed;  ///< [m], houses raised, quantised, in the solver's precision; 0 above datum where blocked
  std::vector<double> datum;         ///< whole metres by tile
  double quantum = 0.0;              ///< the bed is a multiple of this power of two [m]
  std::vector<std::uint8_t> closed;  ///< with a halo of 2, pitch closed_pitch; bits of kernels.hpp
  Index closed_pitch = 0;
  Index open_cells = 0;
  Index nodata_cells = 0;
  Index building_cells = 0;
  std::vector<Stretch> stretches;
  std::vector<SourceCells> sources;
  PlacedStructures structures;
  std::vector<BoundMeasure> measures;
  std::vector<BoundTracer> tracers;
  std::vector<BuildingRing> buildings;
  std::vector<RoadCells> roads;
  std::vector<std::vector<SectionTerm>> sections;
  std::shared_ptr<const Subgrid> subgrid;  ///< nullptr without tables: depths are those of level cells

  std::uint8_t& closed_at(Index i, Index j) {
    return closed[static_cast<std::size_t>((j + Field::halo) * closed_pitch + i + Field::halo)];
  }
  const std::uint8_t* closed_origin() const {
    return closed.data() + Field::halo * closed_pitch + Field::halo;
  }
  bool is_blocked(Index i, Index j) const;
  /// Depth over a cell's lowest ground for the mean depth that State holds [m], and back; the same without
  /// tables.
  double greatest_depth(Cell cell, double mean_depth) const {
    return subgrid ? subgrid->level_above_bed(cell, mean_depth) : mean_depth;
  }
  double mean_depth(Cell cell, double greatest_depth) const {
    return subgrid ? subgrid->mean_depth(cell, greatest_depth) : greatest_depth;
  }
  /// The solver's cell around a cell of a BuildingRing.
  Cell solver_cell(Cell cell) const {
    return subgrid ? Cell{cell.i / subgrid->ratio(), cell.j / subgrid->ratio()} : cell;
  }
  /// Depth that a volume [m3] makes when a source shares it out evenly over its cells [m].
  double depth_per_cell(const SourceCells& source, double volume) const {
    return volume / (static_cast<double>(source.cells.size()) * grid.cell_area());
  }
  double bed_at(Index i, Index j) const { return bed.value(i, j); }
};

/// Works out the geometry. @throws ScenarioError or DataError with a sentence.
Domain make_domain(const Twin& twin, const Parameters& parameters);

/// `value` rounded to the nearest multiple of the power of two `quantum`.
double quantised(double value, double quantum);

}  // namespace dvinis::flood

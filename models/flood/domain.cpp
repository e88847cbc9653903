#include "models/flood/domain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/flood/kernels.hpp"

namespace dvinis::flood {

namespace {

std::size_t flat(const Grid& grid, Index i, Index j) { return static_cast<std::size_t>(j * grid.nx + i); }

const Layer& needed_layer(const Twin& twin, const std::string& name) {
  const Layer* layer = twin.find_layer(name);
  if (layer == nullptr) {
    throw ScenarioError(
        fmt::format("flood: the twin has no layer '{}'; name it under 'layers' or 'domain'", name));
  }
  return *layer;
}

const Series& needed_series(const Twin& twin, const std::string& name, const std::string& unit,
                            const Setting& where) {
  const Series* series = twin.find_series(name);
  if (series == nullptr) {
    std::vector<std::string> known;
    for (const auto& [known_name, unused] : twin.series) known.push_back(known_name);
    const std::string near = did_you_mean(name, known);
    throw where.error(fmt::format("no series '{}' under 'series'{}", name,
                                  near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near)));
  }
  if (series->unit != unit) {
    throw where.error(
        fmt::format("series '{}' is in '{}', expected a series in '{}'", name, series->unit, unit));
  }
  return *series;
}

/// Marks nodata and blocked houses, raises houses; leaves the ground in metres of the vertical datum.
std::vector<std::uint8_t> place_obstacles(const Twin& twin, const Parameters& parameters, Domain& domain,
                                          std::vector<double>& ground) {
  const Grid& grid = twin.grid;
  // In sub-grid tables a house is an obstacle: 3 m of ground would leave nothing of their resolution.
  const bool is_finer = grid.nx != domain.grid.nx;
  const Layer& bed = needed_layer(twin, "bed_elevation");
  std::vector<std::uint8_t> blocked(static_cast<std::size_t>(grid.cells()), 0);
  ground.resize(blocked.size());
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      const double z = bed.values.value(i, j);
      ground[flat(grid, i, j)] = z;
      if (std::isfinite(z)) continue;
      blocked[flat(grid, i, j)] = 1;
      ++domain.nodata_cells;
    }
  }
  std::vector<std::uint8_t> is_building(blocked.size(), 0);
  for (const Place* building : twin.places_of("building")) {
    for (const Cell cell : building->cells) is_building[flat(grid, cell.i, cell.j)] = 1;
  }
  for (std::size_t k = 0; k < is_building.size(); ++k) {
    if (is_building[k] == 0) continue;
    ++domain.building_cells;
    if (parameters.buildings == BuildingTreatment::ignore) continue;
    if (parameters.buildings == BuildingTreatment::block || is_finer) {
      blocked[k] = 1;
    } else {
      ground[k] += parameters.building_height;
    }
  }
  for (const Place* building : twin.places_of("building")) {
    BuildingRing ring;
    for (const Cell cell : building->cells) {
      for (Index dj = -1; dj <= 1; ++dj) {
        for (Index di = -1; di <= 1; ++di) {
          const Cell beside{cell.i + di, cell.j + dj};
          if (!grid.holds(beside)) continue;
          const std::size_t k = flat(grid, beside.i, beside.j);
          const bool counts =
              blocked[k] == 0 && (is_building[k] == 0 || parameters.buildings == BuildingTreatment::ignore);
          if (counts && std::find(ring.cells.begin(), ring.cells.end(), beside) == ring.cells.end()) {
            ring.cells.push_back(beside);
          }
        }
      }
    }
    domain.buildings.push_back(std::move(ring));
  }
  return blocked;
}

/// The lowest open ground of the finer cells in each cell; a cell without any is blocked.
std::vector<std::uint8_t> lowest_ground(const Grid& grid, const Grid& finer,
                                        const std::vector<std::uint8_t>& finer_blocked,
                                        const std::vector<double>& finer_ground,
                                        std::vector<double>& ground) {
  const Index ratio = finer.nx / grid.nx;
  std::vector<std::uint8_t> blocked(static_cast<std::size_t>(grid.cells()), 1);
  ground.assign(blocked.size(), INFINITY);
  for (Index j = 0; j < finer.ny; ++j) {
    for (Index i = 0; i < finer.nx; ++i) {
      const std::size_t k = flat(finer, i, j);
      if (finer_blocked[k] != 0) continue;
      const std::size_t cell = flat(grid, i / ratio, j / ratio);
      blocked[cell] = 0;
      ground[cell] = std::min(ground[cell], finer_ground[k]);
    }
  }
  return blocked;
}

std::shared_ptr<const Subgrid> make_tables(const Twin& twin, const Domain& domain,
                                           const std::vector<std::uint8_t>& finer_blocked,
                                           std::vector<double> finer_ground) {
  const Grid& finer = twin.finer->grid;
  std::vector<double> roughness(finer_ground.size(), 0.0);
  const Layer* layer = twin.finer->find_layer("roughness");
  for (Index j = 0; j < finer.ny; ++j) {
    for (Index i = 0; i < finer.nx; ++i) {
      const std::size_t k = flat(finer, i, j);
      if (finer_blocked[k] != 0) finer_ground[k] = NAN;
      if (layer != nullptr) roughness[k] = layer->values.value(i, j);
    }
  }
  std::vector<double> bed;
  for (Index j = 0; j < domain.grid.ny; ++j) {
    for (Index i = 0; i < domain.grid.nx; ++i) bed.push_back(domain.bed_at(i, j));
  }
  return std::make_shared<const Subgrid>(domain.grid, finer, finer_ground, roughness, bed);
}

/// Depth at the start, without what sub-grid tables know of crests [m].
double start_depth(const Twin& twin, Cell cell, double ground) {
  double depth = 0.0;
  const Layer* levels = twin.find_layer("initial_level");
  const Layer* depths = twin.find_layer("initial_depth");
  // Comparisons with what has no value are false.
  if (levels != nullptr) depth = std::max(depth, levels->values.value(cell.i, cell.j) - ground);
  if (depths != nullptr) depth = std::max(depth, depths->values.value(cell.i, cell.j));
  return depth;
}

/// @param twin  of the finer cells, where there are any
void find_roads(const Twin& twin, const std::vector<std::uint8_t>& blocked, const std::vector<double>& ground,
                double closure_depth, Domain& domain) {
  for (const Place* road : twin.places_of("road")) {
    RoadCells found;
    const auto surface = road->numbers.find("surface");
    found.surface =
        surface == road->numbers.end() ? std::numeric_limits<double>::quiet_NaN() : surface->second;
    for (const Cell cell : road->cells) {
      const std::size_t k = flat(twin.grid, cell.i, cell.j);
      if (blocked[k] == 0 && start_depth(twin, cell, ground[k]) < closure_depth) found.cells.push_back(cell);
    }
    domain.roads.push_back(std::move(found));
  }
}

std::vector<Cell> solver_cells_of(const Domain& domain, const std::vector<Cell>& cells) {
  std::vector<Cell> found;
  for (const Cell cell : cells) {
    const Cell around = domain.solver_cell(cell);
    if (std::find(found.begin(), found.end(), around) == found.end()) found.push_back(around);
  }
  return found;
}

/// Greatest depth the terrain starts with [m].
double deepest_start(const Twin& twin, const std::vector<std::uint8_t>& blocked,
                     const std::vector<double>& ground) {
  double deepest = 0.0;
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i) {
      const std::size_t k = flat(twin.grid, i, j);
      if (blocked[k] == 0) deepest = std::max(deepest, start_depth(twin, {i, j}, ground[k]));
    }
  }
  return deepest;
}

/// Whole-metre datum per tile and a power-of-two quantum that makes bed differences exact in the solver's
/// precision, also across tiles: `bits` are what a difference may need at most.
/// @param deepest  water at the start [m]: half of it counts as relief, so that it keeps to the quantum too
void choose_datums(const std::vector<std::uint8_t>& blocked, const std::vector<double>& ground,
                   double deepest, int bits, Domain& domain) {
  const Grid& grid = domain.grid;
  const Tiling& tiling = domain.tiling;
  domain.datum.assign(static_cast<std::size_t>(tiling.count()), 0.0);
  double relief = std::max(1e-3, 0.5 * deepest);
  bool has_open_cells = false;
  for (Index t = 0; t < tiling.count(); ++t) {
    const Tile tile = tiling.tile(t);
    double lowest = INFINITY;
    double highest = -INFINITY;
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) {
        const std::size_t k = flat(grid, i, j);
        if (blocked[k] != 0) continue;
        lowest = std::min(lowest, ground[k]);
        highest = std::max(highest, ground[k]);
      }
    }
    if (lowest > highest) continue;
    domain.datum[static_cast<std::size_t>(t)] = std::floor(0.5 * (lowest + highest));
    relief = std::max(relief, highest - lowest);
    has_open_cells = true;
  }
  if (!has_open_cells) {
    throw DataError("flood: no cell of the terrain has an elevation; is the nodata value right?");
  }
  // Neighbouring tiles see each other's bed shifted by whole metres: their joint relief must fit.
  double datum_step = 0.0;
  for (Index t = 0; t < tiling.count(); ++t) {
    const auto datum = [&](Index tile) { return domain.datum[static_cast<std::size_t>(tile)]; };
    const bool has_east = (t + 1) % tiling.columns() != 0;
    const bool has_north = t + tiling.columns() < tiling.count();
    if (has_east) datum_step = std::max(datum_step, std::abs(datum(t + 1) - datum(t)));
    if (has_north) datum_step = std::max(datum_step, std::abs(datum(t + tiling.columns()) - datum(t)));
  }
  relief += datum_step;
  domain.quantum = std::exp2(std::ceil(std::log2(relief)) + 1 - bits);
}

void close_faces(const std::vector<std::uint8_t>& blocked, Domain& domain) {
  const Grid& grid = domain.grid;
  domain.closed_pitch = grid.nx + 2 * Field::halo;
  domain.closed.assign(
      static_cast<std::size_t>(domain.closed_pitch * (grid.ny + 2 * Field::halo) + load_slack), 0);
  for (Index j = 0; j < grid.ny; ++j) {
    domain.closed_at(0, j) |= closed_west;
    domain.closed_at(grid.nx, j) |= closed_west;
  }
  for (Index i = 0; i < grid.nx; ++i) {
    domain.closed_at(i, 0) |= closed_south;
    domain.closed_at(i, grid.ny) |= closed_south;
  }
  domain.open_cells = 0;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      if (blocked[flat(grid, i, j)] == 0) {
        ++domain.open_cells;
        continue;
      }
      domain.closed_at(i, j) |= closed_west | closed_south | blocked_cell;
      domain.closed_at(i + 1, j) |= closed_west;
      domain.closed_at(i, j + 1) |= closed_south;
    }
  }
}

/// Bed of the opening at a face: with sub-grid tables that of a full-width one with the same area up to the
/// structure's underside.
double opening_bed(const PlacedStructure& placed, const LineFace& face, const Domain& domain) {
  const double bed =
      std::max(domain.bed_at(face.left.i, face.left.j), domain.bed_at(face.right.i, face.right.j));
  if (!domain.subgrid) return bed;
  double top = bed;
  if (const auto* bridge = std::get_if<Bridge>(&placed.structure.form)) top = bridge->soffit;
  if (const auto* jam = std::get_if<IceJam>(&placed.structure.form)) top = jam->underside;
  if (!(top > bed)) return bed;
  return top - domain.subgrid->face_water(face.right, face.is_x, top).depth;
}

/// Faces under structures are closed: what passes them the structure says.
void close_structures(Domain& domain) {
  for (PlacedStructure& placed : domain.structures.all) {
    for (LineFace& face : placed.faces) {
      face.bed = opening_bed(placed, face, domain);
      domain.closed_at(face.right.i, face.right.j) |= face.is_x ? closed_west : closed_south;
    }
  }
}

Stretch make_stretch(const Twin& twin, const Boundary& boundary) {
  const Grid& grid = twin.grid;
  const bool is_upright = boundary.edge == Edge::west || boundary.edge == Edge::east;
  const double begin = is_upright ? grid.south : grid.west;
  const Index count = is_upright ? grid.ny : grid.nx;
  const double end = begin + static_cast<double>(count) * grid.spacing;
  const double from = boundary.from.value_or(begin);
  const double to = boundary.to.value_or(end);
  const double slack = 1e-6 * grid.spacing;
  if (from < begin - slack || to > end + slack) {
    throw boundary.where.error(
        fmt::format("the stretch {} m to {} m leaves the {} edge, which runs from {} m to {} m", from, to,
                    edge_name(boundary.edge), begin, end));
  }
  Stretch stretch;
  stretch.edge = boundary.edge;
  stretch.kind = boundary.kind;
  stretch.still_level = boundary.still_level;
  stretch.rating = boundary.rating;
  stretch.account = boundary.label;
  // A cell belongs to the stretch if its centre does.
  stretch.first = static_cast<Index>(std::ceil((from - begin) / grid.spacing - 0.5 - 1e-9));
  stretch.last = std::min(count, static_cast<Index>(std::ceil((to - begin) / grid.spacing - 0.5 - 1e-9)));
  stretch.first = std::max<Index>(stretch.first, 0);
  if (stretch.first >= stretch.last) {
    throw boundary.where.error(fmt::format("the stretch {} m to {} m holds no cell centre (cells are {} m)",
                                           from, to, grid.spacing));
  }
  if (boundary.kind == BoundaryKind::discharge) {
    stretch.series = &needed_series(twin, boundary.series, "m3 s-1", boundary.where);
  } else if (!boundary.series.empty()) {
    stretch.series = &needed_series(twin, boundary.series, "m", boundary.where);
  }
  return stretch;
}

void open_boundaries(const Twin& twin, const Parameters& parameters, Domain& domain) {
  const Grid& grid = domain.grid;
  std::vector<std::vector<int>> taken(4);
  for (const Boundary& boundary : parameters.boundaries) {
    const Stretch stretch = make_stretch(twin, boundary);
    std::vector<int>& used = taken[static_cast<std::size_t>(stretch.edge)];
    used.resize(static_cast<std::size_t>(std::max(grid.nx, grid.ny)), 0);
    Index open = 0;
    for (Index k = stretch.first; k < stretch.last; ++k) {
      if (used[static_cast<std::size_t>(k)]++ != 0) {
        throw boundary.where.error(
            fmt::format("two stretches of the {} edge overlap", edge_name(stretch.edge)));
      }
      const Cell cell = stretch.cell(k, grid);
      if (domain.is_blocked(cell.i, cell.j) || stretch.kind == BoundaryKind::wall) continue;
      ++open;
      switch (stretch.edge) {
        case Edge::west:
          domain.closed_at(0, k) &= static_cast<std::uint8_t>(~closed_west);
          break;
        case Edge::east:
          domain.closed_at(grid.nx, k) &= static_cast<std::uint8_t>(~closed_west);
          break;
        case Edge::south:
          domain.closed_at(k, 0) &= static_cast<std::uint8_t>(~closed_south);
          break;
        case Edge::north:
          domain.closed_at(k, grid.ny) &= static_cast<std::uint8_t>(~closed_south);
          break;
      }
    }
    if (stretch.kind == BoundaryKind::wall) continue;
    if (open == 0) {
      throw boundary.where.error(
          "every cell of this stretch is nodata or a blocked house: no water can pass");
    }
    domain.stretches.push_back(stretch);
  }
}

void place_sources(const Twin& twin, const Parameters& parameters, Domain& domain) {
  for (const Source& source : parameters.sources) {
    const std::vector<const Place*> places = twin.places_of("source");
    const auto found =
        std::find_if(places.begin(), places.end(), [&](const Place* p) { return p->id == source.place; });
    if (found == places.end()) {
      std::vector<std::string> ids;
      for (const Place* place : places) ids.push_back(place->id);
      const std::string near = did_you_mean(source.place, ids);
      throw source.where.error(
          fmt::format("no place of kind source with id '{}'{}", source.place,
                      near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near)));
    }
    SourceCells cells;
    cells.series = &needed_series(twin, source.series, "m3 s-1", source.where);
    cells.account = fmt::format("source {}", source.place);
    for (const Cell cell : (*found)->cells) {
      if (!domain.is_blocked(cell.i, cell.j)) cells.cells.push_back(cell);
    }
    if (cells.cells.empty()) {
      throw source.where.error(fmt::format("source '{}' covers no open cell", source.place));
    }
    domain.sources.push_back(std::move(cells));
  }
}

/// Pieces of a quarter of a cell along a polyline, each crediting the cell it lies in.
std::vector<SectionTerm> section_terms(const Place& section, const Domain& domain) {
  std::vector<SectionTerm> terms;
  const Grid& grid = domain.grid;
  for (std::size_t k = 1; k < section.points.size(); ++k) {
    const Point from = section.points[k - 1];
    const Point to = section.points[k];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const int pieces = std::max(1, static_cast<int>(std::ceil(4.0 * length / grid.spacing)));
    for (int piece = 0; piece < pieces; ++piece) {
      const double share = (piece + 0.5) / pieces;
      const auto cell = grid.cell_at({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)});
      if (!cell || domain.is_blocked(cell->i, cell->j)) continue;
      const double x_weight = (to.y - from.y) / pieces;
      const double y_weight = -(to.x - from.x) / pieces;
      if (!terms.empty() && terms.back().cell == *cell) {
        terms.back().x_weight += x_weight;
        terms.back().y_weight += y_weight;
      } else {
        terms.push_back({*cell, x_weight, y_weight});
      }
    }
  }
  return terms;
}

}  // namespace

bool Domain::is_blocked(Index i, Index j) const {
  return (closed_origin()[j * closed_pitch + i] & blocked_cell) != 0;
}

double quantised(double value, double quantum) { return std::nearbyint(value / quantum) * quantum; }

Domain make_domain(const Twin& twin, const Parameters& parameters) {
  Domain domain;
  domain.grid = twin.grid;
  domain.tiling = {twin.grid.nx, twin.grid.ny};
  std::vector<double> ground;
  std::vector<std::uint8_t> blocked;
  std::vector<double> finer_ground;
  std::vector<std::uint8_t> finer_blocked;
  if (twin.finer) {
    if (!parameters.fast) {
      throw ScenarioError(
          "domain.subgrid: sub-grid tables work with the fast mode only; write 'mode: fast' under "
          "models.flood, "
          "or take 'subgrid' out");
    }
    finer_blocked = place_obstacles(*twin.finer, parameters, domain, finer_ground);
    clear_levees(*twin.finer, parameters.structures, finer_blocked, finer_ground);
    find_roads(*twin.finer, finer_blocked, finer_ground, parameters.road_closure_depth, domain);
    blocked = lowest_ground(domain.grid, twin.finer->grid, finer_blocked, finer_ground, ground);
  } else {
    blocked = place_obstacles(twin, parameters, domain, ground);
    find_roads(twin, blocked, ground, parameters.road_closure_depth, domain);
  }
  if (!twin.finer) clear_levees(twin, parameters.structures, blocked, ground);
  choose_datums(blocked, ground, deepest_start(twin, blocked, ground),
                parameters.precision == ElementType::float32 ? 21 : 50, domain);
  domain.bed = Field(parameters.precision, domain.grid.nx, domain.grid.ny, true);
  domain.bed.datum() = domain.datum;
  for (Index j = 0; j < domain.grid.ny; ++j) {
    for (Index i = 0; i < domain.grid.nx; ++i) {
      const double datum = domain.datum[static_cast<std::size_t>(domain.tiling.index_of(i, j))];
      const double above = ground[flat(domain.grid, i, j)] - datum;
      const bool is_open = blocked[flat(domain.grid, i, j)] == 0;
      domain.bed.set(i, j, is_open ? datum + quantised(above, domain.quantum) : datum);
    }
  }
  if (twin.finer) domain.subgrid = make_tables(twin, domain, finer_blocked, std::move(finer_ground));
  for (BuildingRing& ring : domain.buildings) ring.solver_cells = solver_cells_of(domain, ring.cells);
  for (RoadCells& road : domain.roads) road.solver_cells = solver_cells_of(domain, road.cells);
  close_faces(blocked, domain);
  domain.structures = place_structures(twin, parameters.structures, ground, blocked);
  close_structures(domain);
  domain.measures = bind_measures(twin, parameters.measures, domain.structures);
  open_boundaries(twin, parameters, domain);
  place_sources(twin, parameters, domain);
  domain.tracers = bind_tracers(twin, parameters, domain);
  for (const Place* section : twin.places_of("section"))
    domain.sections.push_back(section_terms(*section, domain));
  return domain;
}

}  // namespace dvinis::flood

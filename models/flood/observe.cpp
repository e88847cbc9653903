#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/grid/parallel.hpp"
#include "models/flood/hazard.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/process.hpp"
#include "models/flood/structures/flow.hpp"
#include "models/flood/tracers/observe.hpp"

namespace dvinis::flood {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A mark whose own cell is dry reads the nearest cell deeper than this, within this distance.
constexpr double mark_depth = 1e-3;  ///< [m]
constexpr double mark_reach = 5.0;   ///< [m]

const std::vector<std::string> hazard_classes = {
    "H1 safe for people, vehicles and buildings",
    "H2 unsafe for small vehicles",
    "H3 unsafe for vehicles, children and the elderly",
    "H4 unsafe for people and vehicles",
    "H5 unsafe for people and vehicles, buildings vulnerable",
    "H6 unsafe for everyone, buildings may fail",
};

FieldInfo running(const std::string& name, const std::string& unit, const std::string& long_name) {
  FieldInfo info;
  info.name = name;
  info.unit = unit;
  info.long_name = long_name;
  info.role = Role::running;
  info.type = ElementType::float32;
  info.optional = true;
  info.minimum = 0.0;
  info.cell_methods = "time: maximum";
  return info;
}

std::vector<FieldInfo> running_fields() {
  std::vector<FieldInfo> fields = {
      running("maximum_depth", "m", "maximum water depth"),
      running("maximum_speed", "m s-1", "maximum flow speed"),
      running("maximum_unit_discharge", "m2 s-1", "maximum of depth times speed"),
      running("maximum_hazard", "1",
              "maximum hazard rating to people (FD2321: below 0.75 caution, 0.75 to 1.25 dangerous "
              "for some, 1.25 to 2 for most, above 2 for all)"),
      running("hazard_class", "1", "general flood hazard class (Australia, guideline 7-3)"),
      running("arrival_time", "s", "time from start until water arrives"),
      running("wet_duration", "s", "time under water"),
  };
  fields[4].classes = hazard_classes;
  fields[5].cell_methods = "time: minimum";
  fields[6].cell_methods = "time: sum";
  return fields;
}

FieldInfo diagnostic(const std::string& name, const std::string& unit, const std::string& long_name,
                     const std::string& standard_name) {
  FieldInfo info;
  info.name = name;
  info.unit = unit;
  info.long_name = long_name;
  info.standard_name = standard_name;
  info.role = Role::diagnostic;
  info.type = ElementType::float32;
  info.optional = true;
  return info;
}

std::vector<FieldInfo> prognostic_fields(const Parameters& parameters) {
  const auto field = [&](const std::string& name, const std::string& unit, const std::string& long_name,
                         Role role) {
    FieldInfo info;
    info.name = name;
    info.unit = unit;
    info.long_name = long_name;
    info.role = role;
    info.type = parameters.precision;
    return info;
  };
  std::vector<FieldInfo> fields = {
      field("water_depth", "m", "water depth", Role::prognostic),
      field("unit_discharge_x", "m2 s-1", "eastward discharge per width", Role::prognostic),
      field("unit_discharge_y", "m2 s-1", "northward discharge per width", Role::prognostic),
      field("bed", "m", "ground level with houses as the solver sees it", Role::parameter),
      field("manning_roughness", "s m-1/3", "Manning's roughness", Role::parameter),
  };
  fields[0].standard_name = "flood_water_thickness";
  fields[0].minimum = 0.0;
  fields[3].against_datum = true;
  fields[4].minimum = 0.0;
  if (parameters.needs_carry()) {
    fields.push_back(
        field("water_depth_carry", "m", "what rounding left over of the depth", Role::prognostic));
  }
  const char* const of_ground = "time: point area: mean where land";
  // The ground's memory sums up amounts far below what single precision could hold.
  if (parameters.infiltration != InfiltrationLaw::none) {
    fields.push_back(field("infiltrated_depth", "m", "water that the ground has taken in", Role::prognostic));
    fields.back().type = ElementType::float64;
    fields.back().cell_methods = of_ground;
  }
  if (parameters.infiltration == InfiltrationLaw::horton) {
    fields.push_back(field("infiltration_capacity", "m s-1", "rate at which the ground could take in water",
                           Role::prognostic));
    fields.back().type = ElementType::float64;
    fields.back().cell_methods = of_ground;
  }
  return fields;
}

std::vector<TableInfo> table_infos() {
  return {
      {"gauges",
       "gauge",
       "water at gauges, in the cell that holds the gauge",
       {{"water_level", "m", "water level; the ground where dry", true},
        {"water_depth", "m", "water depth", true},
        {"velocity_x", "m s-1", "eastward velocity", true},
        {"velocity_y", "m s-1", "northward velocity", true},
        {"maximum_water_level", "m", "highest water level so far", false}}},
      {"marks",
       "mark",
       "water at flood marks: the cell of the mark or, where that is dry, the nearest cell deeper than 1 mm "
       "within 5 m",
       {{"water_level", "m", "water level", false},
        {"water_depth", "m", "water depth", false},
        {"distance", "m", "distance from the mark to the cell read", false},
        {"maximum_water_level", "m", "highest water level so far", false}}},
      {"buildings",
       "building",
       "water at the walls of houses: the worst of the cells around the footprint",
       {{"first_wet", "s", "time from start until water stands at the wall", false},
        {"maximum_depth", "m", "greatest depth at the wall", false},
        {"maximum_water_level", "m", "highest water level at the wall", false},
        {"maximum_speed", "m s-1", "greatest speed at the wall", false},
        {"maximum_hazard", "1", "greatest hazard rating to people at the wall (FD2321)", false},
        {"hazard_class", "1", "worst hazard class at the wall, 1 to 6 for H1 to H6", false},
        {"unsafe_on_foot", "s",
         "time from start until the water at the wall is unsafe for children and the elderly (H3)", false}}},
      {"roads",
       "road",
       "water on roads: the deepest along each; what is under water at the start is a bridge",
       {{"closed_from", "s", "time from start until water closes the road", false},
        {"closed_until", "s", "last time from start at which it is closed", false},
        {"maximum_depth", "m", "greatest depth on it", false}}},
      {"sections",
       "section",
       "discharge through cross-sections, positive to the right of the line",
       {{"discharge", "m3 s-1", "discharge", true},
        {"maximum_discharge", "m3 s-1", "greatest discharge so far", false}}},
  };
}

/// The cell whose water a mark reads, or nothing within reach.
struct MarkReading {
  bool is_wet = false;
  CellWater water;
  double distance = nan;
};

MarkReading read_mark(const State& state, const Handles& handles, const Domain& domain, Point point,
                      double film) {
  const Grid& grid = domain.grid;
  const auto home = grid.cell_at(point);
  MarkReading best;
  if (!home) return best;
  const Index reach = static_cast<Index>(std::ceil(mark_reach / grid.spacing));
  const CellWater here = water_at(state, handles, domain, *home, film);
  if (here.depth > mark_depth && !domain.is_blocked(home->i, home->j)) return {true, here, 0.0};
  for (Index j = home->j - reach; j <= home->j + reach; ++j) {
    for (Index i = home->i - reach; i <= home->i + reach; ++i) {
      if (!grid.holds({i, j}) || domain.is_blocked(i, j)) continue;
      const CellWater water = water_at(state, handles, domain, {i, j}, film);
      const Point centre = grid.centre({i, j});
      const double distance = std::hypot(centre.x - point.x, centre.y - point.y);
      if (!(water.depth > mark_depth) || distance > mark_reach) continue;
      if (best.is_wet && distance >= best.distance) continue;
      best = {true, water, distance};
    }
  }
  return best;
}

void raise_to(double& maximum, double value) {
  if (std::isfinite(value) && !(maximum >= value)) maximum = value;
}

/// Writes the diagnostic maps that somebody wants, row by row on all threads.
template <class Real>
void fill_diagnostics(State& state, const Handles& handles, const Domain& domain, Real film) {
  const auto wanted = [&](FieldHandle handle) {
    return handle ? state.field(handle).view<float>() : View<float>{};
  };
  const View<float> level = wanted(handles.water_level);
  const View<float> velocity_x = wanted(handles.velocity_x);
  const View<float> velocity_y = wanted(handles.velocity_y);
  const View<float> speed = wanted(handles.speed);
  if (!level && !velocity_x && !velocity_y && !speed) return;
  const State& now = state;
  const View<const Real> depth = now.field(handles.depth).view<Real>();
  const View<const Real> discharge_x = now.field(handles.discharge_x).view<Real>();
  const View<const Real> discharge_y = now.field(handles.discharge_y).view<Real>();
  const Field& bed = now.field(handles.bed);
  constexpr float missing = std::numeric_limits<float>::quiet_NaN();
  for_each_item(domain.grid.ny, [&](Index j) {
    for (Index i = 0; i < domain.grid.nx; ++i) {
      const bool is_open = !domain.is_blocked(i, j);
      const Real h = depth(i, j);
      if (level) {
        const double deepest = domain.greatest_depth({i, j}, static_cast<double>(h));
        const bool is_shown = is_open && deepest > mark_depth;
        level(i, j) = is_shown ? static_cast<float>(bed.value(i, j) + deepest) : missing;
      }
      const Real per_depth = inverse_depth(h, film);
      const Real u = discharge_x(i, j) * per_depth;
      const Real v = discharge_y(i, j) * per_depth;
      if (velocity_x) velocity_x(i, j) = is_open ? static_cast<float>(u) : missing;
      if (velocity_y) velocity_y(i, j) = is_open ? static_cast<float>(v) : missing;
      if (speed) speed(i, j) = is_open ? static_cast<float>(speed_of(u, v)) : missing;
    }
  });
}

}  // namespace

ModelInfo flood_info(const Parameters& parameters) {
  ModelInfo info;
  info.name = "flood";
  info.about = "two-dimensional shallow water flow over terrain";
  info.provides = prognostic_fields(parameters);
  for (FieldInfo& field : running_fields()) info.provides.push_back(std::move(field));
  info.provides.push_back(diagnostic("water_level", "m", "water level, missing where dry", ""));
  info.provides.push_back(diagnostic("velocity_x", "m s-1", "eastward velocity", ""));
  info.provides.push_back(diagnostic("velocity_y", "m s-1", "northward velocity", ""));
  info.provides.push_back(diagnostic("speed", "m s-1", "flow speed", ""));
  info.needs_layers = {"bed_elevation"};
  info.tables = table_infos();
  if (!parameters.structures.empty()) info.tables.push_back(structure_table(parameters));
  if (!parameters.structures.empty() && parameters.fast) info.tables.push_back(structure_face_table());
  if (!parameters.measures.empty()) info.tables.push_back(measure_table());
  info.scalars = {"flood.wave_speed", "flood.volume_at_start", "flood.unrecorded_time"};
  declare_tracers(info, parameters);
  return info;
}

Handles resolve(const Schema& schema, const Parameters& parameters) {
  Handles handles;
  handles.depth = schema.field("water_depth");
  handles.discharge_x = schema.field("unit_discharge_x");
  handles.discharge_y = schema.field("unit_discharge_y");
  handles.carry = schema.find_field("water_depth_carry");
  handles.infiltrated_depth = schema.find_field("infiltrated_depth");
  handles.infiltration_capacity = schema.find_field("infiltration_capacity");
  handles.bed = schema.field("bed");
  handles.roughness = schema.field("manning_roughness");
  handles.maximum_depth = schema.find_field("maximum_depth");
  handles.maximum_speed = schema.find_field("maximum_speed");
  handles.maximum_unit_discharge = schema.find_field("maximum_unit_discharge");
  handles.maximum_hazard = schema.find_field("maximum_hazard");
  handles.hazard_class = schema.find_field("hazard_class");
  handles.arrival_time = schema.find_field("arrival_time");
  handles.wet_duration = schema.find_field("wet_duration");
  handles.water_level = schema.find_field("water_level");
  handles.velocity_x = schema.find_field("velocity_x");
  handles.velocity_y = schema.find_field("velocity_y");
  handles.speed = schema.find_field("speed");
  handles.gauges = schema.table("gauges");
  handles.marks = schema.table("marks");
  handles.buildings = schema.table("buildings");
  handles.sections = schema.table("sections");
  handles.roads = schema.table("roads");
  handles.structures = schema.find_table("structures");
  handles.measures = schema.find_table("measures");
  handles.structure_faces = schema.find_table("structure_faces");
  handles.wave_speed = schema.scalar("flood.wave_speed");
  handles.volume_at_start = schema.scalar("flood.volume_at_start");
  handles.unrecorded_time = schema.scalar("flood.unrecorded_time");
  handles.tracers = resolve_tracers(schema, parameters);
  return handles;
}

CellWater water_at(const State& state, const Handles& handles, const Domain& domain, Cell cell, double film) {
  CellWater water;
  const double mean_depth = state.field(handles.depth).value(cell.i, cell.j);
  water.depth = domain.greatest_depth(cell, mean_depth);
  water.level = state.field(handles.bed).value(cell.i, cell.j) + water.depth;
  water.u = velocity(mean_depth, state.field(handles.discharge_x).value(cell.i, cell.j), film);
  water.v = velocity(mean_depth, state.field(handles.discharge_y).value(cell.i, cell.j), film);
  return water;
}

double section_discharge(const State& state, const Handles& handles, const std::vector<SectionTerm>& terms) {
  const Field& x = state.field(handles.discharge_x);
  const Field& y = state.field(handles.discharge_y);
  double sum = 0.0;
  for (const SectionTerm& term : terms) {
    sum +=
        x.value(term.cell.i, term.cell.j) * term.x_weight + y.value(term.cell.i, term.cell.j) * term.y_weight;
  }
  return sum;
}

void observe_fields(State& state, const Handles& handles, const Domain& domain,
                    const Parameters& parameters) {
  if (parameters.precision == ElementType::float32) {
    fill_diagnostics<float>(state, handles, domain, static_cast<float>(parameters.film_depth));
  } else {
    fill_diagnostics<double>(state, handles, domain, parameters.film_depth);
  }
  observe_tracer_fields(state, handles, domain);
}

void observe_tables(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                    const Parameters& parameters) {
  const double film = parameters.film_depth;
  const auto water = [&](Cell cell) { return water_at(state, handles, domain, cell, film); };
  Table& gauges = state.table(handles.gauges);
  const std::vector<const Place*> gauge_places = twin.places_of("gauge");
  for (std::size_t row = 0; row < gauge_places.size(); ++row) {
    const CellWater w = water(gauge_places[row]->cells.front());
    gauges.column("water_level")[row] = w.level;
    gauges.column("water_depth")[row] = w.depth;
    gauges.column("velocity_x")[row] = w.u;
    gauges.column("velocity_y")[row] = w.v;
    observe_tracers_at(state, handles, domain, gauge_places[row]->cells.front(), gauges, row);
  }
  Table& marks = state.table(handles.marks);
  const std::vector<const Place*> mark_places = twin.places_of("mark");
  for (std::size_t row = 0; row < mark_places.size(); ++row) {
    const MarkReading reading = read_mark(state, handles, domain, mark_places[row]->points.front(), film);
    marks.column("water_level")[row] = reading.is_wet ? reading.water.level : nan;
    marks.column("water_depth")[row] = reading.is_wet ? reading.water.depth : 0.0;
    marks.column("distance")[row] = reading.distance;
  }
  Table& sections = state.table(handles.sections);
  for (std::size_t row = 0; row < domain.sections.size(); ++row) {
    sections.column("discharge")[row] = section_discharge(state, handles, domain.sections[row]);
  }
}

namespace {

/// Depth of the water in a cell that a house or road looks at, and that water.
CellWater water_beside(const State& state, const Handles& handles, const Domain& domain, Cell cell,
                       double film) {
  const Cell solver_cell = domain.solver_cell(cell);
  if (!(state.field(handles.depth).value(solver_cell.i, solver_cell.j) > 0.0)) return {};
  CellWater water = water_at(state, handles, domain, solver_cell, film);
  if (domain.subgrid) water.depth = domain.subgrid->depth_over(cell, water.level);
  return water;
}

/// The cells of a house or road, or none where no water is around.
template <class Watched>
const std::vector<Cell>& cells_near_water(const State& state, const Handles& handles,
                                          const Watched& watched) {
  static const std::vector<Cell> none;
  const Field& depth = state.field(handles.depth);
  const bool is_wet = std::any_of(watched.solver_cells.begin(), watched.solver_cells.end(),
                                  [&](Cell cell) { return depth.value(cell.i, cell.j) > 0.0; });
  return is_wet ? watched.cells : none;
}

void accumulate_roads(State& state, const Handles& handles, const Domain& domain,
                      const Parameters& parameters, Microseconds now) {
  Table& roads = state.table(handles.roads);
  std::vector<double>& closed_from = roads.column("closed_from");
  std::vector<double>& closed_until = roads.column("closed_until");
  std::vector<double>& maximum_depth = roads.column("maximum_depth");
  for (std::size_t row = 0; row < domain.roads.size(); ++row) {
    const RoadCells& road = domain.roads[row];
    double deepest = 0.0;
    for (const Cell cell : cells_near_water(std::as_const(state), handles, road)) {
      const CellWater water =
          water_beside(std::as_const(state), handles, domain, cell, parameters.film_depth);
      const double over_surface = std::isnan(road.surface) ? water.depth : water.level - road.surface;
      deepest = std::max(deepest, std::min(water.depth, over_surface));
    }
    raise_to(maximum_depth[row], deepest);
    if (deepest < parameters.road_closure_depth) continue;
    if (std::isnan(closed_from[row])) closed_from[row] = to_seconds(now);
    closed_until[row] = to_seconds(now);
  }
}

}  // namespace

void accumulate_tables(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                       const Parameters& parameters, Microseconds now, Context* context) {
  const double film = parameters.film_depth;
  const std::vector<const Place*> building_places = twin.places_of("building");
  Table& buildings = state.table(handles.buildings);
  auto& maximum_depth = buildings.column("maximum_depth");
  auto& maximum_water_level = buildings.column("maximum_water_level");
  auto& maximum_speed = buildings.column("maximum_speed");
  auto& maximum_hazard = buildings.column("maximum_hazard");
  auto& worst_class = buildings.column("hazard_class");
  auto& first_wets = buildings.column("first_wet");
  auto& unsafe_on_foot = buildings.column("unsafe_on_foot");
  accumulate_roads(state, handles, domain, parameters, now);
  for (std::size_t row = 0; row < domain.buildings.size(); ++row) {
    double deepest = 0.0;
    Cell deepest_cell;
    double highest = nan;
    double fastest = 0.0;
    double rating = 0.0;
    double category = 0.0;
    for (const Cell cell : cells_near_water(std::as_const(state), handles, domain.buildings[row])) {
      const CellWater w = water_beside(std::as_const(state), handles, domain, cell, film);
      if (w.depth < parameters.arrival_depth) continue;
      const auto depth = static_cast<float>(w.depth);
      const auto speed = static_cast<float>(std::sqrt(w.u * w.u + w.v * w.v));
      if (w.depth > deepest) deepest_cell = cell;
      deepest = std::max(deepest, w.depth);
      if (!(w.level <= highest)) highest = w.level;
      fastest = std::max(fastest, static_cast<double>(speed));
      rating = std::max(rating, static_cast<double>(hazard_rating(
                                    depth, speed, static_cast<float>(parameters.debris_factor))));
      category = std::max(category, static_cast<double>(hazard_class(depth, speed)));
    }
    if (deepest > maximum_depth[row])
      note_origins(state, handles, domain, domain.solver_cell(deepest_cell), buildings, row);
    raise_to(maximum_depth[row], deepest);
    raise_to(maximum_water_level[row], highest);
    raise_to(maximum_speed[row], fastest);
    raise_to(maximum_hazard[row], rating);
    raise_to(worst_class[row], category);
    constexpr double unsafe_class = 3.0;
    if (category >= unsafe_class && std::isnan(unsafe_on_foot[row])) unsafe_on_foot[row] = to_seconds(now);
    double& first_wet = first_wets[row];
    if (deepest < parameters.arrival_depth || std::isfinite(first_wet)) continue;
    first_wet = to_seconds(now);
    if (context == nullptr) continue;
    Event event;
    event.occurred = now;
    event.effective = now;
    event.kind = "building wet";
    event.subject = building_places[row]->id;
    event.cause = fmt::format("water {:.2f} m deep at the wall", deepest);
    context->emit(std::move(event));
  }
  const std::vector<const Place*> gauge_places = twin.places_of("gauge");
  for (std::size_t row = 0; row < gauge_places.size(); ++row) {
    const CellWater w = water_at(state, handles, domain, gauge_places[row]->cells.front(), film);
    raise_to(state.table(handles.gauges).column("maximum_water_level")[row], w.level);
  }
  const std::vector<const Place*> mark_places = twin.places_of("mark");
  for (std::size_t row = 0; row < mark_places.size(); ++row) {
    const MarkReading reading = read_mark(state, handles, domain, mark_places[row]->points.front(), film);
    if (reading.is_wet)
      raise_to(state.table(handles.marks).column("maximum_water_level")[row], reading.water.level);
  }
  raise_tracer_maxima(state, handles, domain, parameters);
  for (std::size_t row = 0; row < domain.sections.size(); ++row) {
    raise_to(state.table(handles.sections).column("maximum_discharge")[row],
             section_discharge(state, handles, domain.sections[row]));
  }
}

}  // namespace dvinis::flood

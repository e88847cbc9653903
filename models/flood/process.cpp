#include "models/flood/process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/grid/parallel.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/structures/flow.hpp"
#include "models/flood/sub_steps.hpp"
#include "models/flood/tracers/flow.hpp"

namespace dvinis::flood {

namespace {

/// Waves are taken to run at least this fast, so that the first step over dry or still land is not absurdly
/// long: the celerity of water one centimetre deep [m s-1].
const double slowest_wave = std::sqrt(gravity * 0.01);

}  // namespace

template <class Real>
FloodProcess<Real>::FloodProcess(const Twin& twin, const Schema& schema, const Parameters& parameters)
    : bound_{twin,
             parameters,
             resolve(schema, parameters),
             make_domain(twin, parameters),
             Soil(twin, parameters),
             Rain(twin, parameters),
             chosen_instruction_set(),
             kernels<Real>(chosen_instruction_set()),
             {}} {
  if (bound_.domain.subgrid) bound_.tables = bound_.domain.subgrid->template view<Real>();
  const Layer* roughness = twin.find_layer("roughness");
  if (roughness == nullptr) return;
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i) {
      const double n = roughness->values.value(i, j);
      if (bound_.domain.is_blocked(i, j) || (n >= 0.0 && n <= 1.0)) continue;
      throw DataError(
          fmt::format("{}: roughness {} s/m^(1/3) at column {}, row {} from the south; allowed: 0 to 1",
                      roughness->source, n, i, j));
    }
  }
}

template <class Real>
void FloodProcess<Real>::initialise(State& state) const {
  const Handles& handles = bound_.handles;
  fill_start<Real>(state, handles, bound_.twin, bound_.domain);
  if (handles.infiltration_capacity) {
    const View<double> capacity = state.field(handles.infiltration_capacity).template view<double>();
    for (Index j = 0; j < capacity.ny; ++j) {
      for (Index i = 0; i < capacity.nx; ++i) capacity(i, j) = bound_.soil.start({i, j}).capacity;
    }
  }
  start_structures(state, handles.structures, bound_.domain.structures, bound_.parameters.tracers);
  if (bound_.domain.subgrid) start_structure_faces(state, handles.structure_faces, bound_.domain.structures);
  start_measures(state, handles.measures, bound_.domain.measures);
  state.scalar(handles.wave_speed) = -1.0;
  state.scalar(handles.volume_at_start) = volume(state);
  start_tracers(state, handles, bound_.domain);
  accumulate_tables(state, handles, bound_.twin, bound_.domain, bound_.parameters, state.time, nullptr);
}

template <class Real>
Arrays<Real> BoundFlood<Real>::arrays_of(State& state) const {
  const auto origin = [&](FieldHandle handle) { return state.field(handle).template view<Real>().origin; };
  Arrays<Real> arrays;
  arrays.nx = domain.grid.nx;
  arrays.ny = domain.grid.ny;
  arrays.pitch = state.field(handles.depth).pitch();
  arrays.depth = origin(handles.depth);
  arrays.discharge_x = origin(handles.discharge_x);
  arrays.discharge_y = origin(handles.discharge_y);
  if (handles.carry) arrays.carry = origin(handles.carry);
  arrays.bed = origin(handles.bed);
  arrays.datum = domain.datum.data();
  arrays.roughness = origin(handles.roughness);
  arrays.closed = domain.closed_origin();
  arrays.closed_pitch = domain.closed_pitch;
  if (domain.subgrid) arrays.subgrid = &tables;
  RunningArrays& running = arrays.running;
  const auto float_origin = [&](FieldHandle handle) -> float* {
    if (!handle) return nullptr;
    running.pitch = state.field(handle).pitch();
    return state.field(handle).view<float>().origin;
  };
  running.maximum_depth = float_origin(handles.maximum_depth);
  running.maximum_speed = float_origin(handles.maximum_speed);
  running.maximum_unit_discharge = float_origin(handles.maximum_unit_discharge);
  running.maximum_hazard = float_origin(handles.maximum_hazard);
  running.hazard_class = float_origin(handles.hazard_class);
  running.arrival_time = float_origin(handles.arrival_time);
  running.wet_duration = float_origin(handles.wet_duration);
  return arrays;
}

template <class Real>
RecordNumbers BoundFlood<Real>::record_numbers(const State& state, double time) const {
  return {static_cast<float>(parameters.debris_factor), static_cast<float>(parameters.arrival_depth),
          static_cast<float>(time), static_cast<float>(state.scalar(handles.unrecorded_time))};
}

template <class Real>
FastestWave BoundFlood<Real>::fastest_wave_in(const State& state, const Tile& tile) const {
  FastestWave fastest;
  for (Index j = tile.j0; j < tile.j1; ++j) {
    for (Index i = tile.i0; i < tile.i1; ++i) {
      const CellWater water = water_at(state, handles, domain, {i, j}, parameters.film_depth);
      if (!(water.depth > 0.0)) continue;
      const double speed = std::max(std::abs(water.u), std::abs(water.v)) + std::sqrt(gravity * water.depth);
      if (speed > fastest.speed) fastest = {speed, {i, j}};
    }
  }
  return fastest;
}

template <class Real>
FastestWave BoundFlood<Real>::fastest_wave(const State& state) const {
  return fastest_wave_in(state, {0, domain.grid.nx, 0, domain.grid.ny});
}

template <class Real>
double BoundFlood<Real>::stable_step(double wave_speed) const {
  const double step = parameters.courant * domain.grid.spacing / std::max(wave_speed, slowest_wave);
  return parameters.maximum_step ? std::min(step, *parameters.maximum_step) : step;
}

template <class Real>
InertialGuard<Real> BoundFlood<Real>::guard() const {
  const FastMode& fast = *parameters.fast;
  return {static_cast<Real>(fast.trusted_depth(domain.grid.spacing)), static_cast<Real>(fast.froude),
          static_cast<Real>(fast.level_step)};
}

template <class Real>
void FloodProcess<Real>::advance(State& state, Interval tick, Context& context) const {
  auto work = workspaces_.borrow(bound_.domain, bound_.parameters);
  SubSteps<Real>(bound_, *work, state, context).cover(tick);
  workspaces_.give_back(std::move(work));
  accumulate_tables(state, bound_.handles, bound_.twin, bound_.domain, bound_.parameters, tick.end, &context);
}

template <class Real>
double FloodProcess<Real>::first_step(const State& state) const {
  const auto& fast = bound_.parameters.fast;
  const double share = fast ? bound_.parameters.courant / fast->courant : 1.0;
  return bound_.stable_step(bound_.fastest_wave(state).speed * share);
}

/// A sub-step takes the state it starts from into the running fields; this does it for the last one. Taking a
/// state twice changes nothing. Running fields that only sample the flow keep to their own times: looking
/// more often must not change them.
template <class Real>
void FloodProcess<Real>::record(State& state) const {
  const Arrays<Real> arrays = bound_.arrays_of(state);
  if (!arrays.running.any() || bound_.parameters.record_every > 0.0) return;
  const RecordNumbers numbers = bound_.record_numbers(state, to_seconds(state.time));
  const Tiling& tiling = bound_.domain.tiling;
  for_each_item(tiling.rows(), [&](Index row) {
    bound_.kernels.record(arrays, static_cast<Real>(bound_.parameters.film_depth), numbers,
                          {0, row, tiling.columns(), 1});
  });
  state.scalar(bound_.handles.unrecorded_time) = 0.0;
}

template <class Real>
void FloodProcess<Real>::observe(State& state, Shown shown) const {
  observe_tables(state, bound_.handles, bound_.twin, bound_.domain, bound_.parameters);
  if (shown == Shown::series) return;
  record(state);
  observe_fields(state, bound_.handles, bound_.domain, bound_.parameters);
}

template <class Real>
double FloodProcess<Real>::volume(const State& state) const {
  const View<const Real> depth = state.field(bound_.handles.depth).template view<Real>();
  Sum sum;
  for (Index j = 0; j < depth.ny; ++j) {
    for (Index i = 0; i < depth.nx; ++i) {
      if (!bound_.domain.is_blocked(i, j)) sum.add(static_cast<double>(depth(i, j)));
    }
  }
  if (bound_.handles.carry) {
    const View<const Real> carry = state.field(bound_.handles.carry).template view<Real>();
    for (Index j = 0; j < carry.ny; ++j) {
      for (Index i = 0; i < carry.nx; ++i) {
        if (!bound_.domain.is_blocked(i, j)) sum.add(static_cast<double>(carry(i, j)));
      }
    }
  }
  return sum.value() * bound_.domain.grid.cell_area();
}

template <class Real>
std::vector<BudgetLine> FloodProcess<Real>::budgets(const State& state) const {
  const Handles& handles = bound_.handles;
  const auto closed = [&](const std::string& quantity, const std::string& unit, double at_start, double now) {
    BudgetLine line{.quantity = quantity, .unit = unit, .storage = now, .storage_at_start = at_start};
    Sum external;
    Sum entered;
    entered.add(at_start);
    for (const LedgerAccount& account : state.ledger) {
      if (account.quantity != quantity) continue;
      external.add(account.amount);
      external.add(account.low);
      if (account.amount > 0.0) entered.add(account.amount);
    }
    line.throughput = entered.value();
    line.error = (line.storage - line.storage_at_start) - external.value();
    return line;
  };
  std::vector<BudgetLine> lines = {closed(water_quantity, water_unit, state.scalar(handles.volume_at_start),
                                          volume(state) + water_in_structures(state, handles.structures))};
  for (std::size_t k = 0; k < bound_.domain.tracers.size(); ++k) {
    const Tracer& tracer = bound_.domain.tracers[k].tracer;
    lines.push_back(closed(tracer.quantity(), tracer.amount_unit(),
                           state.scalar(handles.tracers[k].amount_at_start),
                           amount_of_tracer(state, handles, bound_.domain, k)));
  }
  return lines;
}

template <class Real>
std::vector<std::string> FloodProcess<Real>::inputs() const {
  std::vector<std::string> names = {"bed_elevation", "roughness",  "initial_level",
                                    "initial_depth", "velocity_x", "velocity_y"};
  for (const std::string& name : layers_of(bound_.parameters.infiltration)) names.push_back(name);
  for (const std::string& name : bound_.rain.inputs()) names.push_back(name);
  for (const SourceCells& source : bound_.domain.sources) names.push_back(source.series->name);
  for (const Stretch& stretch : bound_.domain.stretches) {
    if (stretch.series != nullptr) names.push_back(stretch.series->name);
  }
  for (const Tracer& tracer : bound_.parameters.tracers) {
    for (const TracerInflow& inflow : tracer.inflows) {
      if (!inflow.series.empty()) names.push_back(inflow.series);
    }
  }
  return names;
}

template <class Real>
std::vector<std::string> FloodProcess<Real>::describe() const {
  const Grid& grid = bound_.domain.grid;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} x {} cells of {} m, {} open, {} without elevation, {} under houses",
                              grid.nx, grid.ny, grid.spacing, bound_.domain.open_cells,
                              bound_.domain.nodata_cells, bound_.domain.building_cells));
  lines.push_back(fmt::format(
      "{} precision on {}; bed rounded to {:.2g} m so that still water stays exactly still",
      sizeof(Real) == 4 ? "single" : "double", instruction_set_name(bound_.level), bound_.domain.quantum));
  if (const Subgrid* subgrid = bound_.domain.subgrid.get()) {
    lines.push_back(
        fmt::format("sub-grid tables from {} x {} finer cells of {} m in each cell, houses and walls in "
                    "them closed",
                    subgrid->ratio(), subgrid->ratio(), subgrid->finer().spacing));
  }
  if (const auto& fast = bound_.parameters.fast) {
    lines.push_back(fmt::format(
        "fast mode: local inertia up to Froude number {} and level steps of {} of the depth{}", fast->froude,
        fast->level_step,
        bound_.domain.subgrid ? ", beyond which sub-steps are counted" : "; full equations beyond"));
  }
  for (const SourceCells& source : bound_.domain.sources) {
    lines.push_back(fmt::format("{}: {} cells receive series '{}'", source.account, source.cells.size(),
                                source.series->name));
  }
  for (const Stretch& stretch : bound_.domain.stretches) {
    lines.push_back(fmt::format("{}: {} cells of the {} edge, {}", stretch.account,
                                stretch.last - stretch.first, edge_name(stretch.edge),
                                kind_name(stretch.kind)));
  }
  for (const BoundTracer& bound : bound_.domain.tracers) {
    const Tracer& tracer = bound.tracer;
    std::vector<std::string> ways;
    if (tracer.start > 0.0) ways.emplace_back("start");
    for (const TracerInflow& inflow : tracer.inflows) ways.push_back(inflow.of);
    lines.push_back(fmt::format("tracer '{}': {}{}{}", tracer.id, tracer.shown_field(),
                                ways.empty() ? "" : ", from ", fmt::join(ways, ", ")));
  }
  for (const PlacedStructure& placed : bound_.domain.structures.all) {
    const char* form = form_name(placed.structure.form);
    lines.push_back(is_pipe(placed.structure.form)
                        ? fmt::format("{} '{}' from column {}, row {} to column {}, row {}", form, placed.id,
                                      placed.inlet.i, placed.inlet.j, placed.outlet.i, placed.outlet.j)
                        : fmt::format("{} '{}': {:.1f} m along {} sides of cells", form, placed.id,
                                      placed.length, placed.faces.size()));
  }
  return lines;
}

template struct BoundFlood<float>;
template struct BoundFlood<double>;
template class FloodProcess<float>;
template class FloodProcess<double>;

}  // namespace dvinis::flood

#include "models/flood/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/grid/parallel.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {

namespace {

constexpr const char* quantity = "water";
constexpr const char* unit = "m3";

/// Waves are taken to run at least this fast, so that the first step over dry or still land is not absurdly
/// long: the celerity of water one centimetre deep [m s-1].
const double slowest_wave = std::sqrt(gravity * 0.01);

constexpr int most_halvings = 30;

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

template <class Real>
FloodProcess<Real>::FloodProcess(const Twin& twin, const Schema& schema, const Parameters& parameters)
    : twin_(twin),
      parameters_(parameters),
      handles_(resolve(schema)),
      domain_(make_domain(twin, parameters)),
      kernels_(kernels<Real>(chosen_instruction_set())),
      level_(chosen_instruction_set()) {
  if (!parameters.rain_series.empty()) {
    rain_ = twin.find_series(parameters.rain_series);
    if (rain_ == nullptr || rain_->unit != "m s-1") {
      throw ScenarioError(
          fmt::format("models.flood.rain: '{}' is no series of rain rates in 'm s-1' under 'series'",
                      parameters.rain_series));
    }
  }
  const Layer* roughness = twin.find_layer("roughness");
  if (roughness == nullptr) return;
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i) {
      const double n = roughness->values.value(i, j);
      if (domain_.is_blocked(i, j) || (n >= 0.0 && n <= 1.0)) continue;
      throw DataError(
          fmt::format("{}: roughness {} s/m^(1/3) at column {}, row {} from the south; allowed: 0 to 1",
                      roughness->source, n, i, j));
    }
  }
}

template <class Real>
void FloodProcess<Real>::initialise(State& state) const {
  fill_start<Real>(state, handles_, twin_, domain_);
  state.scalar(handles_.wave_speed) = -1.0;
  state.scalar(handles_.volume_at_start) = volume(state);
  accumulate_tables(state, handles_, twin_, domain_, parameters_, state.time, nullptr);
}

template <class Real>
typename FloodProcess<Real>::Scratch FloodProcess<Real>::make_scratch(const State& state) const {
  const Grid& grid = domain_.grid;
  const Tiling& tiling = domain_.tiling;
  const Field& depth = state.field(handles_.depth);
  Scratch scratch;
  for (Field* field : {&scratch.depth_step, &scratch.discharge_x_step, &scratch.discharge_y_step}) {
    *field = Field(depth.type(), grid.nx, grid.ny);
  }
  const auto tiles = static_cast<std::size_t>(tiling.count());
  scratch.frames.resize(tiles);
  scratch.is_wet.assign(tiles, 0);
  scratch.reports.resize(tiles);
  const View<const Real> h = depth.template view<Real>();
  const auto datum = [&](Index t) { return domain_.datum[static_cast<std::size_t>(t)]; };
  for (Index t = 0; t < tiling.count(); ++t) {
    const Tile tile = tiling.tile(t);
    TileFrame<Real>& frame = scratch.frames[static_cast<std::size_t>(t)];
    frame.i0 = tile.i0;
    frame.i1 = tile.i1;
    frame.j0 = tile.j0;
    frame.j1 = tile.j1;
    for (Index dj = -1; dj <= 1; ++dj) {
      for (Index di = -1; di <= 1; ++di) {
        // Beyond the domain the halo repeats the edge: no step there.
        const Index column = std::clamp<Index>(t % tiling.columns() + di, 0, tiling.columns() - 1);
        const Index row = std::clamp<Index>(t / tiling.columns() + dj, 0, tiling.rows() - 1);
        frame.datum_step[dj + 1][di + 1] =
            static_cast<Real>(datum(row * tiling.columns() + column) - datum(t));
      }
    }
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) {
        if (h(i, j) > Real(0)) scratch.is_wet[static_cast<std::size_t>(t)] = 1;
      }
    }
  }
  for (int edge = 0; edge < 4; ++edge) {
    const auto cells = static_cast<std::size_t>(edge < 2 ? grid.ny : grid.nx);
    scratch.outflow[edge].assign(cells, Real(0));
    scratch.imposed[edge].assign(cells, std::numeric_limits<Real>::quiet_NaN());
  }
  return scratch;
}

template <class Real>
Arrays<Real> FloodProcess<Real>::arrays_of(State& state, Scratch& scratch) const {
  const auto origin = [&](FieldHandle handle) { return state.field(handle).template view<Real>().origin; };
  Arrays<Real> arrays;
  arrays.pitch = state.field(handles_.depth).pitch();
  arrays.depth = origin(handles_.depth);
  arrays.discharge_x = origin(handles_.discharge_x);
  arrays.discharge_y = origin(handles_.discharge_y);
  if (handles_.carry) arrays.carry = origin(handles_.carry);
  arrays.bed = origin(handles_.bed);
  arrays.roughness = origin(handles_.roughness);
  arrays.closed = domain_.closed_origin();
  arrays.closed_pitch = domain_.closed_pitch;
  arrays.depth_step = scratch.depth_step.template view<Real>().origin;
  arrays.discharge_x_step = scratch.discharge_x_step.template view<Real>().origin;
  arrays.discharge_y_step = scratch.discharge_y_step.template view<Real>().origin;
  const auto running = [&](FieldHandle handle) -> float* {
    if (!handle) return nullptr;
    arrays.running_pitch = state.field(handle).pitch();
    return state.field(handle).view<float>().origin;
  };
  arrays.maximum_depth = running(handles_.maximum_depth);
  arrays.maximum_speed = running(handles_.maximum_speed);
  arrays.maximum_unit_discharge = running(handles_.maximum_unit_discharge);
  arrays.maximum_hazard = running(handles_.maximum_hazard);
  arrays.hazard_class = running(handles_.hazard_class);
  arrays.arrival_time = running(handles_.arrival_time);
  arrays.wet_duration = running(handles_.wet_duration);
  return arrays;
}

template <class Real>
EdgeFluxes<Real> FloodProcess<Real>::edges_of(Scratch& scratch) const {
  const auto line = [&](Edge edge) {
    const auto k = static_cast<std::size_t>(edge);
    return EdgeLine<Real>{scratch.outflow[k].data(), scratch.imposed[k].data()};
  };
  return {line(Edge::west), line(Edge::east), line(Edge::south), line(Edge::north)};
}

/// Wet tiles, their eight neighbours, tiles under a source or behind an open rim; all of them when it rains.
template <class Real>
void FloodProcess<Real>::choose_active(Scratch& scratch, bool is_raining) const {
  const Tiling& tiling = domain_.tiling;
  std::vector<std::uint8_t> is_active(static_cast<std::size_t>(tiling.count()), is_raining ? 1 : 0);
  const auto wake = [&](Index column, Index row) {
    if (column < 0 || row < 0 || column >= tiling.columns() || row >= tiling.rows()) return;
    is_active[static_cast<std::size_t>(row * tiling.columns() + column)] = 1;
  };
  for (Index t = 0; t < tiling.count(); ++t) {
    if (scratch.is_wet[static_cast<std::size_t>(t)] == 0) continue;
    for (Index dj = -1; dj <= 1; ++dj) {
      for (Index di = -1; di <= 1; ++di) wake(t % tiling.columns() + di, t / tiling.columns() + dj);
    }
  }
  for (const SourceCells& source : domain_.sources) {
    for (const Cell cell : source.cells) wake(cell.i / Tiling::width, cell.j / Tiling::height);
  }
  for (const Stretch& stretch : domain_.stretches) {
    if (stretch.kind == BoundaryKind::free) continue;
    for (Index k = stretch.first; k < stretch.last; ++k) {
      const Cell cell = stretch.cell(k, domain_.grid);
      wake(cell.i / Tiling::width, cell.j / Tiling::height);
    }
  }
  scratch.active.clear();
  for (Index t = 0; t < tiling.count(); ++t) {
    if (is_active[static_cast<std::size_t>(t)] != 0) scratch.active.push_back(t);
  }
}

template <class Real>
double FloodProcess<Real>::stable_step(double wave_speed) const {
  const double step = parameters_.courant * domain_.grid.spacing / std::max(wave_speed, slowest_wave);
  return parameters_.maximum_step ? std::min(step, *parameters_.maximum_step) : step;
}

/// A source may not heap up in one step more water than could run off in it: dt sqrt(g w dt) <= C dx for a
/// rise of w [m s-1].
template <class Real>
double FloodProcess<Real>::source_step(double time) const {
  double step = std::numeric_limits<double>::infinity();
  for (const SourceCells& source : domain_.sources) {
    const double rise =
        source.series->at(time) / (static_cast<double>(source.cells.size()) * domain_.grid.cell_area());
    if (!(rise > 0.0)) continue;
    const double reach = parameters_.courant * domain_.grid.spacing;
    step = std::min(step, std::cbrt(reach * reach / (gravity * rise)));
  }
  return step;
}

template <class Real>
double FloodProcess<Real>::find_increments(State& state, Scratch& scratch, const Arrays<Real>& arrays,
                                           double time, double dt) const {
  const EdgeFluxes<Real> edges = edges_of(scratch);
  const Grid& grid = domain_.grid;
  for (int halving = 0;;) {
    const double rim_speed =
        fill_rim<Real>(domain_, time + 0.5 * dt, state.field(handles_.depth).template view<Real>(),
                       state.field(handles_.discharge_x).template view<Real>(),
                       state.field(handles_.discharge_y).template view<Real>(),
                       std::as_const(state).field(handles_.roughness).template view<Real>(),
                       parameters_.film_depth, scratch.imposed);
    // Water that is only about to enter limits the step too: onto a dry bed nothing inside would.
    if (const double stable = stable_step(rim_speed); dt > stable) {
      dt = stable;
      continue;
    }
    StepNumbers<Real> numbers;
    numbers.dt = static_cast<Real>(dt);
    numbers.spacing = static_cast<Real>(grid.spacing);
    numbers.film = static_cast<Real>(parameters_.film_depth);
    for_each_item(static_cast<Index>(scratch.active.size()), [&](Index k) {
      const auto t = static_cast<std::size_t>(scratch.active[static_cast<std::size_t>(k)]);
      scratch.reports[t] = {};
      kernels_.increments(arrays, scratch.frames[t], numbers, grid.nx, grid.ny, edges, &scratch.reports[t]);
    });
    Index negative = 0;
    for (const Index t : scratch.active)
      negative += scratch.reports[static_cast<std::size_t>(t)].negative_cells;
    if (negative == 0) return dt;
    if (halving == most_halvings) {
      throw NumericalError(fmt::format(
          "flood: at {} s, {} cells would give away more water than they hold even with a step of {:.3g} s",
          time, negative, dt));
    }
    state.book("sub-steps", "1", "flood: repeated smaller", 1.0);
    ++halving;
    dt *= 0.5;
  }
}

template <class Real>
void FloodProcess<Real>::add_sources(State& state, Scratch& scratch, double time, double dt) const {
  const View<Real> step = scratch.depth_step.template view<Real>();
  const View<const Real> depth = std::as_const(state).field(handles_.depth).template view<Real>();
  for (const SourceCells& source : domain_.sources) {
    const double wanted = source.series->integral(time, time + dt);
    const double area = domain_.grid.cell_area();
    const double per_cell = wanted / (static_cast<double>(source.cells.size()) * area);
    Sum given;
    for (const Cell cell : source.cells) {
      // A withdrawal takes at most what is there after this step's exchange with the neighbours.
      const double there =
          static_cast<double>(depth(cell.i, cell.j)) + static_cast<double>(step(cell.i, cell.j));
      const Real amount = static_cast<Real>(std::max(per_cell, -std::max(there, 0.0)));
      step(cell.i, cell.j) += amount;
      given.add(static_cast<double>(amount));
    }
    state.book(quantity, unit, source.account, given.value() * area);
    const double shortfall = given.value() * area - wanted;
    if (wanted < 0.0 && shortfall > 1e-9 * -wanted) {
      state.book("unmet withdrawal", unit, source.account, shortfall);
    }
  }
}

template <class Real>
void FloodProcess<Real>::book_edges(State& state, const Scratch& scratch, double dt) const {
  const Real ratio = static_cast<Real>(dt) / static_cast<Real>(domain_.grid.spacing);
  for (const Stretch& stretch : domain_.stretches) {
    Sum out;
    const std::vector<Real>& line = scratch.outflow[static_cast<std::size_t>(stretch.edge)];
    for (Index k = stretch.first; k < stretch.last; ++k) {
      out.add(static_cast<double>(ratio * line[static_cast<std::size_t>(k)]));
    }
    state.book(quantity, unit, stretch.account, -out.value() * domain_.grid.cell_area());
  }
}

template <class Real>
void FloodProcess<Real>::apply_step(State& state, Scratch& scratch, const Arrays<Real>& arrays, double time,
                                    double dt, Context& context) const {
  const double rain = rain_ != nullptr ? rain_->integral(time, time + dt) : parameters_.constant_rain * dt;
  StepNumbers<Real> numbers;
  numbers.dt = static_cast<Real>(dt);
  numbers.spacing = static_cast<Real>(domain_.grid.spacing);
  numbers.film = static_cast<Real>(parameters_.film_depth);
  numbers.rain_depth = static_cast<Real>(std::max(rain, 0.0));
  numbers.debris = static_cast<Real>(parameters_.debris_factor);
  numbers.arrival_depth = static_cast<float>(parameters_.arrival_depth);
  numbers.time = static_cast<float>(time + dt);
  for_each_item(static_cast<Index>(scratch.active.size()), [&](Index k) {
    const auto t = static_cast<std::size_t>(scratch.active[static_cast<std::size_t>(k)]);
    scratch.reports[t] = {};
    kernels_.apply(arrays, scratch.frames[t], numbers, &scratch.reports[t]);
  });
  double fastest = 0.0;
  Cell where;
  Index wet_cells = 0;
  Sum clipped;
  for (const Index t : scratch.active) {
    const TileReport& report = scratch.reports[static_cast<std::size_t>(t)];
    scratch.is_wet[static_cast<std::size_t>(t)] = report.wet_cells > 0 ? 1 : 0;
    wet_cells += report.wet_cells;
    clipped.add(report.clipped_depth);
    if (report.largest_speed > fastest) {
      fastest = report.largest_speed;
      where = {report.fastest_i, report.fastest_j};
    }
    if (!report.is_finite) {
      const Tile tile = domain_.tiling.tile(t);
      throw NumericalError(
          fmt::format("flood: at {:.6f} s a depth or velocity is no longer a number in columns {} to {}, "
                      "rows {} to {} from the south",
                      time, tile.i0, tile.i1 - 1, tile.j0, tile.j1 - 1));
    }
  }
  if (numbers.rain_depth > Real(0)) {
    state.book(quantity, unit, "rain",
               static_cast<double>(numbers.rain_depth) * static_cast<double>(domain_.open_cells) *
                   domain_.grid.cell_area());
  }
  if (clipped.value() > 0.0)
    state.book(quantity, unit, "clipped", clipped.value() * domain_.grid.cell_area());
  state.scalar(handles_.wave_speed) = fastest;
  ++state.steps;
  context.report(dt, fmt::format("waves of {:.2f} m/s at column {}, row {}", fastest, where.i, where.j),
                 wet_cells);
}

template <class Real>
void FloodProcess<Real>::advance(State& state, Interval tick, Context& context) const {
  Scratch scratch = make_scratch(state);
  const Arrays<Real> arrays = arrays_of(state, scratch);
  const double begin = to_seconds(tick.begin);
  const double length = to_seconds(tick.end - tick.begin);
  if (state.scalar(handles_.wave_speed) < 0.0) state.scalar(handles_.wave_speed) = first_wave_speed(state);
  double elapsed = 0.0;
  Stopwatch watch;
  while (elapsed < length) {
    const double left = length - elapsed;
    const double stable =
        std::min(stable_step(state.scalar(handles_.wave_speed)), source_step(begin + elapsed));
    // The last two steps of a tick share what is left, so that no sliver remains.
    double dt = stable >= left ? left : stable * 2.0 > left ? 0.5 * left : stable;
    choose_active(scratch, parameters_.has_rain());
    dt = find_increments(state, scratch, arrays, begin + elapsed, dt);
    context.profile("flood: fluxes", watch.lap());
    add_sources(state, scratch, begin + elapsed, dt);
    book_edges(state, scratch, dt);
    apply_step(state, scratch, arrays, begin + elapsed, dt, context);
    context.profile("flood: update", watch.lap());
    elapsed = dt >= left ? length : elapsed + dt;
  }
  accumulate_tables(state, handles_, twin_, domain_, parameters_, tick.end, &context);
  context.profile("flood: tables", watch.lap());
}

template <class Real>
double FloodProcess<Real>::first_wave_speed(const State& state) const {
  double fastest = 0.0;
  for (Index j = 0; j < domain_.grid.ny; ++j) {
    for (Index i = 0; i < domain_.grid.nx; ++i) {
      const CellWater water = water_at(state, handles_, {i, j}, parameters_.film_depth);
      if (!(water.depth > 0.0)) continue;
      fastest = std::max(fastest,
                         std::max(std::abs(water.u), std::abs(water.v)) + std::sqrt(gravity * water.depth));
    }
  }
  return fastest;
}

template <class Real>
double FloodProcess<Real>::first_step(const State& state) const {
  return stable_step(first_wave_speed(state));
}

template <class Real>
void FloodProcess<Real>::observe(State& state) const {
  observe_flood(state, handles_, twin_, domain_, parameters_);
}

template <class Real>
double FloodProcess<Real>::volume(const State& state) const {
  const View<const Real> depth = state.field(handles_.depth).template view<Real>();
  Sum sum;
  for (Index j = 0; j < depth.ny; ++j) {
    for (Index i = 0; i < depth.nx; ++i) {
      if (!domain_.is_blocked(i, j)) sum.add(static_cast<double>(depth(i, j)));
    }
  }
  if (handles_.carry) {
    const View<const Real> carry = state.field(handles_.carry).template view<Real>();
    for (Index j = 0; j < carry.ny; ++j) {
      for (Index i = 0; i < carry.nx; ++i) {
        if (!domain_.is_blocked(i, j)) sum.add(static_cast<double>(carry(i, j)));
      }
    }
  }
  return sum.value() * domain_.grid.cell_area();
}

template <class Real>
std::vector<BudgetLine> FloodProcess<Real>::budgets(const State& state) const {
  BudgetLine line{.quantity = quantity, .unit = unit};
  line.storage = volume(state);
  line.storage_at_start = state.scalar(handles_.volume_at_start);
  Sum external;
  Sum entered;
  entered.add(line.storage_at_start);
  for (const LedgerAccount& account : state.ledger) {
    if (account.quantity != quantity) continue;
    external.add(account.amount);
    external.add(account.low);
    if (account.amount > 0.0) entered.add(account.amount);
  }
  line.throughput = entered.value();
  line.error = (line.storage - line.storage_at_start) - external.value();
  return {line};
}

template <class Real>
std::vector<std::string> FloodProcess<Real>::inputs() const {
  std::vector<std::string> names = {"bed_elevation", "roughness",  "initial_level",
                                    "initial_depth", "velocity_x", "velocity_y"};
  if (rain_ != nullptr) names.push_back(rain_->name);
  for (const SourceCells& source : domain_.sources) names.push_back(source.series->name);
  for (const Stretch& stretch : domain_.stretches) {
    if (stretch.series != nullptr) names.push_back(stretch.series->name);
  }
  return names;
}

template <class Real>
std::vector<std::string> FloodProcess<Real>::describe() const {
  const Grid& grid = domain_.grid;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} x {} cells of {} m, {} open, {} without elevation, {} under houses",
                              grid.nx, grid.ny, grid.spacing, domain_.open_cells, domain_.nodata_cells,
                              domain_.building_cells));
  lines.push_back(
      fmt::format("{} precision on {}; bed rounded to {:.2g} m so that still water stays exactly still",
                  sizeof(Real) == 4 ? "single" : "double", instruction_set_name(level_), domain_.quantum));
  for (const SourceCells& source : domain_.sources) {
    lines.push_back(fmt::format("{}: {} cells receive series '{}'", source.account, source.cells.size(),
                                source.series->name));
  }
  for (const Stretch& stretch : domain_.stretches) {
    lines.push_back(fmt::format("{}: {} cells of the {} edge, {}", stretch.account,
                                stretch.last - stretch.first, edge_name(stretch.edge),
                                kind_name(stretch.kind)));
  }
  return lines;
}

template class FloodProcess<float>;
template class FloodProcess<double>;

}  // namespace dvinis::flood

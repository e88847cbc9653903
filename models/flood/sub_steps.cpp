#include "models/flood/sub_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/grid/parallel.hpp"
#include "models/flood/boundary.hpp"
#include "models/flood/inertial.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {

namespace {

constexpr int most_halvings = 30;

/// The full equations are stable up to here; in fast mode a few tiles with them must not slow the others.
constexpr double full_courant_of_fast_mode = 0.5;

template <class Real>
InertialGuard<Real> guard_of(const FastMode& fast) {
  return {static_cast<Real>(fast.depth), static_cast<Real>(fast.froude), static_cast<Real>(fast.level_step)};
}

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
SubSteps<Real>::SubSteps(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state, Context& context)
    : bound_(bound),
      domain_(bound.domain),
      parameters_(bound.parameters),
      work_(work),
      state_(state),
      context_(context) {}

template <class Real>
void SubSteps<Real>::cover(Interval tick) {
  const double begin = to_seconds(tick.begin);
  const double length = to_seconds(tick.end - tick.begin);
  Stopwatch watch;
  look_for_water();
  if (state_.scalar(bound_.handles.wave_speed) < 0.0) {
    state_.scalar(bound_.handles.wave_speed) = bound_.fastest_wave(state_).speed;
  }
  context_.profile("flood: look", watch.lap());
  double elapsed = 0.0;
  double dt = 0.0;
  while (elapsed < length) {
    const double left = length - elapsed;
    const double stable =
        std::min(bound_.stable_step(state_.scalar(bound_.handles.wave_speed)), source_step(begin + elapsed));
    // The last two steps of a tick share what is left, so that no sliver remains.
    dt = stable >= left ? left : stable * 2.0 > left ? 0.5 * left : stable;
    choose_active();
    context_.profile("flood: activity", watch.lap());
    dt = sweep(begin + elapsed, dt);
    context_.profile("flood: sweep", watch.lap());
    take_step(begin + elapsed, dt);
    context_.profile("flood: ledger", watch.lap());
    elapsed = dt >= left ? length : elapsed + dt;
  }
  tell(dt);
}

/// The State may have been changed between ticks: which tiles hold water, and whether anything is rough.
template <class Real>
void SubSteps<Real>::look_for_water() {
  const State& state = state_;
  const View<const Real> depth = state.field(bound_.handles.depth).template view<Real>();
  const View<const Real> roughness = state.field(bound_.handles.roughness).template view<Real>();
  std::vector<std::uint8_t> is_rough(work_.is_wet.size(), 0);
  std::vector<Index> wet_cells(work_.is_wet.size(), 0);
  for_each_item(domain_.tiling.count(), [&](Index t) {
    const Tile tile = domain_.tiling.tile(t);
    const auto wet_in = [&](Index i0, Index i1, Index j0, Index j1) {
      Index wet = 0;
      for (Index j = j0; j < j1; ++j) {
        for (Index i = i0; i < i1; ++i) wet += depth(i, j) > Real(0) ? 1 : 0;
      }
      return wet;
    };
    const Index wet = wet_in(tile.i0, tile.i1, tile.j0, tile.j1);
    unsigned borders = 0;
    if (wet_in(tile.i0, tile.i0 + 1, tile.j0, tile.j1) > 0) borders |= border_west;
    if (wet_in(tile.i1 - 1, tile.i1, tile.j0, tile.j1) > 0) borders |= border_east;
    if (wet_in(tile.i0, tile.i1, tile.j0, tile.j0 + 1) > 0) borders |= border_south;
    if (wet_in(tile.i0, tile.i1, tile.j1 - 1, tile.j1) > 0) borders |= border_north;
    Real roughest = 0;
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) roughest = larger(roughest, roughness(i, j));
    }
    if (parameters_.fast)
      work_.is_full[static_cast<std::size_t>(t)] = wet > 0 && !domain_.subgrid && needs_full_equations(tile);
    wet_cells[static_cast<std::size_t>(t)] = wet;
    work_.wet_borders[static_cast<std::size_t>(t)] = static_cast<std::uint8_t>(borders);
    work_.is_wet[static_cast<std::size_t>(t)] = wet > 0 ? 1 : 0;
    work_.is_still[static_cast<std::size_t>(t)] = 0;
    is_rough[static_cast<std::size_t>(t)] = roughest > Real(0) ? 1 : 0;
  });
  wet_cells_ = std::accumulate(wet_cells.begin(), wet_cells.end(), Index{0});
  has_friction_ = std::find(is_rough.begin(), is_rough.end(), 1) != is_rough.end();
}

/// True where the state of a tile is nothing for the fast mode. Within a tick a tile that turns to the full
/// equations keeps them.
template <class Real>
bool SubSteps<Real>::needs_full_equations(const Tile& tile) const {
  const State& state = state_;
  const auto view = [&](FieldHandle handle) { return state.field(handle).template view<Real>(); };
  const View<const Real> depth = view(bound_.handles.depth);
  const View<const Real> x = view(bound_.handles.discharge_x);
  const View<const Real> y = view(bound_.handles.discharge_y);
  const InertialGuard<Real> guard = guard_of<Real>(*parameters_.fast);
  const auto is_beyond_at = [&](Cell left, Cell right, const View<const Real>& normal) {
    if (!domain_.grid.holds(left) || domain_.is_blocked(left.i, left.j) ||
        domain_.is_blocked(right.i, right.j))
      return false;
    const auto bed_step =
        static_cast<Real>(domain_.bed_at(right.i, right.j) - domain_.bed_at(left.i, left.j));
    const auto side = [&](Cell cell) {
      return InertialSide<Real>{depth(cell.i, cell.j), normal(cell.i, cell.j), Real(0), Real(0)};
    };
    const FaceWater<Real> water = water_between(side(left), side(right), bed_step);
    return is_beyond(water.depth, water.level_step,
                     Real(0.5) * (normal(left.i, left.j) + normal(right.i, right.j)), guard) != 0;
  };
  for (Index j = tile.j0; j < tile.j1; ++j) {
    for (Index i = tile.i0; i < tile.i1; ++i) {
      if (is_beyond_at({i - 1, j}, {i, j}, x) || is_beyond_at({i, j - 1}, {i, j}, y)) return true;
    }
  }
  return false;
}

/// A tile that nothing moved in, among tiles that nothing moved in, stays as it is. Running fields have taken
/// it too, unless they count time or only sample the flow.
template <class Real>
void SubSteps<Real>::send_still_tiles_to_sleep() {
  std::fill(work_.is_asleep.begin(), work_.is_asleep.end(), 0);
  const bool counts_time = bound_.arrays_of(state_).running.wet_duration != nullptr;
  if (is_record_due() && (counts_time || parameters_.record_every > 0.0)) return;
  const Tiling& tiling = domain_.tiling;
  const auto is_moving = [&](Index column, Index row) {
    if (column < 0 || row < 0 || column >= tiling.columns() || row >= tiling.rows()) return false;
    return work_.is_still[static_cast<std::size_t>(row * tiling.columns() + column)] == 0;
  };
  for (Index t = 0; t < tiling.count(); ++t) {
    const Index column = t % tiling.columns();
    const Index row = t / tiling.columns();
    bool is_asleep = true;
    for (Index k = 0; k < 9 && is_asleep; ++k) is_asleep = !is_moving(column + k % 3 - 1, row + k / 3 - 1);
    work_.is_asleep[static_cast<std::size_t>(t)] = is_asleep ? 1 : 0;
  }
}

/// Wet tiles unless they are asleep, those that water stands right beside, those under a source or behind an
/// open rim; all of them when it rains. In one sub-step water crosses one face, so no other cell can get wet.
template <class Real>
void SubSteps<Real>::choose_active() {
  const Tiling& tiling = domain_.tiling;
  std::fill(work_.is_active.begin(), work_.is_active.end(), parameters_.has_rain() ? 1 : 0);
  const auto wake = [&](Index column, Index row) {
    if (column < 0 || row < 0 || column >= tiling.columns() || row >= tiling.rows()) return;
    work_.is_active[static_cast<std::size_t>(row * tiling.columns() + column)] = 1;
  };
  send_still_tiles_to_sleep();
  for (Index t = 0; t < tiling.count(); ++t) {
    const auto tile = static_cast<std::size_t>(t);
    if (work_.is_wet[tile] == 0 || work_.is_asleep[tile] != 0) continue;
    const Index column = t % tiling.columns();
    const Index row = t / tiling.columns();
    const unsigned borders = work_.wet_borders[tile];
    wake(column, row);
    if (borders & border_west) wake(column - 1, row);
    if (borders & border_east) wake(column + 1, row);
    if (borders & border_south) wake(column, row - 1);
    if (borders & border_north) wake(column, row + 1);
  }
  for (std::size_t t = 0; t < work_.added.by_tile.size(); ++t) {
    if (work_.added.by_tile[t] != nullptr) work_.is_active[t] = 1;
  }
  for (const Stretch& stretch : domain_.stretches) {
    if (stretch.kind == BoundaryKind::free) continue;
    for (Index k = stretch.first; k < stretch.last; ++k) {
      const Cell cell = stretch.cell(k, domain_.grid);
      wake(cell.i / Tiling::width, cell.j / Tiling::height);
    }
  }
  for (std::size_t t = 0; t < work_.is_active.size(); ++t) {
    if (work_.is_active[t] != 0) {
      work_.is_asleep[t] = 0;
    } else if (work_.is_stale[t] != 0 && work_.is_wet[t] == 0) {
      forget_stale(t);
    }
  }
  if (work_.is_active != work_.was_active || work_.is_full != work_.was_full) make_windows();
}

template <class Real>
void SubSteps<Real>::make_windows() {
  const auto cover = [&](std::uint8_t is_full, Index columns, std::vector<Window>& windows) {
    std::vector<std::uint8_t> is_taken(work_.is_active.size());
    for (std::size_t t = 0; t < is_taken.size(); ++t)
      is_taken[t] = work_.is_active[t] != 0 && work_.is_full[t] == is_full ? 1 : 0;
    cover_by_windows(domain_.tiling, is_taken, columns, windows);
  };
  cover(1, bound_.kernels.window_columns, work_.windows);
  cover(0, bound_.kernels.fast_window_columns, work_.fast_windows);
  work_.was_active = work_.is_active;
  work_.was_full = work_.is_full;
}

/// A tile falls asleep: what the fields beside the state still hold of its water must not come back.
template <class Real>
void SubSteps<Real>::forget_stale(std::size_t t) {
  const Tile tile = domain_.tiling.tile(static_cast<Index>(t));
  for (Field* field : {&work_.next_depth, &work_.next_discharge_x, &work_.next_discharge_y}) {
    const View<Real> view = field->template view<Real>();
    for (Index j = tile.j0; j < tile.j1; ++j)
      std::fill(&view(tile.i0, j), &view(tile.i0, j) + (tile.i1 - tile.i0), Real(0));
  }
  work_.is_stale[t] = 0;
}

/// A source may not heap up in one step more water than could run off in it: dt sqrt(g w dt) <= C dx for a
/// rise of w [m s-1].
template <class Real>
double SubSteps<Real>::source_step(double time) const {
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

/// The wave that would limit a sub-step of the reference mode as this one limits that of its own mode.
template <class Real>
double SubSteps<Real>::limiting_speed(double wave, bool is_full) const {
  if (!parameters_.fast) return wave;
  return wave * (parameters_.courant / (is_full ? full_courant_of_fast_mode : parameters_.fast->courant));
}

template <class Real>
double SubSteps<Real>::rain_between(double time, double dt) const {
  const double rain =
      bound_.rain != nullptr ? bound_.rain->integral(time, time + dt) : parameters_.constant_rain * dt;
  return std::max(rain, 0.0);
}

template <class Real>
double SubSteps<Real>::sweep(double time, double dt) {
  for (int halving = 0;;) {
    const double rim_speed =
        fill_rim<Real>(domain_, time + 0.5 * dt, state_.field(bound_.handles.depth).template view<Real>(),
                       state_.field(bound_.handles.discharge_x).template view<Real>(),
                       state_.field(bound_.handles.discharge_y).template view<Real>(),
                       std::as_const(state_).field(bound_.handles.roughness).template view<Real>(),
                       parameters_.film_depth, work_.imposed);
    // Water that is only about to enter limits the step too: onto a dry bed nothing inside would.
    if (const double stable = bound_.stable_step(limiting_speed(rim_speed, false)); dt > stable) {
      dt = stable;
      continue;
    }
    pour(time, dt);
    // A repeated sub-step starts from the same state: it has been recorded.
    const bool is_recorded = halving == 0 && is_record_due();
    const Index overdrafts = sweep_once(time, dt, rain_between(time, dt), is_recorded);
    if (is_recorded) state_.scalar(bound_.handles.unrecorded_time) = 0.0;
    if (overdrafts == 0) return dt;
    if (halving == most_halvings) {
      throw NumericalError(fmt::format(
          "flood: at {} s, {} cells would give away more water than they hold even with a step of {:.3g} s",
          time, overdrafts, dt));
    }
    state_.book("sub-steps", "1", "flood: repeated smaller", 1.0);
    ++halving;
    dt *= 0.5;
  }
}

/// Running fields take the state that a sub-step starts from.
template <class Real>
bool SubSteps<Real>::is_record_due() const {
  return bound_.arrays_of(state_).running.any() &&
         (state_.steps == 0 || state_.scalar(bound_.handles.unrecorded_time) >= parameters_.record_every);
}

template <class Real>
Index SubSteps<Real>::sweep_once(double time, double dt, double rain, bool is_recorded) {
  Sweep<Real> sweep;
  sweep.arrays = bound_.arrays_of(state_);
  const auto next = [](Field& field) { return field.template view<Real>().origin; };
  sweep.arrays.next_depth = next(work_.next_depth);
  sweep.arrays.next_discharge_x = next(work_.next_discharge_x);
  sweep.arrays.next_discharge_y = next(work_.next_discharge_y);
  if (bound_.handles.carry) sweep.arrays.next_carry = next(work_.next_carry);
  sweep.numbers.dt = static_cast<Real>(dt);
  sweep.numbers.spacing = static_cast<Real>(domain_.grid.spacing);
  sweep.numbers.film = static_cast<Real>(parameters_.film_depth);
  sweep.numbers.rain_depth = static_cast<Real>(rain);
  sweep.numbers.has_friction = has_friction_;
  if (parameters_.leaves_still_water) sweep.numbers.still_quantum = static_cast<Real>(domain_.quantum);
  const auto line = [&](Edge edge) {
    const auto k = static_cast<std::size_t>(edge);
    return EdgeLine<Real>{work_.outflow[k].data(), work_.imposed[k].data()};
  };
  sweep.edges = {line(Edge::west), line(Edge::east), line(Edge::south), line(Edge::north)};
  if (work_.added.is_used()) sweep.added = work_.added.by_tile.data();
  sweep.reports = work_.reports.data();
  if (parameters_.fast) {
    sweep.numbers.guard = guard_of<Real>(*parameters_.fast);
    sweep.is_full = work_.is_full.data();
  }
  const RecordNumbers record = bound_.record_numbers(state_, time);
  if (is_recorded) sweep.record = &record;
  for (std::size_t t = 0; t < work_.reports.size(); ++t) {
    if (work_.is_asleep[t] == 0) work_.reports[t] = TileReport{};  // what sleeps has the same to tell
  }
  const std::size_t full_windows = work_.windows.size();
  for_each_item(static_cast<Index>(full_windows + work_.fast_windows.size()), [&](Index item) {
    const auto k = static_cast<std::size_t>(item);
    if (k < full_windows) {
      bound_.kernels.advance(sweep, work_.windows[k]);
    } else {
      bound_.kernels.advance_inertial(sweep, work_.fast_windows[k - full_windows]);
    }
  });
  Index overdrafts = 0;
  for (const TileReport& report : work_.reports) overdrafts += report.overdrafts;
  return overdrafts;
}

/// Fills the blocks of added depth: sources share out their water evenly.
template <class Real>
void SubSteps<Real>::pour(double time, double dt) {
  AddedWater<Real>& added = work_.added;
  if (!added.is_used()) return;
  std::fill(added.given.begin(), added.given.end(), Real(0));
  for (const SourceCells& source : domain_.sources) {
    const Real amount =
        static_cast<Real>(domain_.depth_per_cell(source, source.series->integral(time, time + dt)));
    for (const Cell cell : source.cells) added.given[added.place(cell, domain_.tiling)] += amount;
  }
  added.wanted = added.given;
}

template <class Real>
void SubSteps<Real>::book_sources(double time, double dt) {
  const AddedWater<Real>& added = work_.added;
  const double area = domain_.grid.cell_area();
  std::vector<Real> short_of(added.given.size());
  for (std::size_t k = 0; k < short_of.size(); ++k) short_of[k] = added.given[k] - added.wanted[k];
  for (const SourceCells& source : domain_.sources) {
    const double wanted = source.series->integral(time, time + dt);
    const Real amount = static_cast<Real>(domain_.depth_per_cell(source, wanted));
    Sum given;
    for (const Cell cell : source.cells) {
      Real taken = amount;
      if (amount < Real(0)) {
        // A withdrawal takes at most what is there after this step's exchange with the neighbours.
        Real& missing = short_of[added.place(cell, domain_.tiling)];
        const Real unmet = smaller(missing, -amount);
        missing -= unmet;
        taken = amount + unmet;
      }
      given.add(static_cast<double>(taken));
    }
    state_.book(water_quantity, water_unit, source.account, given.value() * area);
    const double shortfall = given.value() * area - wanted;
    if (wanted < 0.0 && shortfall > 1e-9 * -wanted) {
      state_.book("unmet withdrawal", water_unit, source.account, shortfall);
    }
  }
}

template <class Real>
void SubSteps<Real>::book_edges(double dt) {
  const Real ratio = static_cast<Real>(dt) / static_cast<Real>(domain_.grid.spacing);
  for (const Stretch& stretch : domain_.stretches) {
    Sum out;
    const std::vector<Real>& line = work_.outflow[static_cast<std::size_t>(stretch.edge)];
    for (Index k = stretch.first; k < stretch.last; ++k) {
      out.add(static_cast<double>(ratio * line[static_cast<std::size_t>(k)]));
    }
    state_.book(water_quantity, water_unit, stretch.account, -out.value() * domain_.grid.cell_area());
  }
}

/// The swept fields become the state.
template <class Real>
void SubSteps<Real>::take_step(double time, double dt) {
  fastest_ = 0.0;
  Sum clipped;
  for (std::size_t t = 0; t < work_.reports.size(); ++t) {
    const TileReport& report = work_.reports[t];
    work_.is_stale[t] = work_.is_wet[t];
    work_.is_still[t] = report.worked_cells == 0 ? 1 : 0;
    work_.is_wet[t] = report.largest_speed > 0.0 ? 1 : 0;
    work_.wet_borders[t] = report.wet_borders;
    clipped.add(report.clipped_depth);
    if (const double wave = limiting_speed(report.largest_speed, work_.is_full[t] != 0); wave > fastest_) {
      fastest_ = wave;
      fastest_tile_ = t;
    }
    if (work_.is_wet[t] != 0) (work_.is_full[t] != 0 ? full_tiles_ : fast_tiles_) += 1.0;
    if (report.needs_full_equations && domain_.subgrid) {
      beyond_tiles_ += 1.0;
    } else if (report.needs_full_equations) {
      work_.is_full[t] = 1;
    }
    if (!report.is_finite) {
      const Tile tile = domain_.tiling.tile(static_cast<Index>(t));
      throw NumericalError(
          fmt::format("flood: at {:.6f} s a depth or velocity is no longer a number in columns {} to {}, "
                      "rows {} to {} from the south",
                      time, tile.i0, tile.i1 - 1, tile.j0, tile.j1 - 1));
    }
  }
  std::swap(state_.field(bound_.handles.depth), work_.next_depth);
  std::swap(state_.field(bound_.handles.discharge_x), work_.next_discharge_x);
  std::swap(state_.field(bound_.handles.discharge_y), work_.next_discharge_y);
  if (bound_.handles.carry) std::swap(state_.field(bound_.handles.carry), work_.next_carry);
  if (work_.added.is_used()) book_sources(time, dt);
  book_edges(dt);
  const Real rain_depth = static_cast<Real>(rain_between(time, dt));
  if (rain_depth > Real(0)) {
    state_.book(
        water_quantity, water_unit, "rain",
        static_cast<double>(rain_depth) * static_cast<double>(domain_.open_cells) * domain_.grid.cell_area());
  }
  if (clipped.value() > 0.0) {
    state_.book(water_quantity, water_unit, "clipped", clipped.value() * domain_.grid.cell_area());
  }
  state_.scalar(bound_.handles.wave_speed) = fastest_;
  state_.scalar(bound_.handles.unrecorded_time) += dt;
  ++state_.steps;
}

/// The progress line: the last sub-step, who limited it, how many cells were wet when the tick began.
template <class Real>
void SubSteps<Real>::tell(double dt) {
  const FastestWave wave =
      bound_.fastest_wave_in(state_, domain_.tiling.tile(static_cast<Index>(fastest_tile_)));
  if (parameters_.fast) {
    if (domain_.subgrid) {
      state_.book("tile sub-steps", "1", "flood: beyond the limits of the fast mode", beyond_tiles_);
    } else {
      state_.book("tile sub-steps", "1", "flood: full equations", full_tiles_);
    }
    state_.book("tile sub-steps", "1", "flood: fast mode", fast_tiles_);
  }
  context_.report(
      dt, fmt::format("waves of {:.2f} m/s at column {}, row {}", wave.speed, wave.cell.i, wave.cell.j),
      wet_cells_);
}

template class SubSteps<float>;
template class SubSteps<double>;

}  // namespace dvinis::flood

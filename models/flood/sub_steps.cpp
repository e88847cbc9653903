#include "models/flood/sub_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// The full equations are stable up to half of it. In fast mode a few tiles with them must not slow the
/// others: they take two steps in one sub-step.
constexpr double full_courant_of_fast_mode = 1.0;

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
      context_(context),
      activity_(bound, work, state),
      ground_(bound, work, state),
      structures_(bound, work, state, context),
      tracers_(bound, work, state) {}

template <class Real>
void SubSteps<Real>::cover(Interval tick) {
  const double begin = to_seconds(tick.begin);
  const double length = to_seconds(tick.end - tick.begin);
  Stopwatch watch;
  activity_.look_for_water();
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
    activity_.choose(bound_.rain.any(bound_.rain.fallen(begin + elapsed, dt)), may_sleep());
    context_.profile("flood: activity", watch.lap());
    dt = sweep(begin + elapsed, dt);
    context_.profile("flood: sweep", watch.lap());
    take_step(begin + elapsed, dt);
    context_.profile("flood: ledger", watch.lap());
    elapsed = dt >= left ? length : elapsed + dt;
  }
  tell(dt);
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
double SubSteps<Real>::fill_rim_of(Field& depth, Field& discharge_x, Field& discharge_y, double time,
                                   std::vector<Real>* imposed) {
  return fill_rim<Real>(domain_, time, depth.template view<Real>(), discharge_x.template view<Real>(),
                        discharge_y.template view<Real>(),
                        std::as_const(state_).field(bound_.handles.roughness).template view<Real>(),
                        parameters_.film_depth, imposed);
}

template <class Real>
double SubSteps<Real>::sweep(double time, double dt) {
  for (int halving = 0;;) {
    const double rim_speed =
        fill_rim_of(state_.field(bound_.handles.depth), state_.field(bound_.handles.discharge_x),
                    state_.field(bound_.handles.discharge_y), time + 0.5 * dt, work_.imposed.data());
    // Water that is only about to enter limits the step too: onto a dry bed nothing inside would.
    if (const double stable = bound_.stable_step(limiting_speed(rim_speed, false)); dt > stable) {
      dt = stable;
      continue;
    }
    fallen_ = bound_.rain.fallen(time, dt);
    if (structures_.is_used()) structures_.look(dt);
    pour(time, dt);
    if (tracers_.is_used()) {
      tracers_.fill_rim(time + 0.5 * dt, false);
      tracers_.pour(fallen_, time + 0.5 * dt, structures_.pipes());
    }
    // A repeated sub-step starts from the same state: it has been recorded.
    const bool is_recorded = halving == 0 && is_record_due();
    const Index overdrafts = sweep_once(time, dt, is_recorded);
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

/// Running fields have taken still water, unless they count time or only sample the flow.
template <class Real>
bool SubSteps<Real>::may_sleep() const {
  const bool counts_time = bound_.arrays_of(state_).running.wet_duration != nullptr;
  return !is_record_due() || (!counts_time && !(parameters_.record_every > 0.0));
}

template <class Real>
Index SubSteps<Real>::sweep_once(double time, double dt, bool is_recorded) {
  Sweep<Real> sweep;
  sweep.arrays = bound_.arrays_of(state_);
  write_into(work_.next, sweep.arrays);
  sweep.numbers.dt = static_cast<Real>(dt);
  sweep.numbers.spacing = static_cast<Real>(domain_.grid.spacing);
  sweep.numbers.film = static_cast<Real>(parameters_.film_depth);
  sweep.numbers.rain_depth = ground_.is_used() ? Real(0) : static_cast<Real>(fallen_.parts.front());
  sweep.numbers.has_friction = activity_.has_friction();
  if (parameters_.leaves_still_water) sweep.numbers.still_quantum = static_cast<Real>(domain_.quantum);
  const auto line = [&](Edge edge) {
    const auto k = static_cast<std::size_t>(edge);
    return EdgeLine<Real>{work_.outflow[k].data(), work_.imposed[k].data()};
  };
  sweep.edges = {line(Edge::west), line(Edge::east), line(Edge::south), line(Edge::north)};
  if (work_.added.is_used()) sweep.added = work_.added.by_tile.data();
  structures_.hand_over(sweep);
  if (tracers_.is_used()) tracers_.hand_over(sweep);
  sweep.reports = work_.reports.data();
  if (parameters_.fast) {
    sweep.numbers.guard = bound_.guard();
    sweep.is_full = work_.is_full.data();
    sweep.held = {sweep.numbers.dt, work_.held.data()};
  }
  const RecordNumbers record = bound_.record_numbers(state_, time);
  if (is_recorded) sweep.record = &record;
  for (std::size_t t = 0; t < work_.reports.size(); ++t) {
    if (work_.is_asleep[t] == 0) work_.reports[t] = TileReport{};  // what sleeps has the same to tell
  }
  Sweep<Real> full_sweep = sweep;
  if (parameters_.fast) {
    full_sweep.numbers.dt = Real(0.5) * sweep.numbers.dt;
    full_sweep.added = nullptr;  // with the second half
    full_sweep.inflow = nullptr;
  }
  const std::size_t full_windows = work_.windows.size();
  for_each_item(static_cast<Index>(full_windows + work_.fast_windows.size()), [&](Index item) {
    const auto k = static_cast<std::size_t>(item);
    if (k < full_windows) {
      bound_.kernels.advance(full_sweep, work_.windows[k]);
    } else {
      bound_.kernels.advance_inertial(sweep, work_.fast_windows[k - full_windows]);
    }
  });
  if (parameters_.fast && full_windows > 0 && overdrafts() == 0)
    sweep_second_half(full_sweep, time + 0.5 * dt);
  return overdrafts();
}

template <class Real>
void SubSteps<Real>::write_into(Water& water, Arrays<Real>& arrays) {
  const auto origin = [](Field& field) { return field.template view<Real>().origin; };
  arrays.next_depth = origin(water.depth);
  arrays.next_discharge_x = origin(water.discharge_x);
  arrays.next_discharge_y = origin(water.discharge_y);
  if (bound_.handles.carry) arrays.next_carry = origin(water.carry);
}

template <class Real>
Index SubSteps<Real>::overdrafts() const {
  Index sum = 0;
  for (const TileReport& report : work_.reports) sum += report.overdrafts;
  return sum;
}

/// In fast mode: tiles of the full equations stand half way, those beside them at the end. What even rain and
/// discharge rims bring has come with the first half, or goes on as it was. Sources and the ground come now:
/// before, they could take what must still pass to the tiles beside.
/// @param sweep   of the first half
/// @param middle  the time at which rims are taken for both halves [s]
template <class Real>
void SubSteps<Real>::sweep_second_half(Sweep<Real> sweep, double middle) {
  Water& half_way = work_.next;
  fill_rim_of(half_way.depth, half_way.discharge_x, half_way.discharge_y, middle, nullptr);
  sweep.arrays.depth = sweep.arrays.next_depth;
  sweep.arrays.discharge_x = sweep.arrays.next_discharge_x;
  sweep.arrays.discharge_y = sweep.arrays.next_discharge_y;
  sweep.arrays.carry = sweep.arrays.next_carry;
  write_into(work_.second_half, sweep.arrays);
  if (tracers_.is_used()) {
    tracers_.fill_rim(middle, true);
    tracers_.hand_over_second_half(sweep);
  }
  sweep.numbers.rain_depth = 0;
  sweep.numbers.still_quantum = 0;
  if (work_.added.is_used()) sweep.added = work_.added.by_tile.data();
  sweep.record = nullptr;
  sweep.held.are_known = true;
  const std::array<std::vector<Real>, 4> first_outflow = work_.outflow;
  for_each_tile_of(work_.windows,
                   [&](Index t) { work_.reports[static_cast<std::size_t>(t)].wet_borders = 0; });
  for_each_item(static_cast<Index>(work_.windows.size()),
                [&](Index k) { bound_.kernels.advance(sweep, work_.windows[static_cast<std::size_t>(k)]); });
  for (std::size_t edge = 0; edge < first_outflow.size(); ++edge) {
    std::vector<Real>& outflow = work_.outflow[edge];
    for (std::size_t k = 0; k < outflow.size(); ++k)
      outflow[k] = Real(0.5) * (first_outflow[edge][k] + outflow[k]);
  }
  if (tracers_.is_used()) tracers_.average_outflow();
  for_each_tile_of(work_.windows, [&](Index t) {
    const Tile tile = domain_.tiling.tile(t);
    const auto take = [&](Field& to, const Field& from) { copy_tile<Real>(from, to, tile); };
    take(half_way.depth, work_.second_half.depth);
    take(half_way.discharge_x, work_.second_half.discharge_x);
    take(half_way.discharge_y, work_.second_half.discharge_y);
    if (bound_.handles.carry) take(half_way.carry, work_.second_half.carry);
    if (tracers_.is_used()) tracers_.take_second_half(tile);
  });
}

template <class Real>
template <class Body>
void SubSteps<Real>::for_each_tile_of(const std::vector<Window>& windows, const Body& body) const {
  for (const Window& window : windows) {
    for (Index row = window.row; row < window.row + window.rows; ++row) {
      for (Index column = window.column; column < window.column + window.columns; ++column)
        body(row * domain_.tiling.columns() + column);
    }
  }
}

/// Fills the blocks of added depth: sources share out their water evenly.
template <class Real>
void SubSteps<Real>::pour(double time, double dt) {
  AddedWater<Real>& added = work_.added;
  if (!added.is_used()) return;
  if (ground_.is_used()) {
    ground_.pour(fallen_, dt);
  } else {
    std::fill(added.given.begin(), added.given.end(), Real(0));
  }
  for (std::size_t s = 0; s < domain_.sources.size(); ++s) {
    const SourceCells& source = domain_.sources[s];
    const Real amount =
        static_cast<Real>(domain_.depth_per_cell(source, source.series->integral(time, time + dt)));
    work_.source_depths[s] = amount;
    for (const Cell cell : source.cells) added.given[added.place(cell, domain_.tiling)] += amount;
  }
  structures_.pour();
  added.keep_wanted(work_.is_active);
}

template <class Real>
void SubSteps<Real>::book_sources(double time, double dt) {
  AddedWater<Real>& added = work_.added;
  const double area = domain_.grid.cell_area();
  std::vector<Real> by_cell;
  for (std::size_t s = 0; s < domain_.sources.size(); ++s) {
    const SourceCells& source = domain_.sources[s];
    const double wanted = source.series->integral(time, time + dt);
    const Real amount = work_.source_depths[s];
    Sum given;
    by_cell.clear();
    for (const Cell cell : source.cells) {
      // A withdrawal takes at most what is there after this step's exchange with the neighbours.
      by_cell.push_back(amount < Real(0) ? -added.taken(cell, domain_.tiling, -amount) : amount);
      given.add(static_cast<double>(by_cell.back()));
    }
    if (tracers_.is_used()) tracers_.book_source(s, by_cell);
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

template <class Real>
void SubSteps<Real>::book_rain(double volume) {
  state_.book(water_quantity, water_unit, "rain", volume);
  if (tracers_.is_used()) tracers_.book_rain(volume);
}

template <class Real>
void SubSteps<Real>::take_from_ground(double dt) {
  const GroundBalance balance = ground_.take(fallen_, dt);
  if (balance.rain > 0.0) book_rain(balance.rain);
  if (!bound_.soil.takes_water()) return;
  state_.book(water_quantity, water_unit, "infiltration", -balance.infiltration);
  if (tracers_.is_used()) tracers_.book_infiltration(balance.tracers);
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
    if (work_.is_wet[t] != 0 && work_.is_full[t] != 0) full_tiles_ += parameters_.fast ? 2.0 : 1.0;
    if (work_.is_wet[t] != 0 && work_.is_full[t] == 0) fast_tiles_ += 1.0;
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
  if (work_.added.is_used()) book_sources(time, dt);
  if (structures_.is_used()) {
    structures_.take_from_pipes();
    if (tracers_.is_used()) tracers_.take_from_pipes(structures_.pipes());
    structures_.move(time, dt);
  }
  if (ground_.is_used()) take_from_ground(dt);
  if (tracers_.is_used()) tracers_.dry_out();
  std::swap(state_.field(bound_.handles.depth), work_.next.depth);
  std::swap(state_.field(bound_.handles.discharge_x), work_.next.discharge_x);
  std::swap(state_.field(bound_.handles.discharge_y), work_.next.discharge_y);
  if (bound_.handles.carry) std::swap(state_.field(bound_.handles.carry), work_.next.carry);
  book_edges(dt);
  if (tracers_.is_used()) {
    tracers_.take_step();
    tracers_.book_edges(dt);
    tracers_.book_held();
  }
  if (!ground_.is_used() && bound_.rain.any(fallen_)) {
    const double depth = static_cast<double>(static_cast<Real>(fallen_.parts.front()));
    book_rain(depth * static_cast<double>(domain_.open_cells) * domain_.grid.cell_area());
  }
  if (clipped.value() > 0.0) {
    state_.book(water_quantity, water_unit, "clipped", clipped.value() * domain_.grid.cell_area());
  }
  if (structures_.is_used()) structures_.decide_measures(time + dt, dt);
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
      activity_.wet_cells());
}

template class SubSteps<float>;
template class SubSteps<double>;

}  // namespace dvinis::flood

#include "models/flood/activity.hpp"

#include <algorithm>
#include <numeric>

#include "core/grid/parallel.hpp"
#include "models/flood/inertial.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {

template <class Real>
Activity<Real>::Activity(const BoundFlood<Real>& bound, Workspace<Real>& work, const State& state)
    : bound_(bound),
      domain_(bound.domain),
      parameters_(bound.parameters),
      work_(work),
      state_(state),
      is_at_driven_rim_(work.is_wet.size(), 0) {
  for (const Stretch& stretch : domain_.stretches) {
    if (stretch.kind == BoundaryKind::free) continue;
    for (Index k = stretch.first; k < stretch.last; ++k) {
      const Cell cell = stretch.cell(k, domain_.grid);
      is_at_driven_rim_[static_cast<std::size_t>(domain_.tiling.index_of(cell.i, cell.j))] = 1;
    }
  }
}

template <class Real>
void Activity<Real>::look_for_water() {
  const View<const Real> depth = state_.field(bound_.handles.depth).template view<Real>();
  const View<const Real> roughness = state_.field(bound_.handles.roughness).template view<Real>();
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
      work_.is_full[static_cast<std::size_t>(t)] =
          !domain_.subgrid && (domain_.structures.has_line[static_cast<std::size_t>(t)] != 0 ||
                               (wet > 0 && needs_full_equations(tile)));
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
bool Activity<Real>::needs_full_equations(const Tile& tile) const {
  const auto view = [&](FieldHandle handle) { return state_.field(handle).template view<Real>(); };
  const View<const Real> depth = view(bound_.handles.depth);
  const View<const Real> x = view(bound_.handles.discharge_x);
  const View<const Real> y = view(bound_.handles.discharge_y);
  const InertialGuard<Real> guard = bound_.guard();
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

/// A tile that nothing moved in, among tiles that nothing moved in, stays as it is. What comes from a rim may
/// pass a narrow tile at once.
template <class Real>
void Activity<Real>::send_still_tiles_to_sleep() {
  const Tiling& tiling = domain_.tiling;
  const auto is_moving = [&](Index column, Index row) {
    if (column < 0 || row < 0 || column >= tiling.columns() || row >= tiling.rows()) return false;
    const auto t = static_cast<std::size_t>(row * tiling.columns() + column);
    return work_.is_still[t] == 0 || is_at_driven_rim_[t] != 0 || domain_.structures.has_line[t] != 0;
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
void Activity<Real>::choose(bool rains, bool may_sleep) {
  const Tiling& tiling = domain_.tiling;
  std::fill(work_.is_active.begin(), work_.is_active.end(), rains ? 1 : 0);
  const auto wake = [&](Index column, Index row) {
    if (column < 0 || row < 0 || column >= tiling.columns() || row >= tiling.rows()) return;
    work_.is_active[static_cast<std::size_t>(row * tiling.columns() + column)] = 1;
  };
  std::fill(work_.is_asleep.begin(), work_.is_asleep.end(), 0);
  if (may_sleep) send_still_tiles_to_sleep();
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
  for (std::size_t t = 0; t < work_.added.has_source.size(); ++t) {
    if (work_.added.has_source[t] != 0) work_.is_active[t] = 1;
  }
  for (std::size_t t = 0; t < is_at_driven_rim_.size(); ++t) {
    if (is_at_driven_rim_[t] != 0) work_.is_active[t] = 1;
  }
  for (std::size_t t = 0; t < work_.is_active.size(); ++t) {
    if (work_.is_active[t] != 0) {
      work_.is_asleep[t] = 0;
    } else if (work_.is_wet[t] == 0) {
      if (work_.is_stale[t] != 0) forget_stale(t);
      if (parameters_.fast)
        work_.is_full[t] = !domain_.subgrid && domain_.structures.has_line[t] != 0 ? 1 : 0;
    }
  }
  if (work_.is_active != work_.was_active || work_.is_full != work_.was_full) make_windows();
}

template <class Real>
void Activity<Real>::make_windows() {
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
void Activity<Real>::forget_stale(std::size_t t) {
  const Tile tile = domain_.tiling.tile(static_cast<Index>(t));
  std::vector<Field*> fields = {&work_.next.depth, &work_.next.discharge_x, &work_.next.discharge_y};
  for (std::vector<Field>* tracers : {&work_.next.tracers, &work_.next.tracer_carries}) {
    for (Field& field : *tracers) fields.push_back(&field);
  }
  for (Field* field : fields) {
    const View<Real> view = field->template view<Real>();
    for (Index j = tile.j0; j < tile.j1; ++j)
      std::fill(&view(tile.i0, j), &view(tile.i0, j) + (tile.i1 - tile.i0), Real(0));
  }
  // What rounding left over must not be lost, whichever of the two is read next.
  if (bound_.handles.carry) copy_tile<Real>(state_.field(bound_.handles.carry), work_.next.carry, tile);
  work_.is_stale[t] = 0;
}

template class Activity<float>;
template class Activity<double>;

}  // namespace dvinis::flood

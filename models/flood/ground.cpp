#include "models/flood/ground.hpp"

#include <utility>

#include "core/grid/parallel.hpp"

namespace dvinis::flood {

template <class Real>
Ground<Real>::Ground(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state)
    : bound_(bound), domain_(bound.domain), soil_(bound.soil), work_(work), state_(state) {}

template <class Real>
template <class Body>
void Ground<Real>::for_each_active_tile(const Body& body) const {
  for_each_item(domain_.tiling.count(), [&](Index t) {
    if (work_.is_active[static_cast<std::size_t>(t)] != 0) body(t, domain_.tiling.tile(t));
  });
}

template <class Real>
SoilMemory Ground<Real>::memory(Cell cell) const {
  const State& state = state_;
  const auto value = [&](FieldHandle handle) {
    return handle ? state.field(handle).template view<double>()(cell.i, cell.j) : 0.0;
  };
  return {value(bound_.handles.infiltrated_depth), value(bound_.handles.infiltration_capacity)};
}

template <class Real>
void Ground<Real>::remember(Cell cell, const SoilMemory& memory) {
  const auto set = [&](FieldHandle handle, double value) {
    if (handle) state_.field(handle).template view<double>()(cell.i, cell.j) = value;
  };
  set(bound_.handles.infiltrated_depth, memory.infiltrated);
  set(bound_.handles.infiltration_capacity, memory.capacity);
}

template <class Real>
Real Ground<Real>::wanted(Cell cell, double rain, double dt) const {
  const State& state = state_;
  const auto depth =
      static_cast<double>(state.field(bound_.handles.depth).template view<Real>()(cell.i, cell.j));
  return static_cast<Real>(rain - soil_.potential(cell, memory(cell), {depth, rain, dt}));
}

template <class Real>
void Ground<Real>::pour(double rain, double dt) {
  for_each_active_tile([&](Index t, const Tile& tile) {
    Real* block = work_.added.by_tile[static_cast<std::size_t>(t)];
    std::fill(block, block + Tiling::width * Tiling::height, Real(0));
    for (Index j = tile.j0; j < tile.j1; ++j) {
      Real* row = block + j % Tiling::height * Tiling::width;
      for (Index i = tile.i0; i < tile.i1; ++i) {
        if (!domain_.is_blocked(i, j)) row[i - tile.i0] = wanted({i, j}, rain, dt);
      }
    }
  });
}

template <class Real>
void Ground<Real>::take(double rain, double dt) {
  std::vector<double> taken_in(static_cast<std::size_t>(domain_.tiling.count()), 0.0);
  for_each_active_tile([&](Index t, const Tile& tile) {
    const AddedWater<Real>& added = work_.added;
    Sum sum;
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) {
        const Cell cell{i, j};
        if (domain_.is_blocked(i, j)) continue;
        const std::size_t k = added.place(cell, domain_.tiling);
        // What sources wanted stands in `wanted` too: only what was missing is looked at there.
        const double missing = static_cast<double>(added.given[k]) - static_cast<double>(added.wanted[k]);
        const double taken = rain - (static_cast<double>(wanted(cell, rain, dt)) + missing);
        sum.add(taken);
        remember(cell, soil_.after(cell, memory(cell), taken, dt));
      }
    }
    taken_in[static_cast<std::size_t>(t)] = sum.value();
  });
  Sum all;
  for (const double taken : taken_in) all.add(taken);
  state_.book(water_quantity, water_unit, "infiltration", -all.value() * domain_.grid.cell_area());
}

template class Ground<float>;
template class Ground<double>;

}  // namespace dvinis::flood

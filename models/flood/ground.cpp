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
typename Ground<Real>::Cells Ground<Real>::cells() {
  const auto memory = [&](FieldHandle handle) {
    return handle ? state_.field(handle).template view<double>() : View<double>{};
  };
  return {std::as_const(state_).field(bound_.handles.depth).template view<Real>(),
          memory(bound_.handles.infiltrated_depth), memory(bound_.handles.infiltration_capacity)};
}

template <class Real>
SoilMemory Ground<Real>::Cells::memory(Cell cell) const {
  return {infiltrated ? infiltrated(cell.i, cell.j) : 0.0, capacity ? capacity(cell.i, cell.j) : 0.0};
}

template <class Real>
void Ground<Real>::Cells::remember(Cell cell, const SoilMemory& memory) const {
  infiltrated(cell.i, cell.j) = memory.infiltrated;
  if (capacity) capacity(cell.i, cell.j) = memory.capacity;
}

template <class Real>
double Ground<Real>::rain_on(Cell cell, const Rain::Fallen& fallen) const {
  return static_cast<double>(static_cast<Real>(bound_.rain.on(cell, fallen)));
}

template <class Real>
Real Ground<Real>::wanted(const Cells& cells, Cell cell, double rain, double dt) const {
  const auto depth = static_cast<double>(cells.depth(cell.i, cell.j));
  return static_cast<Real>(rain - soil_.potential(cell, cells.memory(cell), {depth, rain, dt}));
}

template <class Real>
void Ground<Real>::pour(const Rain::Fallen& fallen, double dt) {
  const Cells cells = this->cells();
  for_each_active_tile([&](Index t, const Tile& tile) {
    Real* block = work_.added.by_tile[static_cast<std::size_t>(t)];
    std::fill(block, block + Tiling::width * Tiling::height, Real(0));
    for (Index j = tile.j0; j < tile.j1; ++j) {
      Real* row = block + j % Tiling::height * Tiling::width;
      for (Index i = tile.i0; i < tile.i1; ++i) {
        if (!domain_.is_blocked(i, j)) row[i - tile.i0] = wanted(cells, {i, j}, rain_on({i, j}, fallen), dt);
      }
    }
  });
}

template <class Real>
GroundBalance Ground<Real>::take(const Rain::Fallen& fallen, double dt) {
  const Cells cells = this->cells();
  struct Sums {
    double rain = 0.0;
    double taken = 0.0;
    std::vector<double> tracers;
  };
  std::vector<View<const Real>> tracers;  // as they are after the sub-step: what the ground takes is mixed
  for (const Field& field : std::as_const(work_.next.tracers)) tracers.push_back(field.template view<Real>());
  std::vector<Sums> by_tile(static_cast<std::size_t>(domain_.tiling.count()));
  for_each_active_tile([&](Index t, const Tile& tile) {
    const AddedWater<Real>& added = work_.added;
    Sum rain_sum;
    Sum taken_sum;
    std::vector<Sum> tracer_sums(tracers.size());
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) {
        const Cell cell{i, j};
        if (domain_.is_blocked(i, j)) continue;
        const double rain = rain_on(cell, fallen);
        rain_sum.add(rain);
        if (!soil_.takes_water()) continue;
        const std::size_t at = added.place(cell, domain_.tiling);
        const auto given = static_cast<double>(added.given[at]);
        const auto missing = given - static_cast<double>(added.wanted[at]);
        // What sources brought or took stands in the blocks too: there only what was missing tells.
        const bool is_alone = added.has_source[static_cast<std::size_t>(t)] == 0;
        const double kept = is_alone ? given : static_cast<double>(wanted(cells, cell, rain, dt)) + missing;
        const double taken = rain - kept;
        taken_sum.add(taken);
        for (std::size_t k = 0; k < tracers.size(); ++k)
          tracer_sums[k].add(taken * static_cast<double>(tracers[k](i, j)));
        cells.remember(cell, soil_.after(cell, cells.memory(cell), taken, dt));
      }
    }
    Sums& sums = by_tile[static_cast<std::size_t>(t)];
    sums = {rain_sum.value(), taken_sum.value(), {}};
    for (const Sum& sum : tracer_sums) sums.tracers.push_back(sum.value());
  });
  Sum rain;
  Sum taken;
  std::vector<Sum> tracer_sums(tracers.size());
  for (const Sums& sums : by_tile) {
    rain.add(sums.rain);
    taken.add(sums.taken);
    for (std::size_t k = 0; k < sums.tracers.size(); ++k) tracer_sums[k].add(sums.tracers[k]);
  }
  const double area = domain_.grid.cell_area();
  GroundBalance balance = {rain.value() * area, taken.value() * area, {}};
  for (const Sum& sum : tracer_sums) balance.tracers.push_back(sum.value() * area);
  return balance;
}

template class Ground<float>;
template class Ground<double>;

}  // namespace dvinis::flood

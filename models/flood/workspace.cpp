#include "models/flood/workspace.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace dvinis::flood {

namespace {

/// Tiles a window is high at most: enough to hide the rows it shares with its neighbours, few enough that two
/// threads find work on a small domain.
constexpr Index window_rows = 4;

constexpr Index block_size = Tiling::width * Tiling::height;

}  // namespace

template <class Real>
AddedWater<Real>::AddedWater(const Domain& domain, bool is_everywhere) {
  const auto tiles = static_cast<std::size_t>(domain.tiling.count());
  by_tile.assign(tiles, nullptr);
  has_source.assign(tiles, 0);
  for (const SourceCells& source : domain.sources) {
    for (const Cell cell : source.cells)
      has_source[static_cast<std::size_t>(domain.tiling.index_of(cell.i, cell.j))] = 1;
  }
  for (const PlacedStructure& placed : domain.structures.all) {
    if (!is_pipe(placed.structure.form)) continue;
    for (const Cell cell : {placed.inlet, placed.outlet})
      has_source[static_cast<std::size_t>(domain.tiling.index_of(cell.i, cell.j))] = 1;
  }
  const auto has_block = [&](std::size_t t) { return is_everywhere || has_source[t] != 0; };
  std::size_t blocks = 0;
  for (std::size_t t = 0; t < tiles; ++t) {
    if (has_block(t)) ++blocks;
  }
  given.assign(blocks * block_size, Real(0));
  wanted = given;
  Real* next = given.data();
  for (std::size_t t = 0; t < tiles; ++t) {
    if (!has_block(t)) continue;
    by_tile[t] = next;
    next += block_size;
  }
}

template <class Real>
void AddedWater<Real>::keep_wanted(const std::vector<std::uint8_t>& is_active) {
  for (std::size_t t = 0; t < by_tile.size(); ++t) {
    if (by_tile[t] == nullptr || is_active[t] == 0) continue;
    const auto first = by_tile[t] - given.data();
    std::copy_n(by_tile[t], block_size, wanted.data() + first);
  }
}

template <class Real>
std::size_t AddedWater<Real>::place(Cell cell, const Tiling& tiling) const {
  const Real* block = by_tile[static_cast<std::size_t>(tiling.index_of(cell.i, cell.j))];
  return static_cast<std::size_t>(block - given.data()) +
         static_cast<std::size_t>(cell.j % Tiling::height * Tiling::width + cell.i % Tiling::width);
}

template <class Real>
Real AddedWater<Real>::taken(Cell cell, const Tiling& tiling, Real amount) {
  const std::size_t k = place(cell, tiling);
  const Real unmet = std::min(given[k] - wanted[k], amount);
  wanted[k] += unmet;
  return amount - unmet;
}

template <class Real>
AddedTracers<Real>::AddedTracers(const AddedWater<Real>& water, std::size_t tracers) {
  if (tracers == 0 || !water.is_used()) return;
  const auto blocks_in = [&](std::vector<Real>& cells) {
    cells.assign(water.given.size(), Real(0));
    std::vector<Real*> by_tile;
    for (const Real* block : water.by_tile)
      by_tile.push_back(block == nullptr ? nullptr : cells.data() + (block - water.given.data()));
    return by_tile;
  };
  inflow_by_tile = blocks_in(inflow);
  values.resize(tracers);
  for (std::vector<Real>& cells : values) values_by_tile.push_back(blocks_in(cells));
}

template <class Real>
Workspace<Real>::Workspace(const Domain& domain, const Parameters& parameters)
    : added(domain, parameters.has_uneven_ground()),
      source_depths(domain.sources.size(), Real(0)),
      added_tracers(added, domain.tracers.size()) {
  const Grid& grid = domain.grid;
  const ElementType type = sizeof(Real) == 4 ? ElementType::float32 : ElementType::float64;
  const auto make = [&](Water& water) {
    for (Field* field : {&water.depth, &water.discharge_x, &water.discharge_y})
      *field = Field(type, grid.nx, grid.ny);
    if (parameters.needs_carry()) water.carry = Field(type, grid.nx, grid.ny);
    water.tracers.assign(domain.tracers.size(), Field(type, grid.nx, grid.ny));
    if (sizeof(Real) == 4) water.tracer_carries = water.tracers;
  };
  const auto tiles = static_cast<std::size_t>(domain.tiling.count());
  make(next);
  if (parameters.fast && !domain.subgrid) {
    make(second_half);
    held.assign(tiles * HeldFluxes<Real>::by_tile, Real(0));
  }
  for (std::vector<std::uint8_t>* flags :
       {&is_wet, &wet_borders, &is_stale, &is_still, &is_asleep, &is_active, &was_active})
    flags->assign(tiles, 0);
  is_full.assign(tiles, 1);
  was_full = is_full;
  reports.resize(tiles);
  if (domain.subgrid && domain.structures.has_lines()) closed = domain.closed;
  structure_x.assign(domain.structures.x.column.size(), Real(0));
  structure_y.assign(domain.structures.y.column.size(), Real(0));
  for (std::size_t edge = 0; edge < 4; ++edge) {
    const auto cells = static_cast<std::size_t>(edge < 2 ? grid.ny : grid.nx);
    outflow[edge].assign(cells, Real(0));
    imposed[edge].assign(cells, std::numeric_limits<Real>::quiet_NaN());
  }
  tracer_outflow.assign(domain.tracers.size(), outflow);
  tracer_faces.assign(domain.tracers.size(),
                      std::vector<Real>(tiles * 2 * TracerArrays<Real>::face_row_length, Real(0)));
  held_values.assign(domain.tracers.size(), std::vector<HeldValues>(tiles));
}

template <class Real>
typename WorkspacePool<Real>::Item WorkspacePool<Real>::borrow(const Domain& domain,
                                                               const Parameters& parameters) {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Item item = std::move(idle_.back());
      idle_.pop_back();
      return item;
    }
  }
  return std::make_unique<Workspace<Real>>(domain, parameters);
}

template <class Real>
void WorkspacePool<Real>::give_back(Item item) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(item));
}

void cover_by_windows(const Tiling& tiling, const std::vector<std::uint8_t>& is_active, Index columns,
                      std::vector<Window>& windows) {
  windows.clear();
  for (Index first = 0; first < tiling.columns(); first += columns) {
    const Index last = std::min(first + columns, tiling.columns());
    std::vector<std::size_t> below;  // windows that reach the row below
    for (Index row = 0; row < tiling.rows(); ++row) {
      std::vector<std::size_t> here;
      for (Index column = first; column < last; ++column) {
        const auto active = [&](Index c) {
          return is_active[static_cast<std::size_t>(row * tiling.columns() + c)] != 0;
        };
        if (!active(column)) continue;
        Index end = column;
        while (end < last && active(end)) ++end;
        const auto grows = [&](const Window& window) {
          return window.column == column && window.columns == end - column && window.rows < window_rows;
        };
        std::size_t index = windows.size();
        for (const std::size_t k : below) {
          if (grows(windows[k])) index = k;
        }
        if (index == windows.size()) windows.push_back({column, row, end - column, 0});
        ++windows[index].rows;
        here.push_back(index);
        column = end;
      }
      below = std::move(here);
    }
  }
  // Row by row: neighbours share what they have just brought into the caches.
  std::stable_sort(windows.begin(), windows.end(), [](const Window& a, const Window& b) {
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  });
}

template struct AddedWater<float>;
template struct AddedWater<double>;
template struct AddedTracers<float>;
template struct AddedTracers<double>;
template struct Workspace<float>;
template struct Workspace<double>;
template class WorkspacePool<float>;
template class WorkspacePool<double>;

}  // namespace dvinis::flood

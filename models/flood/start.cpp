// The first State of a run: bed with houses, roughness, water at the start, what lies beyond the rim.

#include <cmath>
#include <limits>

#include "models/flood/process.hpp"

namespace dvinis::flood {

namespace {

/// Value of an optional layer at a cell, or a fallback.
double layer_value(const Layer* layer, Index i, Index j, double fallback) {
  return layer == nullptr ? fallback : layer->values.value(i, j);
}

/// Level at the start; with sub-grid tables the highest that stands over the cell's finer ground.
double start_level(const Twin& twin, const Domain& domain, const Layer& layer, Cell cell) {
  if (!domain.subgrid) return layer.values.value(cell.i, cell.j);
  const Field& levels = twin.finer->find_layer("initial_level")->values;
  const Index ratio = domain.subgrid->ratio();
  double highest = std::numeric_limits<double>::quiet_NaN();
  for (Index j = cell.j * ratio; j < (cell.j + 1) * ratio; ++j) {
    for (Index i = cell.i * ratio; i < (cell.i + 1) * ratio; ++i) {
      const double level = levels.value(i, j);
      const bool is_wet = domain.subgrid->ground({i, j}) < level;
      if (is_wet && !(level <= highest)) highest = level;
    }
  }
  return highest;
}

/// The rim repeats the edge.
template <class Real>
void fill_halo(View<Real> view) {
  for (Index ring = 1; ring <= Field::halo; ++ring) {
    for (Index j = 0; j < view.ny; ++j) {
      view(-ring, j) = view(0, j);
      view(view.nx - 1 + ring, j) = view(view.nx - 1, j);
    }
    for (Index i = 0; i < view.nx; ++i) {
      view(i, -ring) = view(i, 0);
      view(i, view.ny - 1 + ring) = view(i, view.ny - 1);
    }
  }
}

/// Beyond a free rim the ground goes on falling as it falls inside (a rise is not continued), so that thin
/// flow leaves at its normal depth instead of piling up.
template <class Real>
void continue_slope(const Domain& domain, const Stretch& stretch, View<Real> bed) {
  const Outward out = outward_of(stretch.edge);
  for (Index k = stretch.first; k < stretch.last; ++k) {
    const Cell cell = stretch.cell(k, domain.grid);
    const Cell inside{cell.i - out.di, cell.j - out.dj};
    if (!domain.grid.holds(inside) || domain.is_blocked(inside.i, inside.j)) continue;
    const double fall = domain.bed_at(inside.i, inside.j) - domain.bed_at(cell.i, cell.j);
    if (!(fall > 0.0)) continue;
    for (Index ring = 1; ring <= Field::halo; ++ring) {
      bed(cell.i + ring * out.di, cell.j + ring * out.dj) =
          bed(cell.i, cell.j) - static_cast<Real>(static_cast<double>(ring) * fall);
    }
  }
}

}  // namespace

template <class Real>
void fill_start(State& state, const Handles& handles, const Twin& twin, const Domain& domain) {
  Field& depth = state.field(handles.depth);
  Field& bed = state.field(handles.bed);
  Field& roughness = state.field(handles.roughness);
  bed.datum() = domain.datum;
  const Layer* level_layer = twin.find_layer("initial_level");
  const Layer* depth_layer = twin.find_layer("initial_depth");
  const Layer* u_layer = twin.find_layer("velocity_x");
  const Layer* v_layer = twin.find_layer("velocity_y");
  const Layer* roughness_layer = twin.find_layer("roughness");
  const Grid& grid = domain.grid;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      const double z = domain.bed_at(i, j);
      bed.set(i, j, z);
      if (domain.is_blocked(i, j)) continue;
      roughness.set(i, j, layer_value(roughness_layer, i, j, 0.0));
      double h = layer_value(depth_layer, i, j, 0.0);
      if (level_layer != nullptr) {
        // On the bed's quantum, so that still water is exactly still.
        const double level = start_level(twin, domain, *level_layer, {i, j});
        if (std::isfinite(level)) h = domain.mean_depth({i, j}, quantised(level, domain.quantum) - z);
      }
      if (!(h > 0.0)) continue;
      depth.set(i, j, h);
      state.field(handles.discharge_x).set(i, j, h * layer_value(u_layer, i, j, 0.0));
      state.field(handles.discharge_y).set(i, j, h * layer_value(v_layer, i, j, 0.0));
    }
  }
  fill_halo(bed.template view<Real>());
  fill_halo(roughness.template view<Real>());
  for (const Stretch& stretch : domain.stretches) {
    if (stretch.kind == BoundaryKind::free) continue_slope(domain, stretch, bed.template view<Real>());
  }
  if (handles.arrival_time) state.field(handles.arrival_time).fill(std::numeric_limits<double>::quiet_NaN());
}

template void fill_start<float>(State&, const Handles&, const Twin&, const Domain&);
template void fill_start<double>(State&, const Handles&, const Twin&, const Domain&);

}  // namespace dvinis::flood

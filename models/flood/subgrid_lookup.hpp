#pragma once
/// Sub-grid tables read by the kernels: pure functions of numbers; linkage as in physics.hpp.

#include "models/flood/inertial.hpp"
#include "models/flood/kernels.hpp"

namespace dvinis::flood {

/// Where a share of a table's range stands among its bins, which grow with the square.
template <class Real>
struct TablePlace {
  int bin;
  Real beyond;  ///< of the bin's beginning, in bins
};
template <class Real>
static inline TablePlace<Real> table_place(Real share, int bins) {
  const Real place = static_cast<Real>(bins) * root(smaller(share, Real(1)));
  const int bin = static_cast<int>(place);
  const int last = bins - 1;
  return {bin < last ? bin : last, place - static_cast<Real>(bin < last ? bin : last)};
}

/// Level above a cell's bed [m] of a mean depth [m].
/// @param k  index of the cell in the tables
template <class Real>
static inline Real level_of_mean_depth(const SubgridView<Real>& tables, Index k, Real mean_depth) {
  if (!(mean_depth > Real(0))) return Real(0);
  constexpr int bins = SubgridView<Real>::cell_bins;
  const Real* levels = tables.levels + k * (bins + 1);
  const Real full = tables.full[k];
  if (mean_depth >= full) return levels[bins] + (mean_depth - full) * tables.per_open[k];
  const TablePlace<Real> place = table_place(mean_depth / full, bins);
  return levels[place.bin] + place.beyond * (levels[place.bin + 1] - levels[place.bin]);
}

/// Water at a face by its tables. A level below the sill does not pull harder than the sill itself. All
/// levels count from the bed of the cell behind the face, so that no datum rounds them.
/// @param bed_step  bed right minus bed left [m], @param left, right  levels above the cells' own beds [m]
template <class Real>
static inline FaceWater<Real> water_by_tables(const typename SubgridView<Real>::Face& face, Index k,
                                              Real bed_step, Real left, Real right) {
  constexpr int bins = SubgridView<Real>::face_bins;
  const Real sill = face.sill[k];
  const Real level_left = left - bed_step;
  const Real over = larger(level_left, right) - sill;
  if (!(over > Real(0))) return {Real(0), Real(0), Real(0)};
  const Real range = face.range[k];
  const TablePlace<Real> place = table_place(over / range, bins);
  const Real* pair = face.pairs + (k * (bins + 1) + place.bin) * 2;
  const Real depth = pair[0] + place.beyond * (pair[2] - pair[0]);
  const Real level_step = larger(right, sill) - larger(level_left, sill);
  if (over <= range) return {depth, level_step, pair[1] + place.beyond * (pair[3] - pair[1])};
  // What relief adds to the roughness falls with the square of the depth.
  const Real share = range / over;
  const Real far_roughness = face.roughness[k];
  return {depth + (over - range) * face.width[k], level_step,
          far_roughness + (share * share) * (pair[3] - far_roughness)};
}

}  // namespace dvinis::flood

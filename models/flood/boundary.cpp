#include "models/flood/boundary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/flood/physics.hpp"

namespace dvinis::flood {

RimState free_outflow(const RimState& inside) { return {inside.depth, std::max(inside.outward, 0.0)}; }

RimState prescribed_depth(const RimState& inside, double depth) {
  const double c_inside = std::sqrt(gravity * inside.depth);
  if (inside.depth > 0.0 && inside.outward >= c_inside) return inside;
  if (!(depth > 0.0)) return {0.0, 0.0};
  return {depth, inside.outward + 2.0 * (c_inside - std::sqrt(gravity * depth))};
}

RimState prescribed_inflow(const RimState& inside, double unit_inflow) {
  if (unit_inflow == 0.0) return {inside.depth, 0.0};
  const double critical = std::cbrt(unit_inflow * unit_inflow / gravity);
  if (unit_inflow < 0.0)
    return {std::max(inside.depth, critical), -unit_inflow / std::max(inside.depth, critical)};
  const double invariant = inside.outward + 2.0 * std::sqrt(gravity * inside.depth);
  // f(h) = 2 sqrt(g h) - q/h - invariant rises with h; the branch above the critical depth is the subcritical
  // one.
  double depth = std::max(inside.depth, critical);
  for (int iteration = 0; iteration < 60; ++iteration) {
    const double excess = 2.0 * std::sqrt(gravity * depth) - unit_inflow / depth - invariant;
    const double slope = std::sqrt(gravity / depth) + unit_inflow / (depth * depth);
    const double next = std::max(depth - excess / slope, 0.5 * depth);
    const bool is_settled = std::abs(next - depth) <= 1e-14 * depth;
    depth = next;
    if (is_settled) break;
  }
  depth = std::max(depth, critical);
  return {depth, -unit_inflow / depth};
}

RimState incoming_wave(const RimState& inside, double still_depth, double wave) {
  if (!(still_depth > 0.0)) return free_outflow(inside);
  const double c_still = std::sqrt(gravity * still_depth);
  const double c_wave = std::sqrt(gravity * std::max(still_depth + wave, 0.0));
  const double inward_invariant = 4.0 * c_wave - 2.0 * c_still;
  const double outward_invariant = inside.outward + 2.0 * std::sqrt(gravity * inside.depth);
  const double c = std::max(0.25 * (inward_invariant + outward_invariant), 0.0);
  return {c * c / gravity, 0.5 * (outward_invariant - inward_invariant)};
}

double rated_discharge(const std::vector<RatingPoint>& curve, double level) {
  if (!(level > curve.front().level)) return 0.0;
  std::size_t k = 1;
  while (k + 1 < curve.size() && level > curve[k].level) ++k;
  const RatingPoint& low = curve[k - 1];
  const RatingPoint& high = curve[k];
  return low.discharge + (level - low.level) / (high.level - low.level) * (high.discharge - low.discharge);
}

Outward outward_of(Edge edge) {
  switch (edge) {
    case Edge::west:
      return {-1, 0};
    case Edge::east:
      return {1, 0};
    case Edge::south:
      return {0, -1};
    case Edge::north:
      return {0, 1};
  }
  return {};
}

namespace {

/// Share of a total inflow per edge cell, by conveyance h^(5/3)/n; while all is dry, as if 0.1 m stood over
/// the lowest cell.
template <class Real>
std::vector<double> inflow_shares(const Domain& domain, const Stretch& stretch, View<Real> depth,
                                  View<const Real> roughness) {
  const auto count = static_cast<std::size_t>(stretch.last - stretch.first);
  std::vector<double> share(count, 0.0);
  double total = 0.0;
  const auto weigh = [&](auto&& depth_of) {
    total = 0.0;
    for (std::size_t k = 0; k < count; ++k) {
      const Cell cell = stretch.cell(stretch.first + static_cast<Index>(k), domain.grid);
      if (domain.is_blocked(cell.i, cell.j)) continue;
      const double h = std::max(0.0, depth_of(cell));
      const double n = std::max(1e-3, static_cast<double>(roughness(cell.i, cell.j)));
      share[k] = std::cbrt(h * h * h * h * h) / n;
      total += share[k];
    }
  };
  weigh([&](Cell cell) {
    const double h = static_cast<double>(depth(cell.i, cell.j));
    return h > 1e-3 ? h : 0.0;
  });
  if (!(total > 0.0)) {
    double lowest = std::numeric_limits<double>::infinity();
    for (Index k = stretch.first; k < stretch.last; ++k) {
      const Cell cell = stretch.cell(k, domain.grid);
      if (!domain.is_blocked(cell.i, cell.j)) lowest = std::min(lowest, domain.bed_at(cell.i, cell.j));
    }
    weigh([&](Cell cell) { return lowest + 0.1 - domain.bed_at(cell.i, cell.j); });
  }
  for (double& value : share) value /= total;
  return share;
}

}  // namespace

namespace {

/// Level at a stretch, the mean by conveyance; that of the lowest ground while it is dry.
template <class Real>
double level_at(const Domain& domain, const Stretch& stretch, const std::vector<double>& shares,
                View<Real> depth) {
  double level = 0.0;
  for (Index k = stretch.first; k < stretch.last; ++k) {
    const Cell cell = stretch.cell(k, domain.grid);
    const double share = shares[static_cast<std::size_t>(k - stretch.first)];
    if (!(share > 0.0)) continue;
    const double mean_depth = static_cast<double>(depth(cell.i, cell.j));
    level += share * (domain.bed_at(cell.i, cell.j) + domain.greatest_depth(cell, mean_depth));
  }
  return level;
}

}  // namespace

template <class Real>
double fill_rim(const Domain& domain, double time, View<Real> depth, View<Real> discharge_x,
                View<Real> discharge_y, View<const Real> roughness, double film, std::vector<Real>* imposed) {
  double fastest = 0.0;
  for (const Stretch& stretch : domain.stretches) {
    const Outward out = outward_of(stretch.edge);
    const bool is_upright = out.di != 0;
    const double sign = static_cast<double>(out.di + out.dj);
    const bool is_rated = stretch.kind == BoundaryKind::rating;
    const bool is_shared = is_rated || stretch.kind == BoundaryKind::discharge;
    const std::vector<double> shares =
        is_shared ? inflow_shares(domain, stretch, depth, roughness) : std::vector<double>();
    const double driven = is_rated
                              ? -rated_discharge(stretch.rating, level_at(domain, stretch, shares, depth))
                          : stretch.series == nullptr ? 0.0
                                                      : stretch.series->at(time);
    for (Index k = stretch.first; k < stretch.last; ++k) {
      const Cell cell = stretch.cell(k, domain.grid);
      if (domain.is_blocked(cell.i, cell.j)) continue;
      const double mean_depth = static_cast<double>(depth(cell.i, cell.j));
      const double h = domain.greatest_depth(cell, mean_depth);
      const auto narrow = [](double value) { return static_cast<Real>(value); };
      const double u = velocity(mean_depth, static_cast<double>(discharge_x(cell.i, cell.j)), film);
      const double v = velocity(mean_depth, static_cast<double>(discharge_y(cell.i, cell.j)), film);
      const RimState inside{h, sign * (is_upright ? u : v)};
      const double along = is_upright ? v : u;
      const double bed = domain.bed_at(cell.i, cell.j);
      RimState rim;
      switch (stretch.kind) {
        case BoundaryKind::wall:
          continue;
        case BoundaryKind::free:
          rim = free_outflow(inside);
          break;
        case BoundaryKind::level:
          rim = prescribed_depth(inside, driven - bed);
          break;
        case BoundaryKind::wave:
          rim = incoming_wave(inside, stretch.still_level - bed, driven);
          break;
        case BoundaryKind::rating:
        case BoundaryKind::discharge: {
          const double unit_inflow =
              driven * shares[static_cast<std::size_t>(k - stretch.first)] / domain.grid.spacing;
          rim = prescribed_inflow(inside, unit_inflow);
          if (imposed != nullptr)
            imposed[static_cast<std::size_t>(stretch.edge)][static_cast<std::size_t>(k)] =
                narrow(-unit_inflow);
          break;
        }
      }
      fastest = std::max(fastest, std::abs(rim.outward) + std::sqrt(gravity * rim.depth));
      const bool lets_swirl_in = rim.outward >= 0.0;  // what enters brings no momentum along the rim
      const double rim_mean_depth = domain.mean_depth(cell, rim.depth);
      for (Index ring = 1; ring <= Field::halo; ++ring) {
        const Index i = cell.i + ring * out.di;
        const Index j = cell.j + ring * out.dj;
        depth(i, j) = narrow(rim_mean_depth);
        const double normal_discharge = rim_mean_depth * sign * rim.outward;
        const double along_discharge = lets_swirl_in ? rim_mean_depth * along : 0.0;
        discharge_x(i, j) = narrow(is_upright ? normal_discharge : along_discharge);
        discharge_y(i, j) = narrow(is_upright ? along_discharge : normal_discharge);
      }
    }
  }
  return fastest;
}

template double fill_rim<float>(const Domain&, double, View<float>, View<float>, View<float>,
                                View<const float>, double, std::vector<float>*);
template double fill_rim<double>(const Domain&, double, View<double>, View<double>, View<double>,
                                 View<const double>, double, std::vector<double>*);

}  // namespace dvinis::flood

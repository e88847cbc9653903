#include "tests/support/naive_flood.hpp"

#include <algorithm>
#include <cmath>

#include "models/flood/physics.hpp"

namespace dvinis::test {

namespace {

using flood::CellSlopes;
using flood::CellState;
using flood::FaceFlux;
using flood::FaceSide;

struct Cell2 {
  CellState<double> half;
  CellSlopes<double> slope;
};

}  // namespace

double NaiveFlood::step(double dt) {
  const auto inside = [&](Index i, Index j) { return i >= 0 && i < nx && j >= 0 && j < ny; };
  const auto flat = [&](Index i, Index j) { return static_cast<std::size_t>(j * nx + i); };
  const auto is_open = [&](Index i, Index j) { return inside(i, j) && blocked[flat(i, j)] == 0; };
  const auto u = [&](Index i, Index j) {
    return flood::velocity(depth[flat(i, j)], discharge_x[flat(i, j)], film);
  };
  const auto v = [&](Index i, Index j) {
    return flood::velocity(depth[flat(i, j)], discharge_y[flat(i, j)], film);
  };

  std::vector<Cell2> cells(depth.size());
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      Cell2& cell = cells[flat(i, j)];
      const double h = depth[flat(i, j)];
      cell.half = {h, u(i, j), v(i, j)};
      cell.slope = {};
      if (!is_open(i, j) || !(h > 0.0)) continue;
      const auto slopes = [&](Index di, Index dj, auto normal, auto along, double* level_slope,
                              double* depth_slope, double* normal_slope, double* along_slope) {
        double back[4];
        double on[4];
        for (int side = 0; side < 2; ++side) {
          double* d = side == 0 ? back : on;
          const Index ni = side == 0 ? i - di : i + di;
          const Index nj = side == 0 ? j - dj : j + dj;
          const double sign = side == 0 ? 1.0 : -1.0;
          if (is_open(ni, nj)) {
            d[1] = sign * (h - depth[flat(ni, nj)]);
            d[0] = d[1] + sign * (bed[flat(i, j)] - bed[flat(ni, nj)]);
            d[2] = sign * (normal(i, j) - normal(ni, nj));
            d[3] = sign * (along(i, j) - along(ni, nj));
          } else {
            d[0] = d[1] = d[3] = 0.0;
            d[2] = sign * (normal(i, j) + normal(i, j));
          }
        }
        *level_slope = flood::level_slope(back[0], on[0], h);
        *depth_slope = flood::limited_slope(back[1], on[1]);
        *normal_slope = flood::limited_slope(back[2], on[2]);
        *along_slope = flood::limited_slope(back[3], on[3]);
      };
      CellSlopes<double>& s = cell.slope;
      slopes(1, 0, u, v, &s.level_x, &s.depth_x, &s.u_x, &s.v_x);
      slopes(0, 1, v, u, &s.level_y, &s.depth_y, &s.v_y, &s.u_y);
      const double speed = std::sqrt(u(i, j) * u(i, j) + v(i, j) * v(i, j));
      const double half_friction =
          0.5 * dt * (flood::friction_rate(std::max(h, film), roughness * roughness) * speed);
      cell.half = flood::half_step(cell.half, s, 0.5 * dt / spacing, half_friction);
    }
  }

  // `toward` is +1 for the east or north face of the cell, -1 for the west or south face.
  const auto side_of = [&](Index i, Index j, bool is_x, double toward) {
    const Cell2& c = cells[flat(i, j)];
    const double half = 0.5 * toward;
    return is_x ? FaceSide<double>{c.half.depth + half * c.slope.depth_x, c.half.u + half * c.slope.u_x,
                                   c.half.v + half * c.slope.v_x}
                : FaceSide<double>{c.half.depth + half * c.slope.depth_y, c.half.v + half * c.slope.v_y,
                                   c.half.u + half * c.slope.u_y};
  };
  const auto face = [&](Index i, Index j, bool is_x, double toward) {
    const Index ni = i + (is_x ? static_cast<Index>(toward) : 0);
    const Index nj = j + (is_x ? 0 : static_cast<Index>(toward));
    const FaceSide<double> own = side_of(i, j, is_x, toward);
    if (!is_open(ni, nj)) {
      return toward > 0 ? flood::face_flux(own, flood::mirrored(own), 0.0)
                        : flood::face_flux(flood::mirrored(own), own, 0.0);
    }
    const FaceSide<double> other = side_of(ni, nj, is_x, -toward);
    const auto bed_slope = [&](Index a, Index b) {
      const CellSlopes<double>& s = cells[flat(a, b)].slope;
      return is_x ? s.level_x - s.depth_x : s.level_y - s.depth_y;
    };
    const bool own_is_left = toward > 0;
    const double jump =
        own_is_left ? bed[flat(ni, nj)] - bed[flat(i, j)] : bed[flat(i, j)] - bed[flat(ni, nj)];
    const double slopes =
        own_is_left ? bed_slope(i, j) + bed_slope(ni, nj) : bed_slope(ni, nj) + bed_slope(i, j);
    return own_is_left ? flood::face_flux(own, other, jump - 0.5 * slopes)
                       : flood::face_flux(other, own, jump - 0.5 * slopes);
  };

  std::vector<double> new_depth = depth;
  std::vector<double> new_x = discharge_x;
  std::vector<double> new_y = discharge_y;
  const double ratio = dt / spacing;
  double largest = 0.0;
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      if (!is_open(i, j)) continue;
      const std::size_t k = flat(i, j);
      const FaceFlux<double> west = face(i, j, true, -1.0);
      const FaceFlux<double> east = face(i, j, true, 1.0);
      const FaceFlux<double> south = face(i, j, false, -1.0);
      const FaceFlux<double> north = face(i, j, false, 1.0);
      const double pull = flood::gravity * cells[k].half.depth;
      const double h = depth[k] + (-ratio * ((east.mass - west.mass) + (north.mass - south.mass)) + 0.0);
      const double qx =
          discharge_x[k] - ratio * (((east.excess_left - west.excess_right) + (north.along - south.along)) +
                                    pull * cells[k].slope.level_x);
      const double qy =
          discharge_y[k] - ratio * (((north.excess_left - south.excess_right) + (east.along - west.along)) +
                                    pull * cells[k].slope.level_y);
      if (!(h > 0.0)) {
        new_depth[k] = new_x[k] = new_y[k] = 0.0;
        continue;
      }
      double new_u = flood::velocity(h, qx, film);
      double new_v = flood::velocity(h, qy, film);
      if (roughness > 0.0) {
        const double speed = std::sqrt(new_u * new_u + new_v * new_v);
        const double share =
            flood::friction_share(flood::friction_rate(std::max(h, film), roughness * roughness), speed, dt);
        new_u *= share;
        new_v *= share;
      }
      new_depth[k] = h;
      new_x[k] = h * new_u;
      new_y[k] = h * new_v;
      largest = std::max(largest, std::max(std::abs(new_u), std::abs(new_v)) + std::sqrt(flood::gravity * h));
    }
  }
  depth = new_depth;
  discharge_x = new_x;
  discharge_y = new_y;
  return largest;
}

}  // namespace dvinis::test

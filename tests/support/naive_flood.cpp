#include "tests/support/naive_flood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/grid/tiles.hpp"

#include "models/flood/hazard.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/tracers/transport.hpp"

namespace dvinis::test {

namespace {

using flood::CellSlopes;
using flood::CellState;
using flood::FaceFlux;
using flood::FaceSide;

template <class Real>
struct Cell2 {
  CellState<Real> half;
  CellSlopes<Real> slope;
};

}  // namespace

template <class Real>
std::vector<unsigned char> NaiveFlood<Real>::full_equations() const {
  if (!guard) return std::vector<unsigned char>(depth.size(), 1);
  std::vector<unsigned char> full(depth.size(), 0);
  const auto is_beyond_between = [&](std::size_t left, std::size_t right, const std::vector<Real>& normal) {
    if (blocked[left] != 0 || blocked[right] != 0) return false;
    const flood::FaceWater<Real> water = flood::water_between<Real>(
        {depth[left], normal[left], 0, 0}, {depth[right], normal[right], 0, 0}, bed[right] - bed[left]);
    const Real mean = Real(0.5) * (normal[left] + normal[right]);
    return flood::is_beyond(water.depth, water.level_step, mean, *guard) != 0;
  };
  const Tiling tiling{nx, ny};
  for (Index t = 0; t < tiling.count(); ++t) {
    const Tile tile = tiling.tile(t);
    bool is_full = false;
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) {
        if (i > 0) is_full = is_full || is_beyond_between(flat(i - 1, j), flat(i, j), discharge_x);
        if (j > 0) is_full = is_full || is_beyond_between(flat(i, j - 1), flat(i, j), discharge_y);
        for (const NaiveStructure<Real>& structure : structures) {
          const Index back = structure.is_x ? structure.i - 1 : structure.j - 1;
          is_full = is_full || (structure.i == i && structure.j == j) ||
                    (structure.is_x ? back == i && structure.j == j : structure.i == i && back == j);
        }
      }
    }
    for (Index j = tile.j0; j < tile.j1; ++j) {
      for (Index i = tile.i0; i < tile.i1; ++i) full[flat(i, j)] = is_full ? 1 : 0;
    }
  }
  return full;
}

template <class Real>
Real NaiveFlood<Real>::step(Real dt) {
  record();
  time += static_cast<float>(dt);
  look_at_structures();
  const std::vector<unsigned char> full = full_equations();
  full_cells = std::count(full.begin(), full.end(), 1);
  const std::vector<Tracer> before = tracers;
  if (!guard) {
    const Real fastest = advance_full(dt, rain, full, {});
    advance_tracers(dt, rain, full, 1, before);
    return fastest;
  }
  // The fast mode says what passes its faces, and the full equations go beside it in two halves.
  NaiveFlood<Real> start = *this;
  const Index held_before = held_cells;
  const FaceMass mass = fast_mass(dt);
  const Real fastest = advance_fast(dt, full, mass);
  advance_tracers(dt, rain, full, 0, before);
  start.advance_full(dt / 2, rain, full, mass);
  start.advance_tracers(dt / 2, rain, full, 1, before);
  held_cells += start.held_cells - held_before;
  for (std::size_t k = 0; k < full.size(); ++k) {
    if (full[k] == 0) continue;
    depth[k] = start.depth[k];
    discharge_x[k] = start.discharge_x[k];
    discharge_y[k] = start.discharge_y[k];
    if (!carry.empty()) carry[k] = start.carry[k];
    for (std::size_t t = 0; t < tracers.size(); ++t) {
      tracers[t].value[k] = start.tracers[t].value[k];
      if (!tracers[t].carry.empty()) tracers[t].carry[k] = start.tracers[t].carry[k];
    }
  }
  const Real fastest_full = advance_full(dt / 2, 0, full, mass);
  advance_tracers(dt / 2, 0, full, 1, before);
  return std::max(fastest, fastest_full);
}

template <class Real>
bool NaiveFlood<Real>::is_open(Index i, Index j) const {
  return i >= 0 && i < nx && j >= 0 && j < ny && blocked[flat(i, j)] == 0;
}

template <class Real>
const NaiveStructure<Real>* NaiveFlood<Real>::structure_between(Index i, Index j, Index ni, Index nj) const {
  for (const NaiveStructure<Real>& structure : structures) {
    if (structure.is_x != (nj == j)) continue;
    if (structure.i == std::max(i, ni) && structure.j == std::max(j, nj)) return &structure;
  }
  return nullptr;
}

template <class Real>
void NaiveFlood<Real>::look_at_structures() {
  for (NaiveStructure<Real>& structure : structures) {
    const auto water = [&](Index i, Index j) {
      const std::size_t k = flat(i, j);
      const double normal = static_cast<double>(structure.is_x ? discharge_x[k] : discharge_y[k]);
      const double h = static_cast<double>(depth[k]);
      return flood::FaceWaterState{static_cast<double>(bed[k]), h, flood::velocity(h, normal, film_depth)};
    };
    const auto left =
        structure.is_x ? water(structure.i - 1, structure.j) : water(structure.i, structure.j - 1);
    structure.passing =
        static_cast<Real>(flood::structure_flux(left, water(structure.i, structure.j), structure.law));
  }
}

template <class Real>
Real NaiveFlood<Real>::exchange(std::size_t k, Real gain, Real rain_depth) {
  Real h = depth[k] + gain;
  if (!carry.empty()) {
    gain = (gain + rain_depth) + carry[k];
    h = depth[k] + gain;
    carry[k] = gain - (h - depth[k]);
  }
  return flood::larger(h, Real(0));
}

template <class Real>
Real NaiveFlood<Real>::advance_full(Real dt, Real rain_depth, const std::vector<unsigned char>& full,
                                    const FaceMass& fast) {
  const auto u = [&](Index i, Index j) {
    return flood::velocity(depth[flat(i, j)], discharge_x[flat(i, j)], film);
  };
  const auto v = [&](Index i, Index j) {
    return flood::velocity(depth[flat(i, j)], discharge_y[flat(i, j)], film);
  };

  std::vector<Cell2<Real>> cells(depth.size());
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      Cell2<Real>& cell = cells[flat(i, j)];
      const Real h = depth[flat(i, j)];
      cell.half = {h, u(i, j), v(i, j)};
      cell.slope = {};
      if (!is_open(i, j) || !(h > Real(0))) continue;
      const auto slopes = [&](Index di, Index dj, auto normal, auto along, Real* level_slope,
                              Real* depth_slope, Real* normal_slope, Real* along_slope) {
        Real back[4];
        Real on[4];
        for (int side = 0; side < 2; ++side) {
          Real* d = side == 0 ? back : on;
          const Index ni = side == 0 ? i - di : i + di;
          const Index nj = side == 0 ? j - dj : j + dj;
          const Real sign = side == 0 ? Real(1) : Real(-1);
          if (is_open(ni, nj) && structure_between(i, j, ni, nj) == nullptr) {
            d[1] = sign * (h - depth[flat(ni, nj)]);
            d[0] = d[1] + sign * (bed[flat(i, j)] - bed[flat(ni, nj)]);
            d[2] = sign * (normal(i, j) - normal(ni, nj));
            d[3] = sign * (along(i, j) - along(ni, nj));
          } else {
            d[0] = d[1] = d[3] = 0;
            d[2] = sign * (normal(i, j) + normal(i, j));
          }
        }
        *level_slope = flood::level_half_slope(back[0], on[0], h);
        *depth_slope = flood::half_slope(back[1], on[1]);
        *normal_slope = flood::half_slope(back[2], on[2]);
        *along_slope = flood::half_slope(back[3], on[3]);
      };
      CellSlopes<Real>& s = cell.slope;
      slopes(1, 0, u, v, &s.level_x, &s.depth_x, &s.u_x, &s.v_x);
      slopes(0, 1, v, u, &s.level_y, &s.depth_y, &s.v_y, &s.u_y);
      const Real speed = flood::speed_of(u(i, j), v(i, j));
      const Real share = roughness > 0
                             ? flood::half_friction_share(flood::friction_rate(h, film, roughness), speed, dt)
                             : Real(1);
      cell.half = flood::half_step(cell.half, s, dt / spacing, share);
    }
  }

  // `toward` is +1 for the east or north face of the cell, -1 for the west or south face.
  const auto side_of = [&](Index i, Index j, bool is_x, Real toward) {
    const Cell2<Real>& c = cells[flat(i, j)];
    const Real half = toward;
    return is_x ? FaceSide<Real>{c.half.depth + half * c.slope.depth_x, c.half.u + half * c.slope.u_x,
                                 c.half.v + half * c.slope.v_x}
                : FaceSide<Real>{c.half.depth + half * c.slope.depth_y, c.half.v + half * c.slope.v_y,
                                 c.half.u + half * c.slope.u_y};
  };
  const auto face = [&](Index i, Index j, bool is_x, Real toward) {
    const Index ni = i + (is_x ? static_cast<Index>(toward) : 0);
    const Index nj = j + (is_x ? 0 : static_cast<Index>(toward));
    const FaceSide<Real> own = side_of(i, j, is_x, toward);
    const NaiveStructure<Real>* structure = structure_between(i, j, ni, nj);
    if (structure != nullptr && structure->passing != Real(0)) {
      const FaceSide<Real> beyond = side_of(ni, nj, is_x, -toward);
      return toward > 0 ? flood::passing_flux(own, beyond, structure->passing)
                        : flood::passing_flux(beyond, own, structure->passing);
    }
    if (!is_open(ni, nj) || structure != nullptr) {
      return toward > 0 ? flood::face_flux(own, flood::mirrored(own), Real(0))
                        : flood::face_flux(flood::mirrored(own), own, Real(0));
    }
    const FaceSide<Real> other = side_of(ni, nj, is_x, -toward);
    const auto bed_slope = [&](Index a, Index b) {
      const CellSlopes<Real>& s = cells[flat(a, b)].slope;
      return is_x ? s.level_x - s.depth_x : s.level_y - s.depth_y;
    };
    const bool own_is_left = toward > 0;
    const Real jump = own_is_left ? bed[flat(ni, nj)] - bed[flat(i, j)] : bed[flat(i, j)] - bed[flat(ni, nj)];
    const Real slopes =
        own_is_left ? bed_slope(i, j) + bed_slope(ni, nj) : bed_slope(ni, nj) + bed_slope(i, j);
    return own_is_left ? flood::face_flux(own, other, jump - slopes)
                       : flood::face_flux(other, own, jump - slopes);
  };

  passed_ = {std::vector<std::array<Real, 4>>(depth.size()), depth, {}, {}};
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      passed_.u.push_back(u(i, j));
      passed_.v.push_back(v(i, j));
    }
  }
  const auto is_fast = [&](Index i, Index j) {
    return i >= 0 && i < nx && j >= 0 && j < ny && full[flat(i, j)] == 0;
  };
  std::vector<Real> new_depth = depth;
  std::vector<Real> new_x = discharge_x;
  std::vector<Real> new_y = discharge_y;
  const Real ratio = dt / spacing;
  Real largest = 0;
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      const std::size_t k = flat(i, j);
      if (!is_open(i, j) || full[k] == 0) continue;
      FaceFlux<Real> west = face(i, j, true, Real(-1));
      FaceFlux<Real> east = face(i, j, true, Real(1));
      FaceFlux<Real> south = face(i, j, false, Real(-1));
      FaceFlux<Real> north = face(i, j, false, Real(1));
      if (is_fast(i - 1, j)) west.mass = fast.x[flat(i, j)];
      if (is_fast(i + 1, j)) east.mass = fast.x[flat(i + 1, j)];
      if (is_fast(i, j - 1)) south.mass = fast.y[flat(i, j)];
      if (is_fast(i, j + 1)) north.mass = fast.y[flat(i, j + 1)];
      passed_.mass[k] = {west.mass, east.mass, south.mass, north.mass};
      const Real pull = Real(2.0 * flood::gravity) * cells[k].half.depth;
      const Real h = exchange(k, -ratio * ((east.mass - west.mass) + (north.mass - south.mass)), rain_depth);
      const Real qx =
          discharge_x[k] + -ratio * (((east.excess_left - west.excess_right) + (north.along - south.along)) +
                                     pull * cells[k].slope.level_x);
      const Real qy =
          discharge_y[k] + -ratio * (((north.excess_left - south.excess_right) + (east.along - west.along)) +
                                     pull * cells[k].slope.level_y);
      Real new_u = flood::velocity(h, qx, film);
      Real new_v = flood::velocity(h, qy, film);
      if (roughness > 0) {
        const Real share = flood::friction_share(flood::friction_rate(h, film, roughness),
                                                 flood::speed_of(new_u, new_v), dt);
        new_u *= share;
        new_v *= share;
      }
      const flood::CellUpdate<Real> after = flood::settled(h, new_u, new_v);
      new_depth[k] = after.depth;
      new_x[k] = after.discharge_x;
      new_y[k] = after.discharge_y;
      largest = std::max(largest, after.wave);
    }
  }
  depth = new_depth;
  discharge_x = new_x;
  discharge_y = new_y;
  return largest;
}

// What the face west or south of a cell does, what a cell's water does, what passes the face.

template <class Real>
flood::InertialPush<Real> NaiveFlood<Real>::push_at(Index i, Index j, bool is_x, Real dt) const {
  const Index l = is_x ? i - 1 : i;
  const Index m = is_x ? j : j - 1;
  if (!is_open(l, m) || !is_open(i, j)) return {0, 0};
  const auto step_numbers = flood::inertial_step<Real>(dt, spacing, film);
  const auto side = [&](std::size_t k) {
    return flood::InertialSide<Real>{depth[k], is_x ? discharge_x[k] : discharge_y[k],
                                     flood::speed_of(discharge_x[k], discharge_y[k]), roughness};
  };
  const flood::InertialSide<Real> left = side(flat(l, m));
  const flood::InertialSide<Real> right = side(flat(i, j));
  const flood::FaceWater<Real> water = flood::water_between(left, right, bed[flat(i, j)] - bed[flat(l, m)]);
  const flood::InertialFace<Real> between = flood::inertial_face(left, right, water, step_numbers);
  return flood::inertial_push(water.depth, between.acceleration, between.resistance);
}

template <class Real>
flood::InertialCell<Real> NaiveFlood<Real>::driven(Index i, Index j, bool is_x, Real dt) const {
  const std::size_t k = flat(i, j);
  return flood::inertial_cell(is_x ? discharge_x[k] : discharge_y[k], push_at(i, j, is_x, dt),
                              push_at(is_x ? i + 1 : i, is_x ? j : j + 1, is_x, dt));
}

template <class Real>
Real NaiveFlood<Real>::fast_velocity(Index i, Index j, bool is_x, Real dt) const {
  if (i < 0 || i >= nx || j < 0 || j >= ny) return 0;
  const Real h = depth[flat(i, j)];
  return flood::inertial_velocity(driven(i, j, is_x, dt).discharge, h, h, film);
}

template <class Real>
typename NaiveFlood<Real>::FaceMass NaiveFlood<Real>::fast_mass(Real dt) const {
  const auto step_numbers = flood::inertial_step<Real>(dt, spacing, film);
  const auto mass = [&](Index i, Index j, bool is_x) {
    const Index l = is_x ? i - 1 : i;
    const Index m = is_x ? j : j - 1;
    if (!is_open(l, m) || !is_open(i, j)) return Real(0);
    const auto giver = [&](Index a, Index b) {
      const std::size_t k = flat(a, b);
      return flood::InertialGiver<Real>{
          driven(a, b, is_x, dt), fast_velocity(a, b, is_x, dt), depth[k],
          is_x ? discharge_x[k] : discharge_y[k],
          flood::inertial_room(depth[k], discharge_x[k], discharge_y[k], step_numbers)};
    };
    return flood::inertial_flux(push_at(i, j, is_x, dt), giver(l, m), giver(i, j), step_numbers);
  };
  FaceMass found = {std::vector<Real>(depth.size()), std::vector<Real>(depth.size())};
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      found.x[flat(i, j)] = mass(i, j, true);
      found.y[flat(i, j)] = mass(i, j, false);
    }
  }
  return found;
}

template <class Real>
Real NaiveFlood<Real>::advance_fast(Real dt, const std::vector<unsigned char>& full, const FaceMass& mass) {
  std::vector<Real> new_depth = depth;
  std::vector<Real> new_x = discharge_x;
  std::vector<Real> new_y = discharge_y;
  passed_ = {std::vector<std::array<Real, 4>>(depth.size()), depth, {}, {}};
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      passed_.u.push_back(fast_velocity(i, j, true, dt));
      passed_.v.push_back(fast_velocity(i, j, false, dt));
    }
  }
  const Real ratio = dt / spacing;
  Real largest = 0;
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      const std::size_t k = flat(i, j);
      if (!is_open(i, j) || full[k] != 0) continue;
      const Real west = mass.x[k];
      const Real east = i + 1 < nx ? mass.x[flat(i + 1, j)] : Real(0);
      const Real south = mass.y[k];
      const Real north = j + 1 < ny ? mass.y[flat(i, j + 1)] : Real(0);
      passed_.mass[k] = {west, east, south, north};
      const Real h = exchange(k, -ratio * ((east - west) + (north - south)), rain);
      const auto after = [&](bool is_x) {
        const auto velocity = [&](Index a, Index b) { return fast_velocity(a, b, is_x, dt); };
        const Real here = velocity(i, j);
        const Real along_x = flood::inertial_carried(east, here, velocity(i + 1, j)) -
                             flood::inertial_carried(west, velocity(i - 1, j), here);
        const Real along_y = flood::inertial_carried(north, here, velocity(i, j + 1)) -
                             flood::inertial_carried(south, velocity(i, j - 1), here);
        return driven(i, j, is_x, dt).discharge + -ratio * (along_x + along_y);
      };
      const flood::CellUpdate<Real> settled = flood::inertial_settled(h, h, after(true), after(false), film);
      new_depth[k] = settled.depth;
      new_x[k] = settled.discharge_x;
      new_y[k] = settled.discharge_y;
      largest = std::max(largest, settled.wave);
    }
  }
  depth = new_depth;
  discharge_x = new_x;
  discharge_y = new_y;
  return largest;
}

/// Value of the water that passes the face west (south) of a cell.
template <class Real>
Real NaiveFlood<Real>::passing_value(const Tracer& tracer, const Tracer& before, Index i, Index j, bool is_x,
                                     Real mass, Real ratio, const std::vector<unsigned char>& full) const {
  struct Water {
    Real depth = 0;
    Real velocity = 0;
    Real value = 0;
    Real value_before = 0;
    bool is_full = true;
  };
  const auto at = [&](Index steps) {
    const Index a = is_x ? i + steps : i;
    const Index b = is_x ? j : j + steps;
    if (a < 0 || a >= nx || b < 0 || b >= ny) return Water{};
    const std::size_t k = flat(a, b);
    return Water{passed_.depth[k], is_x ? passed_.u[k] : passed_.v[k], tracer.value[k], before.value[k],
                 full[k] != 0};
  };
  const Water left = at(-1);
  const Water right = at(0);
  const Index number = is_x ? i : j;
  const Index count = is_x ? nx : ny;
  const bool is_inside = number > 0 && number < count;
  if (is_inside && left.is_full != right.is_full)
    return mass > Real(0) ? left.value_before : right.value_before;
  const bool is_rightward = mass > Real(0);
  const auto is_structure = [&](Index steps) {
    const Index a = is_x ? i + steps : i;
    const Index b = is_x ? j : j + steps;
    return structure_between(a, b, is_x ? a - 1 : a, is_x ? b : b - 1) != nullptr;
  };
  Real reach = 0;
  if (number >= 2 && number <= count - 2 && !is_structure(0) && !is_structure(is_rightward ? -1 : 1)) {
    const Real far = is_rightward ? at(-2).depth : at(1).depth;
    const Real next = is_rightward ? right.depth : left.depth;
    if (far > Real(0) && next > Real(0))
      reach = flood::face_reach(is_rightward ? left.velocity : right.velocity, ratio);
  }
  return flood::face_value(at(-2).value, left.value, right.value, at(1).value, mass, reach);
}

template <class Real>
void NaiveFlood<Real>::advance_tracers(Real dt, Real rain_depth, const std::vector<unsigned char>& full,
                                       unsigned char kind, const std::vector<Tracer>& before) {
  const Real ratio = dt / spacing;
  const std::vector<Tracer> old = tracers;
  for (std::size_t t = 0; t < tracers.size(); ++t) {
    const Tracer& tracer = old[t];
    for (Index j = 0; j < ny; ++j) {
      for (Index i = 0; i < nx; ++i) {
        const std::size_t k = flat(i, j);
        if (!is_open(i, j) || full[k] != kind) continue;
        const std::array<Real, 4>& mass = passed_.mass[k];
        const std::array<Real, 4> value = {
            passing_value(tracer, before[t], i, j, true, mass[0], ratio, full),
            passing_value(tracer, before[t], i + 1, j, true, mass[1], ratio, full),
            passing_value(tracer, before[t], i, j, false, mass[2], ratio, full),
            passing_value(tracer, before[t], i, j + 1, false, mass[3], ratio, full)};
        const Real h = passed_.depth[k];
        const flood::CellExchange<Real> water =
            flood::cell_exchange(h,
                                 ratio * ((flood::magnitude(mass[1]) + flood::magnitude(mass[0])) +
                                          (flood::magnitude(mass[3]) + flood::magnitude(mass[2]))),
                                 -ratio * ((mass[1] - mass[0]) + (mass[3] - mass[2])));
        Real mixed = water.mixed;
        if (rain_depth > Real(0)) mixed = mixed + rain_depth;
        Real base = tracer.value[k];
        if (depth[k] > Real(0) && !(h > Real(0))) {
          base = Real(-1e30);
          for (std::size_t n = 0; n < 4; ++n) {
            if ((n % 2 == 0 ? mass[n] : -mass[n]) > Real(0)) base = std::max(base, value[n]);
          }
          if (rain_depth > Real(0)) base = std::max(base, tracer.rain);
          if (!(base > Real(-1e30))) base = 0;
        }
        Real sum = ratio * ((mass[0] * (value[0] - base) - mass[1] * (value[1] - base)) +
                            (mass[2] * (value[2] - base) - mass[3] * (value[3] - base)));
        if (rain_depth > Real(0)) sum = sum + rain_depth * (tracer.rain - base);
        Real gain = sum * flood::inverse_of_water(mixed);
        Real next = base + gain;
        Real left_over = 0;
        if (!tracer.carry.empty()) {
          gain = gain + tracer.carry[k];
          next = base + gain;
          left_over = gain - (next - base);
        }
        const bool is_wet = depth[k] > Real(0);
        if (is_wet && h > Real(0) && water.went_out > static_cast<Real>(flood::crowded_share) * h) {
          Real low = tracer.value[k];
          Real high = low;
          const auto widen = [&](Real other) {
            low = std::min(low, other);
            high = std::max(high, other);
          };
          const auto look = [&](Index a, Index b) {
            if (a >= 0 && a < nx && b >= 0 && b < ny && passed_.depth[flat(a, b)] > Real(0))
              widen(tracer.value[flat(a, b)]);
          };
          look(i - 1, j);
          look(i + 1, j);
          look(i, j - 1);
          look(i, j + 1);
          for (std::size_t n = 0; n < 4; ++n) {
            if ((n % 2 == 0 ? mass[n] : -mass[n]) > Real(0)) widen(value[n]);
          }
          if (rain_depth > Real(0)) widen(tracer.rain);
          const Real held = std::max(low, std::min(next, high));
          if (held != next) {
            left_over = 0;
            ++held_cells;
          }
          next = held;
        }
        tracers[t].value[k] = is_wet ? next : Real(0);
        if (!tracer.carry.empty()) tracers[t].carry[k] = is_wet ? left_over : Real(0);
      }
    }
  }
}

template <class Real>
void NaiveFlood<Real>::record() {
  for (std::vector<float>* field :
       {&maximum_depth, &maximum_speed, &maximum_unit_discharge, &maximum_hazard, &hazard_class})
    field->resize(depth.size(), 0.0f);
  arrival_time.resize(depth.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t k = 0; k < depth.size(); ++k) {
    const auto d = static_cast<float>(depth[k]);
    maximum_depth[k] = std::max(maximum_depth[k], d);
    if (d < arrival_depth) continue;
    const auto speed = static_cast<float>(flood::speed_of(flood::velocity(depth[k], discharge_x[k], film),
                                                          flood::velocity(depth[k], discharge_y[k], film)));
    maximum_speed[k] = std::max(maximum_speed[k], speed);
    maximum_unit_discharge[k] = std::max(maximum_unit_discharge[k], d * speed);
    maximum_hazard[k] = std::max(maximum_hazard[k], flood::hazard_rating(d, speed, debris));
    hazard_class[k] = std::max(hazard_class[k], flood::hazard_class(d, speed));
    if (std::isnan(arrival_time[k])) arrival_time[k] = time;
  }
}

template struct NaiveFlood<float>;
template struct NaiveFlood<double>;

}  // namespace dvinis::test

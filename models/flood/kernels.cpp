// Compiled once per instruction set (DVINIS_KERNEL_LEVEL = v2, v3, v4). Only internal linkage here except the
// one table at the end; see physics.hpp for the reason.

#include "models/flood/kernels.hpp"

#include "models/flood/hazard.hpp"
#include "models/flood/physics.hpp"

#define DVINIS_JOIN_(a, b) a##b
#define DVINIS_JOIN(a, b) DVINIS_JOIN_(a, b)

namespace dvinis::flood {
namespace {

constexpr Index tile_width = 64;
constexpr Index tile_height = 16;
constexpr Index local_pitch = tile_width + 4;
constexpr Index local_size = local_pitch * (tile_height + 4);

/// A tile with a ring of two cells, bed in the tile's own datum, and the states after the half step.
/// Local index of cell (i, j): (j - j0 + 2) * local_pitch + (i - i0 + 2).
template <class Real>
struct Workspace {
  Real depth[local_size], bed[local_size], u[local_size], v[local_size];
  unsigned char closed[local_size];
  Real half_depth[local_size], half_u[local_size], half_v[local_size];
  CellSlopes<Real> slope[local_size];
};

inline Index at(Index column, Index row) { return row * local_pitch + column; }

template <class Real>
void load(const Arrays<Real>& arrays, const TileFrame<Real>& tile, Real film, Workspace<Real>& work) {
  const Index width = tile.i1 - tile.i0;
  const Index height = tile.j1 - tile.j0;
  for (Index row = 0; row < height + 4; ++row) {
    const Index j = tile.j0 + row - 2;
    const Real* datum_step = tile.datum_step[row < 2 ? 0 : row < height + 2 ? 1 : 2];
    for (Index column = 0; column < width + 4; ++column) {
      const Index source = j * arrays.pitch + tile.i0 + column - 2;
      const Index k = at(column, row);
      const Real shift = datum_step[column < 2 ? 0 : column < width + 2 ? 1 : 2];
      work.depth[k] = arrays.depth[source];
      work.bed[k] = arrays.bed[source] + shift;
      work.u[k] = velocity(arrays.depth[source], arrays.discharge_x[source], film);
      work.v[k] = velocity(arrays.depth[source], arrays.discharge_y[source], film);
      work.closed[k] = arrays.closed[j * arrays.closed_pitch + tile.i0 + column - 2];
    }
  }
}

/// Limited differences along one axis. A closed face shows the cell its mirror image.
template <class Real>
struct AxisSlopes {
  Real level, depth, normal, along;
};
template <class Real>
inline AxisSlopes<Real> axis_slopes(const Real* depth, const Real* bed, const Real* normal, const Real* along,
                                    Index k, Index stride, bool closed_before, bool closed_after) {
  const Index before = k - stride;
  const Index after = k + stride;
  const Real zero = 0;
  const Real depth_back = closed_before ? zero : depth[k] - depth[before];
  const Real depth_on = closed_after ? zero : depth[after] - depth[k];
  const Real level_back = closed_before ? zero : depth_back + (bed[k] - bed[before]);
  const Real level_on = closed_after ? zero : depth_on + (bed[after] - bed[k]);
  const Real normal_back = closed_before ? normal[k] + normal[k] : normal[k] - normal[before];
  const Real normal_on = closed_after ? -(normal[k] + normal[k]) : normal[after] - normal[k];
  const Real along_back = closed_before ? zero : along[k] - along[before];
  const Real along_on = closed_after ? zero : along[after] - along[k];
  return {level_slope(level_back, level_on, depth[k]), limited_slope(depth_back, depth_on),
          limited_slope(normal_back, normal_on), limited_slope(along_back, along_on)};
}

template <class Real>
void predict(const Arrays<Real>& arrays, const TileFrame<Real>& tile, const StepNumbers<Real>& numbers,
             Workspace<Real>& work) {
  const Index width = tile.i1 - tile.i0;
  const Index height = tile.j1 - tile.j0;
  const Real half_ratio = Real(0.5) * numbers.dt / numbers.spacing;
  for (Index row = 1; row < height + 3; ++row) {
    const bool ring_row = row == 1 || row == height + 2;
    for (Index column = ring_row ? 2 : 1; column < (ring_row ? width + 2 : width + 3); ++column) {
      const Index k = at(column, row);
      CellSlopes<Real> slope = {};
      CellState<Real> half = {work.depth[k], work.u[k], work.v[k]};
      if (work.depth[k] > Real(0)) {
        const AxisSlopes<Real> x =
            axis_slopes(work.depth, work.bed, work.u, work.v, k, Index(1),
                        (work.closed[k] & closed_west) != 0, (work.closed[k + 1] & closed_west) != 0);
        const AxisSlopes<Real> y = axis_slopes(work.depth, work.bed, work.v, work.u, k, local_pitch,
                                               (work.closed[k] & closed_south) != 0,
                                               (work.closed[k + local_pitch] & closed_south) != 0);
        slope = {x.level, x.depth, x.normal, x.along, y.level, y.depth, y.along, y.normal};
        const Real n = arrays.roughness[(tile.j0 + row - 2) * arrays.pitch + tile.i0 + column - 2];
        const Real speed = root(work.u[k] * work.u[k] + work.v[k] * work.v[k]);
        const Real half_friction =
            Real(0.5) * numbers.dt * (friction_rate(larger(work.depth[k], numbers.film), n * n) * speed);
        half = half_step(half, slope, half_ratio, half_friction);
      }
      work.slope[k] = slope;
      work.half_depth[k] = half.depth;
      work.half_u[k] = half.u;
      work.half_v[k] = half.v;
    }
  }
}

/// What a cell shows at its face on the far (`half` = 1/2) or near (-1/2) side of an axis.
template <class Real>
inline FaceSide<Real> x_side(const Workspace<Real>& work, Index k, Real half) {
  const CellSlopes<Real>& s = work.slope[k];
  return {work.half_depth[k] + half * s.depth_x, work.half_u[k] + half * s.u_x,
          work.half_v[k] + half * s.v_x};
}
template <class Real>
inline FaceSide<Real> y_side(const Workspace<Real>& work, Index k, Real half) {
  const CellSlopes<Real>& s = work.slope[k];
  return {work.half_depth[k] + half * s.depth_y, work.half_v[k] + half * s.v_y,
          work.half_u[k] + half * s.u_y};
}

/// Flux through the x-face between local cells k - 1 and k, or the y-face between k - pitch and k.
template <class Real>
inline FaceFlux<Real> x_face(const Workspace<Real>& work, Index k) {
  const Real half = Real(0.5);
  const Index l = k - 1;
  const CellSlopes<Real>& left = work.slope[l];
  const CellSlopes<Real>& right = work.slope[k];
  const Real bed_slopes = (left.level_x - left.depth_x) + (right.level_x - right.depth_x);
  return face_flux(x_side(work, l, half), x_side(work, k, -half),
                   (work.bed[k] - work.bed[l]) - half * bed_slopes);
}
template <class Real>
inline FaceFlux<Real> y_face(const Workspace<Real>& work, Index k) {
  const Real half = Real(0.5);
  const Index l = k - local_pitch;
  const CellSlopes<Real>& left = work.slope[l];
  const CellSlopes<Real>& right = work.slope[k];
  const Real bed_slopes = (left.level_y - left.depth_y) + (right.level_y - right.depth_y);
  return face_flux(y_side(work, l, half), y_side(work, k, -half),
                   (work.bed[k] - work.bed[l]) - half * bed_slopes);
}

/// Flux at a closed face as the cell on its right, or on its left, feels it.
template <class Real>
inline FaceFlux<Real> wall_on_left(const FaceSide<Real>& side) {
  return face_flux(mirrored(side), side, Real(0));
}
template <class Real>
inline FaceFlux<Real> wall_on_right(const FaceSide<Real>& side) {
  return face_flux(side, mirrored(side), Real(0));
}

/// At the domain's rim: a prescribed mass flux replaces the solver's, and what passes is kept for the ledger.
template <class Real>
inline void pass_edge(const EdgeLine<Real>& edge, Index k, Real outward, FaceFlux<Real>& flux) {
  const Real imposed = edge.imposed[k];
  if (imposed == imposed) flux.mass = outward * imposed;
  edge.outflow[k] = outward * flux.mass;
}

template <class Real>
void increments(const Arrays<Real>& arrays, const TileFrame<Real>& tile, const StepNumbers<Real>& numbers,
                Index nx, Index ny, const EdgeFluxes<Real>& edges, TileReport* report) {
  Workspace<Real> work;
  load(arrays, tile, numbers.film, work);
  predict(arrays, tile, numbers, work);
  const Index width = tile.i1 - tile.i0;
  const Real ratio = numbers.dt / numbers.spacing;
  const Real g = Real(gravity);
  Index negative = 0;
  FaceFlux<Real> south_faces[tile_width];
  for (Index j = tile.j0; j < tile.j1; ++j) {
    const Index row = j - tile.j0 + 2;
    FaceFlux<Real> west = {};
    for (Index column = 2; column < width + 2; ++column) {
      const Index i = tile.i0 + column - 2;
      const Index k = at(column, row);
      const bool west_is_closed = (work.closed[k] & closed_west) != 0;
      const bool east_is_closed = (work.closed[k + 1] & closed_west) != 0;
      const bool south_is_closed = (work.closed[k] & closed_south) != 0;
      const bool north_is_closed = (work.closed[k + local_pitch] & closed_south) != 0;
      if (west_is_closed) {
        west = wall_on_left(x_side(work, k, Real(-0.5)));
      } else if (column == 2) {
        west = x_face(work, k);
      }
      FaceFlux<Real> east = east_is_closed ? wall_on_right(x_side(work, k, Real(0.5))) : x_face(work, k + 1);
      FaceFlux<Real>& south = south_faces[column - 2];
      if (south_is_closed) {
        south = wall_on_left(y_side(work, k, Real(-0.5)));
      } else if (row == 2) {
        south = y_face(work, k);
      }
      FaceFlux<Real> north =
          north_is_closed ? wall_on_right(y_side(work, k, Real(0.5))) : y_face(work, k + local_pitch);
      if (i == 0) pass_edge(edges.west, j, Real(-1), west);
      if (i == nx - 1) pass_edge(edges.east, j, Real(1), east);
      if (j == 0) pass_edge(edges.south, i, Real(-1), south);
      if (j == ny - 1) pass_edge(edges.north, i, Real(1), north);

      const Index target = j * arrays.pitch + i;
      const Real pull = g * work.half_depth[k];
      const Real gain = -ratio * ((east.mass - west.mass) + (north.mass - south.mass));
      arrays.depth_step[target] = gain;
      arrays.discharge_x_step[target] =
          -ratio * (((east.excess_left - west.excess_right) + (north.along - south.along)) +
                    pull * work.slope[k].level_x);
      arrays.discharge_y_step[target] =
          -ratio * (((north.excess_left - south.excess_right) + (east.along - west.along)) +
                    pull * work.slope[k].level_y);
      // Anything below what rounding explains is a real overdraft: the caller repeats with a smaller step.
      const Real depth = work.depth[k];
      const Real moved = ratio * ((magnitude(east.mass) + magnitude(west.mass)) +
                                  (magnitude(north.mass) + magnitude(south.mass)));
      const Real tolerance = Real(sizeof(Real) == 4 ? 1e-6 : 1e-15) * (depth + moved);
      negative += depth + gain < -tolerance ? 1 : 0;
      west = east;
      south = north;
    }
  }
  report->negative_cells = negative;
}

template <class Real>
inline void update_running(const Arrays<Real>& arrays, Index r, float depth, float speed,
                           const StepNumbers<Real>& numbers) {
  if (arrays.maximum_depth && depth > arrays.maximum_depth[r]) arrays.maximum_depth[r] = depth;
  if (depth < numbers.arrival_depth) return;
  const float unit_discharge = depth * speed;
  if (arrays.maximum_speed && speed > arrays.maximum_speed[r]) arrays.maximum_speed[r] = speed;
  if (arrays.maximum_unit_discharge && unit_discharge > arrays.maximum_unit_discharge[r]) {
    arrays.maximum_unit_discharge[r] = unit_discharge;
  }
  if (arrays.maximum_hazard) {
    const float rating = hazard_rating(depth, speed, static_cast<float>(numbers.debris));
    if (rating > arrays.maximum_hazard[r]) arrays.maximum_hazard[r] = rating;
  }
  if (arrays.hazard_class) {
    const float category = hazard_class(depth, speed);
    if (category > arrays.hazard_class[r]) arrays.hazard_class[r] = category;
  }
  if (arrays.arrival_time && !(arrays.arrival_time[r] >= 0.0f)) arrays.arrival_time[r] = numbers.time;
  if (arrays.wet_duration) arrays.wet_duration[r] += static_cast<float>(numbers.dt);
}

template <class Real>
void apply(const Arrays<Real>& arrays, const TileFrame<Real>& tile, const StepNumbers<Real>& numbers,
           TileReport* report) {
  const bool has_running = arrays.maximum_depth || arrays.maximum_speed || arrays.maximum_unit_discharge ||
                           arrays.maximum_hazard || arrays.hazard_class || arrays.arrival_time ||
                           arrays.wet_duration;
  double largest = 0.0;
  double clipped = 0.0;
  Index wet = 0;
  Real finite_probe = 0;
  for (Index j = tile.j0; j < tile.j1; ++j) {
    for (Index i = tile.i0; i < tile.i1; ++i) {
      const Index k = j * arrays.pitch + i;
      if (arrays.closed[j * arrays.closed_pitch + i] & blocked_cell) continue;
      const Real before = arrays.depth[k];
      Real gain = arrays.depth_step[k] + numbers.rain_depth;
      Real depth;
      if (arrays.carry) {
        // Compensated sum: what the depth cannot hold waits in `carry` for the next step.
        gain += arrays.carry[k];
        depth = before + gain;
        arrays.carry[k] = gain - (depth - before);
      } else {
        depth = before + gain;
      }
      if (!(depth > Real(0))) {
        if (depth < Real(0)) clipped -= static_cast<double>(depth);
        finite_probe += depth - depth;
        arrays.depth[k] = 0;
        arrays.discharge_x[k] = 0;
        arrays.discharge_y[k] = 0;
        continue;
      }
      Real u = velocity(depth, arrays.discharge_x[k] + arrays.discharge_x_step[k], numbers.film);
      Real v = velocity(depth, arrays.discharge_y[k] + arrays.discharge_y_step[k], numbers.film);
      Real speed = root(u * u + v * v);
      const Real n = arrays.roughness[k];
      if (n > Real(0)) {
        const Real share =
            friction_share(friction_rate(larger(depth, numbers.film), n * n), speed, numbers.dt);
        u *= share;
        v *= share;
        speed *= share;
      }
      arrays.depth[k] = depth;
      arrays.discharge_x[k] = depth * u;
      arrays.discharge_y[k] = depth * v;
      finite_probe += (u - u) + (v - v);
      ++wet;
      const double wave =
          static_cast<double>(larger(magnitude(u), magnitude(v)) + root(Real(gravity) * depth));
      if (wave > largest) {
        largest = wave;
        report->fastest_i = i;
        report->fastest_j = j;
      }
      if (has_running) {
        update_running(arrays, j * arrays.running_pitch + i, static_cast<float>(depth),
                       static_cast<float>(speed), numbers);
      }
    }
  }
  report->largest_speed = largest;
  report->wet_cells = wet;
  report->clipped_depth = clipped;
  report->is_finite = finite_probe == Real(0);
}

}  // namespace

extern const Kernels<float> DVINIS_JOIN(kernels_float_, DVINIS_KERNEL_LEVEL);
extern const Kernels<double> DVINIS_JOIN(kernels_double_, DVINIS_KERNEL_LEVEL);
const Kernels<float> DVINIS_JOIN(kernels_float_, DVINIS_KERNEL_LEVEL) = {increments<float>, apply<float>};
const Kernels<double> DVINIS_JOIN(kernels_double_, DVINIS_KERNEL_LEVEL) = {increments<double>, apply<double>};

}  // namespace dvinis::flood

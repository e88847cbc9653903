#pragma once
/// The physics of one cell and one face: pure functions of numbers, no loops, no state.
///
/// Everything here has internal linkage and calls nothing from the standard library, because this header is
/// compiled once per instruction set: an external inline function compiled for AVX-512 could otherwise be the
/// copy that an older machine runs. Only + - * / and square roots occur, so every level gives the same bits.
/// Each function is exact under mirroring (west <-> east) and exchange of axes.

namespace dvinis::flood {

constexpr double gravity = 9.81;  ///< [m s-2]

static inline float root(float x) { return __builtin_sqrtf(x); }
static inline double root(double x) { return __builtin_sqrt(x); }
template <class Real>
static inline Real larger(Real a, Real b) {
  return a < b ? b : a;
}
template <class Real>
static inline Real smaller(Real a, Real b) {
  return b < a ? b : a;
}
template <class Real>
static inline Real magnitude(Real a) {
  return a < Real(0) ? -a : a;
}

/// x^(-1/3) for normal x > 0 by Newton's iteration from a bit-level first guess; last-place accurate to 2
/// ulp.
static inline float inverse_cube_root(float x) {
  const unsigned bits = __builtin_bit_cast(unsigned, x);
  float y = __builtin_bit_cast(float, 0x54a231e4u - bits / 3u);
  for (int k = 0; k < 3; ++k) y = y * (4.0f - x * y * y * y) * (1.0f / 3.0f);
  return y;
}
static inline double inverse_cube_root(double x) {
  const unsigned long long bits = __builtin_bit_cast(unsigned long long, x);
  double y = __builtin_bit_cast(double, 0x553ef0e74ffa1ea8ull - bits / 3ull);
  for (int k = 0; k < 4; ++k) y = y * (4.0 - x * y * y * y) * (1.0 / 3.0);
  return y;
}

/// Monotonised central slope (van Leer 1977, doi:10.1016/0021-9991(77)90095-X): zero at extrema, at most
/// `steepness` times the smaller one-sided difference, else central. Uses halves and doubles only: exact on
/// quantised data.
template <class Real>
static inline Real limited_slope(Real backward, Real forward, Real steepness = Real(2)) {
  const Real central = Real(0.5) * (backward + forward);
  const Real bound = steepness * smaller(magnitude(backward), magnitude(forward));
  const Real size = smaller(magnitude(central), bound);
  return backward * forward > Real(0) ? (central < Real(0) ? -size : size) : Real(0);
}

/// Limited slope of the water level. A step of the level higher than the water is deep is a bank or a cliff,
/// not a surface: there the slope is at most the smaller one-sided difference, else a wall on one side of a
/// cell would tilt its surface down to the bed of the other side and dam the flow.
template <class Real>
static inline Real level_slope(Real backward, Real forward, Real depth) {
  const bool is_steep = magnitude(backward) > depth || magnitude(forward) > depth;
  return limited_slope(backward, forward, is_steep ? Real(1) : Real(2));
}

/// Velocity [m s-1] of a unit discharge; tends to zero with the depth in films thinner than `film`
/// (Kurganov & Petrova 2007, doi:10.4310/CMS.2007.v5.n1.a6).
template <class Real>
static inline Real velocity(Real depth, Real unit_discharge, Real film) {
  const Real guarded = larger(depth, film);
  return depth > Real(0) ? Real(2) * depth * unit_discharge / (depth * depth + guarded * guarded) : Real(0);
}

/// Friction rate of Manning's law per speed, g n^2 h^(-4/3) [m-1].
template <class Real>
static inline Real friction_rate(Real depth, Real roughness_squared) {
  const Real r = inverse_cube_root(depth);
  const Real r2 = r * r;
  return Real(gravity) * roughness_squared * r2 * r2;
}

/// Share of the momentum left after friction for dt: the positive root of s (1 + dt k s) = s_before.
///
/// Fully implicit, so a thin sheet settles at the exact normal flow g S = k s^2 whatever dt.
/// @param rate  k [m-1], @param speed  before friction [m s-1]
template <class Real>
static inline Real friction_share(Real rate, Real speed, Real dt) {
  return Real(2) / (Real(1) + root(Real(1) + Real(4) * dt * rate * speed));
}

/// Values of a cell and their limited differences across the cell (not divided by the spacing).
template <class Real>
struct CellSlopes {
  Real level_x, depth_x, u_x, v_x;
  Real level_y, depth_y, u_y, v_y;
};
template <class Real>
struct CellState {
  Real depth, u, v;
};

/// Hancock's half step in primitive variables with friction:
///
///   h½ = h - dt/2 (u h_x + h u_x + v h_y + h v_y)
///   u½ = (u - dt/2 (u u_x + v u_y + g level_x)) / (1 + dt/2 k |u|)
///
/// @param half_ratio  dt / (2 spacing) [s m-1], @param half_friction  dt/2 k |u| [1]
/// The depth is kept large enough that no face value h½ +- slope/2 becomes negative.
/// Source: van Leer 1984, doi:10.1137/0905001; friction in the half step: see README.md.
template <class Real>
static inline CellState<Real> half_step(const CellState<Real>& cell, const CellSlopes<Real>& slope,
                                        Real half_ratio, Real half_friction) {
  const Real flux_x = cell.u * slope.depth_x + cell.depth * slope.u_x;
  const Real flux_y = cell.v * slope.depth_y + cell.depth * slope.v_y;
  const Real least = Real(0.5) * larger(magnitude(slope.depth_x), magnitude(slope.depth_y));
  const Real share = Real(1) / (Real(1) + half_friction);
  CellState<Real> half;
  half.depth = larger(cell.depth - half_ratio * (flux_x + flux_y), least);
  half.u =
      (cell.u - half_ratio * ((cell.u * slope.u_x + cell.v * slope.u_y) + Real(gravity) * slope.level_x)) *
      share;
  half.v =
      (cell.v - half_ratio * ((cell.u * slope.v_x + cell.v * slope.v_y) + Real(gravity) * slope.level_y)) *
      share;
  return half;
}

/// One side of a face: depth, velocity normal and along the face.
template <class Real>
struct FaceSide {
  Real depth, normal, along;
};

/// Flux through a face. Momentum is given as the excess over the hydrostatic pressure of each side's
/// reconstructed depth: it vanishes exactly for water at rest, however deep.
template <class Real>
struct FaceFlux {
  Real mass;          ///< [m2 s-1]
  Real excess_left;   ///< normal momentum flux - g h*_left^2 / 2 [m3 s-2]
  Real excess_right;  ///< normal momentum flux - g h*_right^2 / 2
  Real along;         ///< flux of momentum along the face [m3 s-2]
};

/// HLLC flux after hydrostatic reconstruction.
///
/// @param bed_step  bed right minus bed left at the face [m]; the higher side holds water back:
///                  h*_left = max(0, h_left - max(0, bed_step)) and likewise on the right
/// Wave speeds from the two-rarefaction state with dry-bed speeds u +- 2c; normal components by HLL, the
/// momentum along the face is carried by the mass flux (the contact wave).
/// Sources: Audusse et al. 2004, doi:10.1137/S1064827503431090; Toro 2001, Shock-Capturing Methods for
/// Free-Surface Shallow Flows, section 10.
template <class Real>
static inline FaceFlux<Real> face_flux(const FaceSide<Real>& left, const FaceSide<Real>& right,
                                       Real bed_step) {
  const Real g = Real(gravity);
  const Real h_left = larger(left.depth - larger(bed_step, Real(0)), Real(0));
  const Real h_right = larger(right.depth - larger(-bed_step, Real(0)), Real(0));
  const Real c_left = root(g * h_left);
  const Real c_right = root(g * h_right);
  const Real difference = left.normal - right.normal;
  const Real c_star = larger(Real(0.5) * (c_left + c_right) + Real(0.25) * difference, Real(0));
  const Real u_star = Real(0.5) * (left.normal + right.normal) + (c_left - c_right);
  const bool left_dry = !(h_left > Real(0));
  const bool right_dry = !(h_right > Real(0));
  const Real slow =
      left_dry ? right.normal - Real(2) * c_right : smaller(left.normal - c_left, u_star - c_star);
  const Real fast =
      right_dry ? left.normal + Real(2) * c_left : larger(right.normal + c_right, u_star + c_star);
  const Real s_left = right_dry ? smaller(left.normal - c_left, Real(0)) : smaller(slow, Real(0));
  const Real s_right = left_dry ? larger(right.normal + c_right, Real(0)) : larger(fast, Real(0));
  const Real width = s_right - s_left;
  const bool still = (left_dry && right_dry) || !(width > Real(0));
  const Real per_width = still ? Real(0) : Real(1) / width;
  const Real q_left = h_left * left.normal;
  const Real q_right = h_right * right.normal;
  const Real product = s_left * s_right;
  FaceFlux<Real> flux;
  flux.mass = ((s_right * q_left - s_left * q_right) + product * (h_right - h_left)) * per_width;
  const Real common = ((s_right * (q_left * left.normal) - s_left * (q_right * right.normal)) +
                       product * (q_right - q_left)) *
                      per_width;
  const Real pressure_step = Real(0.5) * g * (h_right - h_left) * (h_right + h_left);
  flux.excess_left = common - (s_left * per_width) * pressure_step;
  flux.excess_right = common - (s_right * per_width) * pressure_step;
  flux.along = flux.mass * (flux.mass > Real(0) ? left.along : right.along);
  return flux;
}

/// The same side seen in a wall: reflects the normal velocity.
template <class Real>
static inline FaceSide<Real> mirrored(const FaceSide<Real>& side) {
  return {side.depth, -side.normal, side.along};
}

}  // namespace dvinis::flood

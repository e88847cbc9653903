#pragma once
/// The physics of one cell and one face: pure functions of numbers, no loops, no state.
///
/// A Number is a float, a double, or a pack of them (lanes.hpp): the fast kernels and the simple oracle of
/// the tests call the very same functions. Everything here has internal linkage and calls nothing from the
/// standard library, because this header is compiled once per instruction set: an external inline function
/// compiled for AVX-512 could otherwise be the copy that an older machine runs. Only + - * / and square roots
/// occur, so every level gives the same bits. Each function is exact under mirroring (west <-> east) and
/// exchange of axes.

namespace dvinis::flood {

constexpr double gravity = 9.81;  ///< [m s-2]

template <class Number>
static inline Number select(bool condition, Number yes, Number no) {
  return condition ? yes : no;
}
static inline float root(float x) { return __builtin_sqrtf(x); }
static inline double root(double x) { return __builtin_sqrt(x); }
static inline float magnitude(float x) { return __builtin_fabsf(x); }
static inline double magnitude(double x) { return __builtin_fabs(x); }
/// b where a < b, else a: what a processor's maximum does, also with what is no number.
template <class Number>
static inline Number larger(Number a, Number b) {
  return a < b ? b : a;
}
template <class Number>
static inline Number smaller(Number a, Number b) {
  return b < a ? b : a;
}

// First guess of x^(-1/3): a third of the bits of x, read as an integer, from a constant. The arithmetic on
// the bits is itself done in floating point, in steps that every instruction set has.
template <class Real>
constexpr Real guess_third = static_cast<Real>(1.0 / 3.0);
template <class Real>
constexpr Real guess_constant = sizeof(Real) == 4 ? static_cast<Real>(0x54a231e4)
                                                  : static_cast<Real>(0x553ef0e7);
constexpr double guess_two52 = 4503599627370496.0;
constexpr unsigned long long guess_exponent = 0x4330000000000000ull;  ///< bits of 2^52

static inline float cube_root_guess(float x) {
  const float bits = static_cast<float>(__builtin_bit_cast(int, x));
  return __builtin_bit_cast(float, static_cast<int>(guess_constant<float> - bits * guess_third<float>));
}
static inline double cube_root_guess(double x) {
  const auto upper = __builtin_bit_cast(unsigned long long, x) >> 32;
  const double bits = __builtin_bit_cast(double, upper | guess_exponent) - guess_two52;
  const double guess = (guess_constant<double> - bits * guess_third<double>)+guess_two52;
  return __builtin_bit_cast(double, __builtin_bit_cast(unsigned long long, guess) << 32);
}

/// How many third-order steps bring the first guess (3 % off) near enough for a last Newton step.
static inline int cube_root_steps(float) { return 1; }
static inline int cube_root_steps(double) { return 2; }

/// x^(-1/3) for normal x > 0 by Householder's and Newton's iteration; accurate to a few units in the last
/// place.
template <class Number>
static inline Number inverse_cube_root(Number x) {
  Number y = cube_root_guess(x);
  for (int k = 0; k < cube_root_steps(x); ++k) {
    const Number residual = Number(1) - (x * y) * (y * y);
    y = y + y * (residual * (Number(1.0 / 3.0) + residual * Number(2.0 / 9.0)));
  }
  const Number residual = Number(1) - (x * y) * (y * y);
  return y + y * (residual * Number(1.0 / 3.0));
}

/// Half a monotonised central slope: what a quantity changes from a cell's centre to its face.
///
///   half the central difference, at most the smaller one-sided difference times `bound`, zero at extrema
///
/// Source: van Leer 1977, doi:10.1016/0021-9991(77)90095-X. Halves only: exact on quantised data.
/// @param backward, forward  differences to the two neighbours
template <class Number>
static inline Number half_slope(Number backward, Number forward) {
  const Number low = smaller(backward, forward);
  const Number high = larger(backward, forward);
  const Number central = Number(0.25) * (backward + forward);
  return smaller(larger(central, smaller(high, Number(0))), larger(low, Number(0)));
}

/// Half slope of the water level. A step of the level higher than the water is deep is a bank or a cliff, not
/// a surface: there the slope is at most half the smaller one-sided difference, else a wall on one side of a
/// cell would tilt its surface down to the bed of the other side and dam the flow. A dry cell has none.
template <class Number>
static inline Number level_half_slope(Number backward, Number forward, Number depth) {
  const Number low = smaller(backward, forward);
  const Number high = larger(backward, forward);
  const Number steepness =
      select(depth > Number(0), select(larger(high, -low) > depth, Number(0.5), Number(1)), Number(0));
  const Number central = Number(0.25) * (backward + forward);
  return smaller(larger(central, smaller(high * steepness, Number(0))), larger(low * steepness, Number(0)));
}

/// What a unit discharge is multiplied by to give a velocity [m-1]: 1/h, and towards zero with the depth in
/// films thinner than `film` > 0 (Kurganov & Petrova 2007, doi:10.4310/CMS.2007.v5.n1.a6).
template <class Number>
static inline Number inverse_depth(Number depth, Number film) {
  const Number guarded = larger(depth, film);
  return (depth + depth) / (depth * depth + guarded * guarded);
}

/// Velocity [m s-1] of a unit discharge [m2 s-1].
template <class Number>
static inline Number velocity(Number depth, Number unit_discharge, Number film) {
  return unit_discharge * inverse_depth(depth, film);
}
template <class Number>
static inline Number speed_of(Number u, Number v) {
  return root(u * u + v * v);
}

/// Friction rate of Manning's law per speed, g n^2 h^(-4/3) [m-1]; that of `film` in thinner films.
template <class Number>
static inline Number friction_rate(Number depth, Number film, Number roughness) {
  const Number r = inverse_cube_root(larger(depth, film));
  const Number r2 = r * r;
  return (Number(gravity) * (roughness * roughness)) * (r2 * r2);
}

/// Share of the momentum left after friction for dt: the positive root of s (1 + dt k s) = s_before.
///
/// Fully implicit, so a thin sheet settles at the exact normal flow g S = k s^2 whatever dt.
/// @param rate  k [m-1], @param speed  before friction [m s-1]
template <class Number>
static inline Number friction_share(Number rate, Number speed, Number dt) {
  return Number(2) / (Number(1) + root(Number(1) + (Number(4) * dt) * (rate * speed)));
}

/// Half slopes of a cell: differences between its centre and its faces.
template <class Number>
struct CellSlopes {
  Number level_x, depth_x, u_x, v_x;
  Number level_y, depth_y, u_y, v_y;
};
template <class Number>
struct CellState {
  Number depth, u, v;
};

/// Hancock's half step in primitive variables with friction:
///
///   h½ = h - dt/2 (u h_x + h u_x + v h_y + h v_y)
///   u½ = (u - dt/2 (u u_x + v u_y + g level_x)) / (1 + dt/2 k |u|)
///
/// @param ratio  dt / spacing [s m-1]: times a half slope that is dt/2 times the derivative
/// @param friction_share  1 / (1 + dt/2 k |u|)
/// The depth is kept large enough that no face value h½ +- half slope becomes negative.
/// Source: van Leer 1984, doi:10.1137/0905001; friction in the half step: see README.md.
template <class Number>
static inline CellState<Number> half_step(const CellState<Number>& cell, const CellSlopes<Number>& slope,
                                          Number ratio, Number friction_share) {
  const Number g = Number(gravity);
  const Number flux_x = cell.u * slope.depth_x + cell.depth * slope.u_x;
  const Number flux_y = cell.v * slope.depth_y + cell.depth * slope.v_y;
  const Number least = larger(magnitude(slope.depth_x), magnitude(slope.depth_y));
  CellState<Number> half;
  half.depth = larger(cell.depth - ratio * (flux_x + flux_y), least);
  half.u =
      (cell.u - ratio * ((cell.u * slope.u_x + cell.v * slope.u_y) + g * slope.level_x)) * friction_share;
  half.v =
      (cell.v - ratio * ((cell.u * slope.v_x + cell.v * slope.v_y) + g * slope.level_y)) * friction_share;
  return half;
}

/// One side of a face: depth, velocity normal and along the face.
template <class Number>
struct FaceSide {
  Number depth, normal, along;
};

/// Flux through a face. Momentum is given as the excess over the hydrostatic pressure of each side's
/// reconstructed depth: it vanishes exactly for water at rest, however deep.
template <class Number>
struct FaceFlux {
  Number mass;          ///< [m2 s-1]
  Number excess_left;   ///< normal momentum flux - g h*_left^2 / 2 [m3 s-2]
  Number excess_right;  ///< normal momentum flux - g h*_right^2 / 2
  Number along;         ///< flux of momentum along the face [m3 s-2]
};

/// Depths and celerities on both sides of a face after hydrostatic reconstruction: the side whose bed is
/// higher holds the other's water back, h*_left = max(0, h_left - max(0, bed_step)) and likewise on the
/// right.
template <class Number>
struct FaceDepths {
  Number left, right;                    ///< [m]
  Number celerity_left, celerity_right;  ///< [m s-1]
};

/// @param bed_step  bed right minus bed left at the face [m]
/// Source: Audusse et al. 2004, doi:10.1137/S1064827503431090.
template <class Number>
static inline FaceDepths<Number> reconstructed(Number depth_left, Number depth_right, Number bed_step) {
  const Number zero = Number(0);
  FaceDepths<Number> h;
  h.left = larger(depth_left - larger(bed_step, zero), zero);
  h.right = larger(depth_right + smaller(bed_step, zero), zero);
  h.celerity_left = root(Number(gravity) * h.left);
  h.celerity_right = root(Number(gravity) * h.right);
  return h;
}

/// The two outer waves of a face and what they make of the two sides: an HLL flux is
/// share_left * F_left - share_right * F_right + mixing * (U_right - U_left).
template <class Number>
struct WaveFan {
  Number velocity_left, velocity_right;  ///< normal; of the dry front where a side is dry [m s-1]
  Number share_left, share_right;        ///< s_right / (s_right - s_left), s_left / (s_right - s_left)
  Number mixing;                         ///< s_left s_right / (s_right - s_left) [m s-1]
};

/// Wave speeds from the two-rarefaction state. A dry side is given the speed of the dry front, u +- 2c of the
/// wet one, which turns the same formulas into those of a dry bed.
/// Source: Toro 2001, Shock-Capturing Methods for Free-Surface Shallow Flows, section 10.
template <class Number>
static inline WaveFan<Number> wave_fan(const FaceDepths<Number>& h, Number normal_left, Number normal_right) {
  const Number zero = Number(0);
  const Number c_left = h.celerity_left;
  const Number c_right = h.celerity_right;
  const Number u_left = select(h.left > zero, normal_left, normal_right - (c_right + c_right));
  const Number u_right = select(h.right > zero, normal_right, normal_left + (c_left + c_left));
  const Number c_star = larger(Number(0.5) * (c_left + c_right) + Number(0.25) * (u_left - u_right), zero);
  const Number u_star = Number(0.5) * (u_left + u_right) + (c_left - c_right);
  const Number s_left = smaller(smaller(u_left - c_left, u_star - c_star), zero);
  const Number s_right = larger(larger(u_right + c_right, u_star + c_star), zero);
  // Dry or still on both sides: no width, and no water for it to matter.
  const Number per_width = Number(1) / larger(s_right - s_left, Number(1e-30));
  return {u_left, u_right, s_right * per_width, s_left * per_width, (s_left * s_right) * per_width};
}

/// The flux through a face whose waves are known: normal components by HLL, the momentum along the face
/// carried by the mass flux (the contact wave of HLLC).
template <class Number>
static inline FaceFlux<Number> flux_through(Number h_left, Number h_right, const WaveFan<Number>& fan,
                                            Number along_left, Number along_right) {
  const Number q_left = h_left * fan.velocity_left;
  const Number q_right = h_right * fan.velocity_right;
  const Number depth_step = h_right - h_left;
  const Number pressure_step = (Number(0.5 * gravity) * depth_step) * (h_right + h_left);
  const Number common =
      (fan.share_left * (q_left * fan.velocity_left) - fan.share_right * (q_right * fan.velocity_right)) +
      fan.mixing * (q_right - q_left);
  FaceFlux<Number> flux;
  flux.mass = (fan.share_left * q_left - fan.share_right * q_right) + fan.mixing * depth_step;
  flux.excess_left = common - fan.share_right * pressure_step;
  flux.excess_right = common - fan.share_left * pressure_step;
  flux.along = flux.mass * select(flux.mass > Number(0), along_left, along_right);
  return flux;
}

/// HLLC flux after hydrostatic reconstruction: the three above in a row.
template <class Number>
static inline FaceFlux<Number> face_flux(const FaceSide<Number>& left, const FaceSide<Number>& right,
                                         Number bed_step) {
  const FaceDepths<Number> h = reconstructed(left.depth, right.depth, bed_step);
  return flux_through(h.left, h.right, wave_fan(h, left.normal, right.normal), left.along, right.along);
}

/// The flux through a face where a structure lets `mass` pass: the left side feels the wave that takes its
/// own discharge q to it, F = q u + (u - c)(mass - q), the right side likewise with u + c. Without difference
/// the flow goes on as it was.
template <class Number>
static inline FaceFlux<Number> passing_flux(const FaceSide<Number>& left, const FaceSide<Number>& right,
                                            Number mass) {
  const Number c_left = root(Number(gravity) * left.depth);
  const Number c_right = root(Number(gravity) * right.depth);
  const Number q_left = left.depth * left.normal;
  const Number q_right = right.depth * right.normal;
  FaceFlux<Number> flux;
  flux.mass = mass;
  flux.excess_left = q_left * left.normal + (left.normal - c_left) * (mass - q_left);
  flux.excess_right = q_right * right.normal + (right.normal + c_right) * (mass - q_right);
  flux.along = mass * select(mass > Number(0), left.along, right.along);
  return flux;
}

/// The same side seen in a wall: reflects the normal velocity.
template <class Number>
static inline FaceSide<Number> mirrored(const FaceSide<Number>& side) {
  return {side.depth, -side.normal, side.along};
}

/// A cell after a sub-step; `wave` is |u| + c over the faster axis [m s-1].
template <class Number>
struct CellUpdate {
  Number depth, discharge_x, discharge_y, wave;
};

/// @param depth  after the exchange [m], at least zero; dry cells have no velocity
/// Discharges never carry the sign of a negative zero: a pack of dry cells may then be skipped.
template <class Number>
static inline CellUpdate<Number> settled(Number depth, Number u, Number v) {
  const Number zero = Number(0);
  return {depth, depth * u + zero, depth * v + zero,
          larger(magnitude(u), magnitude(v)) + root(Number(gravity) * depth)};
}

/// How far the level of a cell is below its neighbour's [m]; 0 where the higher one is dry ground.
template <class Number>
static inline Number level_gap(Number depth, Number other_depth, Number bed, Number other_bed) {
  const Number gap = (other_depth - depth) + (other_bed - bed);
  const Number higher = select(gap > Number(0), other_depth, depth);
  return select(higher > Number(0), gap, Number(0));
}

/// What a depth exceeds the nearest multiple of `quantum` by [m], all of it for a depth of too many quanta.
///
/// With beds and depths on a quantum every sum, half and quarter of a sub-step is exact: level water without
/// discharge then has fluxes of exactly zero, and its sub-step need not be worked out.
template <class Number, class Real>
static inline Number off_quantum(Number depth, Real quantum) {
  constexpr bool is_single = sizeof(Real) == 4;
  const Number shift = Number(quantum * Real(is_single ? 0x1.8p23 : 0x1.8p52));
  const Number most = Number(quantum * Real(is_single ? 0x1p21 : 0x1p50));
  return select(depth > most, depth, ((depth + shift) - shift) - depth);
}

/// 1 / (1 + dt/2 k |u|): what friction leaves of the velocity over the half step.
template <class Number>
static inline Number half_friction_share(Number rate, Number speed, Number dt) {
  return Number(1) / (Number(1) + (Number(0.5) * dt) * (rate * speed));
}

}  // namespace dvinis::flood

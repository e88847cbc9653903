#pragma once
/// How water carries what is in it: pure functions of numbers, as in physics.hpp and with its linkage.
///
/// A tracer's value a cell c (a concentration, a share, a time) goes with the very water that the solver lets
/// through the faces. The new value is a mean of what was there and what came in, each weighed by its water:
///
///   c' = c + [ sum over faces of F dt/dx (c_face - c), inward positive ] / h',   h' = h + sum of F dt/dx
///
/// which is h' c' = h c + sum of F dt/dx c_face written with differences, so that a value that is the same
/// everywhere stays so to the last bit, and no value leaves the range of those around it.

#include "models/flood/physics.hpp"

namespace dvinis::flood {

/// Share of a cell's water that may leave in one sub-step without values leaving their range [1].
constexpr double crowded_share = 0.65;

/// The smaller of two steps of one sign, else zero (minmod; Roe 1986,
/// doi:10.1146/annurev.fl.18.010186.002005).
template <class Number>
static inline Number lesser_step(Number a, Number b) {
  const Number low = smaller(a, b);
  const Number high = larger(a, b);
  return larger(low, Number(0)) + smaller(high, Number(0));
}

/// How far from the upstream cell's centre the middle of the water lies that passes a face in a sub-step, as
/// a share of the way to the next centre: (1 - |u| dt/dx)/2.
/// @param velocity  of the upstream cell towards the face [m s-1], @param ratio  dt/dx [s m-1]
template <class Number>
static inline Number face_reach(Number velocity, Number ratio) {
  return larger(Number(0.5) - Number(0.5) * (ratio * magnitude(velocity)), Number(0));
}

/// 1/h, and 0 where dry [m-1].
template <class Number>
static inline Number inverse_of_water(Number depth) {
  return select(depth > Number(0), Number(1) / larger(depth, Number(1e-30)), Number(0));
}

/// Value of the water that passes a face: that of the upstream cell, and its limited step towards the face
/// (Lax & Wendroff with a limiter; LeVeque 2002, doi:10.1017/CBO9780511791253, ch. 6). Of first order where
/// `reach` is zero.
/// @param mass  through the face, rightward positive, @param reach  face_reach, or 0 where a neighbour is dry
template <class Number>
static inline Number face_value(Number far_left, Number left, Number right, Number far_right, Number mass,
                                Number reach) {
  const auto is_rightward = mass > Number(0);
  const Number behind = select(is_rightward, left - far_left, far_right - right);
  const Number step = reach * lesser_step(right - left, behind);
  return select(is_rightward, left + step, right - step);
}

/// Water of a cell in a sub-step [m].
template <class Number>
struct CellExchange {
  Number mixed;     ///< what is left of the water that was there, and what came in through the faces
  Number went_out;  ///< through the faces
};

/// @param moved  sum of |F| dt/dx of the four faces [m], @param gain  what they add [m]
template <class Number>
static inline CellExchange<Number> cell_exchange(Number depth, Number moved, Number gain) {
  const Number in = larger(Number(0.5) * (moved + gain), Number(0));
  return {larger(depth + gain, in), in - gain};
}

}  // namespace dvinis::flood

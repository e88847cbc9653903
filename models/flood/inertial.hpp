#pragma once
/// The fast mode's physics: local inertia on the very cells of the full equations, its momentum carried
/// upwind by the water that passes. Pure functions of numbers; linkage as in physics.hpp.
///
/// Every face pushes and slows the water of its two cells; a cell takes the mean of its two faces along each
/// axis:
///
///   a_f = g dt/dx h_f (level_right - level_left)
///   share_f = 2 / (1 + sqrt(1 + 4 dt g n^2 h_f^(-7/3) |q|))
///   q' = mean(share_f) q - drive,   drive = mean(share_f a_f),   u' = q' / h
///
/// The water that passes a face is the mean of its two cells' q', leaning upstream by half of what it moves
/// in the sub-step, less a quarter of what the push at the face itself exceeds that of the cells:
///
///   q_f = mean(q') - 1/2 u_f dt/dx (q'_right - q'_left) - 1/4 (share_f a_f - mean(drive))
///   q_new = q' - dt/dx (what leaves of q_f u'_upwind over the four faces)
///
/// The last term of q_f vanishes where the surface is smooth and takes waves of two cells' length out: in
/// water at rest a sub-step multiplies linear waves by sqrt(1 - s^2 sin^4(k dx / 2)), s = c dt/dx. Stable for
/// (|u| + c) dt/dx <= 1 up to critical flow (the eigenvalues of linear waves on a stream; without the lean
/// they pass 1 above a half). No numerical friction for long waves; still water stays still, uniform flow is
/// Manning's exactly, steady subcritical flow keeps its head.
///
/// Sources: Bates et al. 2010, doi:10.1016/j.jhydrol.2010.03.027; de Almeida & Bates 2013,
/// doi:10.1002/wrcr.20366; Stelling & Duinmeijer 2003, doi:10.1002/fld.537 (momentum carried by the flux that
/// fills the cells); Rhie & Chow 1983, doi:10.2514/3.8284 (velocities
/// and levels in one place).

#include "models/flood/physics.hpp"

namespace dvinis::flood {

/// What a sub-step of the fast mode needs beside a face's two cells.
template <class Number>
struct InertialStep {
  Number pull;   ///< g dt / spacing [s-1]
  Number drag;   ///< 4 g dt [m s-1]
  Number film;   ///< friction of thinner films is that of this [m]
  Number ratio;  ///< dt / spacing [s m-1]
};

/// @param dt, spacing, film  in the solver's precision
template <class Number, class Real>
static inline InertialStep<Number> inertial_step(Real dt, Real spacing, Real film) {
  return {Number(Real(gravity) * (dt / spacing)), Number(Real(4.0 * gravity) * dt), Number(film),
          Number(dt / spacing)};
}

/// One cell beside a face.
template <class Number>
struct InertialSide {
  Number depth;      ///< [m]
  Number normal;     ///< unit discharge through the face [m2 s-1]
  Number magnitude;  ///< of the unit discharge [m2 s-1]
  Number roughness;  ///< Manning's n
};

/// What stands at a face.
template <class Number>
struct FaceWater {
  Number depth;       ///< that can pass [m]
  Number level_step;  ///< level right less level left [m]
  Number roughness;   ///< Manning's n
};

/// Between two cells with level beds: the highest level less the highest bed passes.
/// @param bed_step  bed right minus bed left [m]
template <class Number>
static inline FaceWater<Number> water_between(const InertialSide<Number>& left,
                                              const InertialSide<Number>& right, Number bed_step) {
  const Number zero = Number(0);
  return {larger(larger(left.depth - larger(bed_step, zero), right.depth + smaller(bed_step, zero)), zero),
          (right.depth - left.depth) + bed_step, Number(0.5) * (left.roughness + right.roughness)};
}

/// What two cells make of the face between them.
template <class Number>
struct InertialFace {
  Number normal;        ///< mean unit discharge of the cells [m2 s-1]
  Number acceleration;  ///< a [m2 s-1]
  Number resistance;    ///< 4 dt g n^2 h_f^(-7/3) |q|
};

/// What a face does to the water of its two cells; nothing (0, 0) where no water can pass.
template <class Number>
struct InertialPush {
  Number share;  ///< what friction leaves
  Number drive;  ///< share a [m2 s-1]
};

/// x^(-1/3) to 3e-5, which is far better than any roughness is known.
template <class Number>
static inline Number rough_inverse_cube_root(Number x) {
  const Number y = cube_root_guess(x);
  const Number residual = Number(1) - (x * y) * (y * y);
  return y + y * (residual * (Number(1.0 / 3.0) + residual * Number(2.0 / 9.0)));
}

template <class Number>
static inline InertialFace<Number> inertial_face(const InertialSide<Number>& left,
                                                 const InertialSide<Number>& right,
                                                 const FaceWater<Number>& water,
                                                 const InertialStep<Number>& step) {
  const Number half = Number(0.5);
  InertialFace<Number> face;
  face.acceleration = step.pull * (water.depth * water.level_step);
  face.normal = half * (left.normal + right.normal);
  const Number r = rough_inverse_cube_root(larger(water.depth, step.film));
  const Number r2 = r * r;
  // Before friction, and as large as the push makes it: from rest friction must act too.
  const Number moving =
      larger(half * (left.magnitude + right.magnitude), magnitude(face.normal - face.acceleration));
  face.resistance = (step.drag * (water.roughness * water.roughness)) * ((r2 * r2) * (r2 * r)) * moving;
  return face;
}

template <class Number>
static inline InertialPush<Number> inertial_push(Number depth, Number acceleration, Number resistance) {
  const Number share =
      select(depth > Number(0), Number(2) / (Number(1) + root(Number(1) + resistance)), Number(0));
  return {share, share * acceleration};
}

/// A cell's water along one axis once its faces have driven it.
template <class Number>
struct InertialCell {
  Number discharge;  ///< [m2 s-1]
  Number drive;      ///< what drove it [m2 s-1]
};

/// A face where nothing can pass leaves the cell's water to the other one.
template <class Number>
static inline InertialCell<Number> inertial_cell(Number before, const InertialPush<Number>& left,
                                                 const InertialPush<Number>& right) {
  const Number zero = Number(0);
  const Number half = Number(0.5);
  const Number share_left = select(left.share > zero, left.share, right.share);
  const Number share_right = select(right.share > zero, right.share, left.share);
  const Number drive = half * (left.drive + right.drive);
  return {(half * (share_left + share_right)) * before - drive, drive};
}

/// A number held between -most and most.
template <class Number>
static inline Number held_within(Number value, Number most) {
  return larger(smaller(value, most), -most);
}

/// Velocity [m s-1] of a cell's water once its faces have driven it, at most twice the celerity: what they
/// push through may be far more than a film of water could carry.
/// @param depth  mean over the cell, @param deepest  its greatest [m]; the same in level cells
template <class Number>
static inline Number inertial_velocity(Number discharge, Number depth, Number deepest, Number film) {
  const Number celerity = root(Number(gravity) * deepest);
  return held_within(discharge * inverse_depth(depth, film), celerity + celerity);
}

/// Momentum along one axis that the water through a face carries [m3 s-2]: that of the cell it comes from.
/// @param left, right  velocities of the cells along that axis [m s-1]
template <class Number>
static inline Number inertial_carried(Number mass, Number left, Number right) {
  return mass * select(mass > Number(0), left, right);
}

/// A cell after a sub-step of the fast mode. Its discharges are held below twice the critical one: what the
/// faces push through may be far more than a film of water could carry.
/// @param deepest  its greatest depth; the mean in level cells
template <class Number>
static inline CellUpdate<Number> inertial_settled(Number depth, Number deepest, Number discharge_x,
                                                  Number discharge_y, Number film) {
  const Number zero = Number(0);
  const Number celerity = root(Number(gravity) * deepest);
  const Number most = depth * (celerity + celerity);
  // Discharges of dry cells become zero, never a negative one.
  const Number x = held_within(discharge_x, most) + zero;
  const Number y = held_within(discharge_y, most) + zero;
  const Number fastest = larger(magnitude(x), magnitude(y)) * inverse_depth(depth, film);
  return {depth, x, y, select(depth > zero, fastest + celerity, zero)};
}

/// What the faces of a cell let out together, over the sum of their claims [m s-1]: the claim of a face on
/// the cell's depth is what flowed to it before the sub-step and a sixteenth of the depth.
template <class Number>
static inline Number inertial_room(Number depth, Number discharge_x, Number discharge_y,
                                   const InertialStep<Number>& step) {
  const Number claims = step.ratio * (magnitude(discharge_x) + magnitude(discharge_y)) + Number(0.25) * depth;
  return depth / (step.ratio * larger(claims, Number(1e-30)));
}

/// The claim of one face on a cell's depth [m].
/// @param outward  unit discharge towards the face before the sub-step [m2 s-1]
template <class Number>
static inline Number inertial_claim(Number outward, Number depth, const InertialStep<Number>& step) {
  return step.ratio * larger(outward, Number(0)) + Number(0.0625) * depth;
}

/// A cell that a face may drain.
template <class Number>
struct InertialGiver {
  InertialCell<Number> cell;
  Number velocity;  ///< towards the right, once driven [m s-1]
  Number depth;     ///< [m]
  Number normal;    ///< unit discharge before the sub-step [m2 s-1]
  Number room;      ///< inertial_room
};

/// Unit discharge through a face [m2 s-1], at most its share of what the cell it drains has: all four
/// together can take no more. The mean of the two cells leans upstream by the way that water goes in half a
/// sub-step: without that, advection grows above half the Courant number.
template <class Number>
static inline Number inertial_flux(const InertialPush<Number>& face, const InertialGiver<Number>& left,
                                   const InertialGiver<Number>& right, const InertialStep<Number>& step) {
  const Number zero = Number(0);
  const Number half = Number(0.5);
  const Number way = step.ratio * (half * (left.velocity + right.velocity));
  const Number lean = half * held_within(way, Number(1));
  const Number mean = half * (left.cell.discharge + right.cell.discharge) -
                      lean * (right.cell.discharge - left.cell.discharge);
  const Number flux = mean - Number(0.25) * (face.drive - half * (left.cell.drive + right.cell.drive));
  const Number from_left = left.room * inertial_claim(left.normal, left.depth, step);
  const Number from_right = right.room * inertial_claim(-right.normal, right.depth, step);
  return select(face.share > zero, larger(smaller(flux, from_left), -from_right), zero);
}

/// Where the fast mode must not be trusted.
template <class Number>
struct InertialGuard {
  Number depth;       ///< faces with less water than this are always trusted [m]
  Number froude;      ///< largest Froude number
  Number level_step;  ///< largest step of the level between two cells, over the depth
};

/// True where a face needs the full equations.
/// @param unit_discharge  mean of its cells [m2 s-1]
template <class Number>
static inline auto is_beyond(Number depth, Number level_step, Number unit_discharge,
                             const InertialGuard<Number>& guard) {
  const Number fastest = (Number(gravity) * (guard.froude * guard.froude)) * ((depth * depth) * depth);
  return (depth > guard.depth) &
         ((magnitude(level_step) > guard.level_step * depth) | (unit_discharge * unit_discharge > fastest));
}

}  // namespace dvinis::flood

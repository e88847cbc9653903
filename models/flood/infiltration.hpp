#pragma once
/// What the ground of one cell takes in: pure functions of numbers, in double. Only + - * / and square roots
/// occur, so every machine gives the same bits. Lengths in m, rates in m s-1.
///
/// Each law says what the ground could take in during a step with water on it all along. What it then really
/// takes is what there is.

namespace dvinis::flood {

/// (1 - exp(-x)) / x for x >= 0: the share of a first rate that a rate decaying by exp(-x) takes on the mean.
double mean_of_decay(double x);
/// -ln(q) for 0 < q <= 1.
double decay_to(double q);

/// Horton's law: the capacity falls from an initial to a final rate, and only while the ground takes water
/// in,
///
///   df/dt = -decay (f - final) (taken rate / f)
///
/// so rain below the capacity uses it up more slowly. Under water all along f = final + (initial - final)
/// exp(-decay t), which the steps follow exactly.
/// Source: Horton 1941, doi:10.2136/sssaj1941.036159950005000C0075x.
struct HortonSoil {
  double final_rate = 0.0;
  double decay = 0.0;  ///< [s-1]
};
/// @param capacity  at the start of the step
double horton_potential(const HortonSoil& soil, double capacity, double dt);
/// The same where the ground is bare when the step begins: it takes all of the rain until the capacity has
/// fallen to the rain's rate. @param rain  in this step [m]
double horton_potential_of_bare_ground(const HortonSoil& soil, double capacity, double rain, double dt);
/// The capacity after `taken`, at most the potential, was taken in during dt. At most 20 Newton steps.
double horton_capacity_after(const HortonSoil& soil, double capacity, double taken, double dt);

/// Green and Ampt's law: a wetting front that suction and the water's depth pull down,
///
///   dF/dt = K (1 + (suction + depth) deficit / F)
///
/// by the implicit midpoint rule, the depth falling and rising with it: right for the first moments
/// (F ~ sqrt(2 K S t)) and in the end (F ~ K t).
/// Sources: Green & Ampt 1911, doi:10.1017/S0021859600001441; under rain Mein & Larson 1973,
/// doi:10.1029/WR009i002p00384.
struct GreenAmptSoil {
  double conductivity = 0.0;  ///< K, saturated [m s-1]
  double suction = 0.0;       ///< at the wetting front [m]
  double deficit = 0.0;       ///< moisture content saturated less initial [1]
};
/// @param infiltrated  F, taken in so far [m], @param depth  of the water on the ground [m], @param rain  in
/// this step [m]
double green_ampt_potential(const GreenAmptSoil& soil, double infiltrated, double depth, double rain,
                            double dt);
/// The same where the ground is bare when the step begins: it takes all of the rain until ponding (Mein &
/// Larson), which may fall into the step.
double green_ampt_potential_of_bare_ground(const GreenAmptSoil& soil, double infiltrated, double rain,
                                           double dt);

/// The curve number of the US Soil Conservation Service: of rain P the ground keeps
///
///   F = P up to the initial abstraction a, then a + (P - a) S / (P - a + S),   S = 25.4 mm (1000 / CN - 10)
///
/// It speaks of rain only: water that flows in from elsewhere is not taken in.
/// Source: USDA, National Engineering Handbook, part 630, chapter 10.
struct CurveNumberSoil {
  double retention = 0.0;    ///< S [m]
  double abstraction = 0.0;  ///< a [m]
};
/// @param curve_number  above 0, at most 100, @param abstraction_ratio  a / S, by custom 0.2
CurveNumberSoil curve_number_soil(double curve_number, double abstraction_ratio);
/// What the ground keeps of more rain. @param infiltrated  F so far [m], @param rain  in this step [m]
double curve_number_potential(const CurveNumberSoil& soil, double infiltrated, double rain);

}  // namespace dvinis::flood

#pragma once
/// What passes a structure for the water on its two sides: pure functions of numbers, in SI.
///
/// Laws between cells give a discharge per width [m2 s-1], those of culverts and pumps a discharge [m3 s-1].

#include <functional>

#include "models/flood/structures/parameters.hpp"

namespace dvinis::flood {

/// Water beside a structure.
struct StructureSide {
  double bed = 0.0;     ///< [m]
  double level = 0.0;   ///< of the water, or of the bed where dry [m]
  double energy = 0.0;  ///< level + u^2 / 2g [m]
};

/// Over a crest, q = C 2/3 sqrt(2g) H^(3/2).
///
/// broad: drowned where the tail stands above 2/3 of the head: then H^(3/2) gives way to 3 sqrt(3)/2 H2
/// sqrt(H - H2); C = 0.577 is critical flow. sharp: times (1 - (H2/H)^(3/2))^0.385 (Villemonte 1947); C about
/// 0.62.
/// @param head  energy before the crest, above it [m]
/// @param tail  level behind the crest, above it; may be negative [m]
double weir_discharge(WeirProfile profile, double coefficient, double head, double tail);

/// Below a leaf, q = C a sqrt(2g (H - C a)) as long as the tail does not stand above the sequent depth of
/// that jet; above it energy from the head to the jet under the roller and momentum from there to the tail,
///
///   H = h + q^2 / (2g C^2 a^2)      h^2 / 2 + q^2 / (g C a) = H2^2 / 2 + q^2 / (g H2)      with h at the
///   leaf
///
/// Where the roller reaches the leaf q drops by some 10 %: both states are possible there, the drowned one is
/// taken. At most what a broad sill of the same head passes, where the leaf hangs above the water.
/// @param opening  a [m], @param contraction  C
/// @param head, tail  energy before and level behind, above the sill [m]
double sluice_discharge(double opening, double contraction, double head, double tail);

/// Through an opening that is drowned on its inner side, q = C a sqrt(2g (H - max(H2, C a))).
double orifice_discharge(double height, double coefficient, double head, double tail);

double gate_discharge(const Gate& gate, double opening, const StructureSide& before,
                      const StructureSide& behind);

/// Through the opening of a bridge.
///
///   level below the soffit   h2 - h1 = 2 K (K - 0.6 + 5 F^2) (a + 15 a^4) F^2 h (Yarnell 1934), F and h
///   behind above it                 orifice of the clear height, over a tenth of which the one gives way to
///   the other above the deck           and a broad weir over the road
/// @param blocked_share  a: of piers, debris, ice
double bridge_discharge(const Bridge& bridge, double blocked_share, const StructureSide& before,
                        const StructureSide& behind);

/// Under ice, q = (1 - s) d sqrt(2g dH / (k + 1 + 2g n^2 L / R^(4/3))) with the height d under the ice; R =
/// d/2 where the ice lies on the water. Ends in critical depth where the water behind is lower.
/// @param formed  share of the ice that is there yet: the clear height is as much larger, the losses are as
/// much less
double jam_discharge(const IceJam& jam, double formed, double blocked_share, const StructureSide& before,
                     const StructureSide& behind);

/// Through a culvert, from the side where the water stands higher.
///
/// The smaller of inlet control (FHWA, Hydraulic Design of Highway Culverts, HDS-5 2012, form 1 equations and
/// coefficients) and outlet control (energy with entrance, friction and exit losses, tail at least half way
/// between critical depth and crown).
/// @param head, tail  levels at the inlet and outlet [m]; @return m3 s-1, all barrels, negative backwards
double culvert_discharge(const Culvert& culvert, double blocked_share, double inlet_water,
                         double outlet_water);

/// Head-discharge curve in a line between its points; beyond the last nothing, before the first the first.
double pump_discharge(const std::vector<PumpPoint>& curve, double head);

/// A breach as it grows.
struct BreachShape {
  double width = 0.0;   ///< [m]; 0: none
  double bottom = 0.0;  ///< [m]
};

/// The breach after dt.
///
///   verheij  bottom falls in a line in `deepening`; then dB/dt = 1.3 * 0.04 / ln 10 (g dH)^(3/2) / u_c^2
///            / (1 + 0.04 g t / u_c), t since then (Verheij & van der Knaap 2003)
///   shear    bottom falls by E = k (tau - tau_c) until it reaches `bottom`, both sides give way by E;
///            tau = rho g n^2 u^2 / h^(1/3) of critical flow at the simulated head
/// @param crest  before the breach [m], @param age  since it began [s]
BreachShape grown(const Breach& breach, const BreachShape& shape, double crest, double age, double dt,
                  const StructureSide& before, const StructureSide& behind);

/// One side of a face: depth and velocity towards the other side's end of the axis.
struct FaceWaterState {
  double bed = 0.0;
  double depth = 0.0;
  double velocity = 0.0;  ///< along the axis [m s-1]
};

/// Discharge per width for the water that the law's own flow makes beside it.
using StructureLaw = std::function<double(const StructureSide& before, const StructureSide& behind)>;

/// What passes a face with a structure: the discharge q for which the law gives q between the states that the
/// outgoing waves leave beside it,
///
///   u + 2 sqrt(g h) = const on the left, u - 2 sqrt(g h) = const on the right,
///
/// at most critical flow. A law that holds nothing back passes what flows. [m2 s-1], positive to the right;
/// bracketed root to 1e-12.
double structure_flux(const FaceWaterState& left, const FaceWaterState& right, const StructureLaw& law);

}  // namespace dvinis::flood

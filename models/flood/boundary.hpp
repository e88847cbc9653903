#pragma once
/// Open boundaries: the state just outside the rim, from what is prescribed and what the outgoing
/// characteristic brings. Pure functions first, the loop over a stretch after them.

#include "models/flood/domain.hpp"

namespace dvinis::flood {

/// Depth and outward normal velocity at a rim face.
struct RimState {
  double depth = 0.0;
  double outward = 0.0;  ///< [m s-1]
};

/// Step from an edge cell to the cell outside it.
struct Outward {
  Index di = 0;
  Index dj = 0;
};
Outward outward_of(Edge edge);

/// Water leaves as it comes and none enters: zero gradient with the inward velocity removed.
RimState free_outflow(const RimState& inside);

/// Prescribed depth; the velocity follows from the outgoing invariant u + 2c. Supercritical outflow is left
/// as it is.
RimState prescribed_depth(const RimState& inside, double depth);

/// Prescribed inflow per width [m2 s-1]; the depth follows from the outgoing invariant -q/h + 2 sqrt(g h), at
/// least the critical depth. Newton's method, at most 60 iterations.
RimState prescribed_inflow(const RimState& inside, double unit_inflow);

/// An incoming simple wave of height `wave` over still water `still_depth`; what comes from inside leaves.
RimState incoming_wave(const RimState& inside, double still_depth, double wave);

/// Discharge of a rating curve at a level: in a line between its points and beyond the last, none below the
/// first [m3 s-1].
double rated_discharge(const std::vector<RatingPoint>& curve, double level);

/// Fills the two halo cells outside every open stretch with the state at `time` [s] and writes the prescribed
/// inflow of discharge and rating stretches into the four lines `imposed` (per edge cell, outward positive
/// [m2 s-1], NaN where not prescribed), unless it is nullptr. Returns the fastest wave |u| + c among the rim
/// states [m s-1].
template <class Real>
double fill_rim(const Domain& domain, double time, View<Real> depth, View<Real> discharge_x,
                View<Real> discharge_y, View<const Real> roughness, double film, std::vector<Real>* imposed);

}  // namespace dvinis::flood

#pragma once
/// Slopes of a pack of cells along one axis, with and without walls beside it. Included by the kernels only;
/// linkage as in lanes.hpp.

#include "models/flood/physics.hpp"

namespace dvinis::flood {
namespace {

/// Limited half slopes along one axis.
template <class Pack>
struct AxisSlopes {
  Pack level, depth, normal, along;
};

/// A cell's quantity and those of its neighbours before and after along one axis.
template <class Pack>
struct Three {
  Pack before, here, after;
  Pack backward() const { return here - before; }
  Pack forward() const { return after - here; }
};

template <class Pack>
inline AxisSlopes<Pack> open_slopes(const Three<Pack>& depth, const Three<Pack>& bed,
                                    const Three<Pack>& normal, const Three<Pack>& along) {
  const Pack depth_back = depth.backward();
  const Pack depth_on = depth.forward();
  return {level_half_slope(depth_back + bed.backward(), depth_on + bed.forward(), depth.here),
          half_slope(depth_back, depth_on), half_slope(normal.backward(), normal.forward()),
          half_slope(along.backward(), along.forward())};
}

/// A closed face shows the cell its mirror image.
template <class Pack>
inline AxisSlopes<Pack> walled_slopes(const Three<Pack>& depth, const Three<Pack>& bed,
                                      const Three<Pack>& normal, const Three<Pack>& along,
                                      typename Pack::Mask closed_before, typename Pack::Mask closed_after) {
  const Pack zero = Pack(0);
  const Pack twice = normal.here + normal.here;
  const Pack depth_back = select(closed_before, zero, depth.backward());
  const Pack depth_on = select(closed_after, zero, depth.forward());
  const Pack level_back = select(closed_before, zero, depth_back + bed.backward());
  const Pack level_on = select(closed_after, zero, depth_on + bed.forward());
  return {
      level_half_slope(level_back, level_on, depth.here), half_slope(depth_back, depth_on),
      half_slope(select(closed_before, twice, normal.backward()),
                 select(closed_after, -twice, normal.forward())),
      half_slope(select(closed_before, zero, along.backward()), select(closed_after, zero, along.forward()))};
}

}  // namespace
}  // namespace dvinis::flood

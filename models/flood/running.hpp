#pragma once
/// The running fields of a row: maxima, arrival, duration. Included by the kernels only; linkage as there.

#include "models/flood/hazard.hpp"
#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"

namespace dvinis::flood {
namespace {

template <class Real, int count>
inline Lanes<float, count> narrowed(Lanes<Real, count> lanes) {
  using Narrow = typename Lanes<float, count>::Vector;
  return Narrow(__builtin_convertvector(lanes.v, Narrow));
}

/// Writes `value` where it is larger than what stands there; most of the time nothing is. Tells whether it
/// did.
template <int count>
inline bool raise(float* field, Lanes<float, count> value) {
  const auto before = Lanes<float, count>::load(field);
  const auto is_higher = value > before;
  const bool has_risen = any(is_higher);
  if (has_risen) select(is_higher, value, before).store(field);
  return has_risen;
}

/// Takes some cells into the running fields. Lanes beyond the row must have depth 0.
/// @param k  index of the first cell in the running arrays
template <int count>
inline void record_cells(const RunningArrays& running, const RecordNumbers& numbers, Index k,
                         Lanes<float, count> depth, Lanes<float, count> speed) {
  using Pack = Lanes<float, count>;
  bool has_risen = running.maximum_depth != nullptr && raise(running.maximum_depth + k, depth);
  const auto is_reached = depth >= Pack(numbers.arrival_depth);
  if (!any(is_reached)) return;
  const Pack zero = Pack(0.0f);
  depth = select(is_reached, depth, zero);
  speed = select(is_reached, speed, zero);
  if (running.maximum_speed) has_risen |= raise(running.maximum_speed + k, speed);
  if (running.maximum_unit_discharge) has_risen |= raise(running.maximum_unit_discharge + k, depth * speed);
  if (running.maximum_hazard)
    raise(running.maximum_hazard + k, hazard_rating(depth, speed, Pack(numbers.debris)));
  // A class is worse only where depth, speed or their product is greater than ever.
  const bool knows_all = running.maximum_depth && running.maximum_speed && running.maximum_unit_discharge;
  if (running.hazard_class && (has_risen || !knows_all))
    raise(running.hazard_class + k, hazard_class(depth, speed));
  if (running.arrival_time) {
    const Pack before = Pack::load(running.arrival_time + k);
    const auto is_new = is_reached & ~(before >= zero);
    if (any(is_new)) select(is_new, Pack(numbers.time), before).store(running.arrival_time + k);
  }
  if (running.wet_duration && numbers.duration > 0.0f) {
    const Pack before = Pack::load(running.wet_duration + k);
    select(is_reached, before + Pack(numbers.duration), before).store(running.wet_duration + k);
  }
}

}  // namespace
}  // namespace dvinis::flood

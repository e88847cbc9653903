#pragma once
/// The running fields of a row: maxima, arrival, duration. Included by the kernels only; linkage as there.

#include "models/flood/hazard.hpp"
#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"

namespace dvinis::flood {
namespace {

/// As many floats as the kernel has cells in a register.
template <int count>
using Floats = Lanes<float, count>;

template <class Real, int count>
inline Floats<count> narrowed(Lanes<Real, count> lanes) {
  return typename Floats<count>::Vector(__builtin_convertvector(lanes.v, typename Floats<count>::Vector));
}

/// Writes `value` where it is larger than what stands there; most of the time nothing is.
template <int count>
inline void raise(float* field, Floats<count> value) {
  if (field == nullptr) return;
  const Floats<count> before = Floats<count>::load(field);
  const auto is_higher = value > before;
  if (any(is_higher)) select(is_higher, value, before).store(field);
}

inline float* offset(float* field, Index k) { return field == nullptr ? nullptr : field + k; }

/// Takes some cells into the running fields. Lanes beyond the row must have depth 0.
/// @param k  index of the first cell in the running arrays
template <int count>
inline void record_cells(const RunningArrays& running, const RecordNumbers& numbers, Index k,
                         Floats<count> depth, Floats<count> speed) {
  using Pack = Floats<count>;
  raise(offset(running.maximum_depth, k), depth);
  const auto is_reached = depth >= Pack(numbers.arrival_depth);
  if (!any(is_reached)) return;
  const Pack zero = Pack(0.0f);
  depth = select(is_reached, depth, zero);
  speed = select(is_reached, speed, zero);
  raise(offset(running.maximum_speed, k), speed);
  raise(offset(running.maximum_unit_discharge, k), depth * speed);
  if (running.maximum_hazard)
    raise(running.maximum_hazard + k, hazard_rating(depth, speed, Pack(numbers.debris)));
  if (running.hazard_class) raise(running.hazard_class + k, hazard_class(depth, speed));
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

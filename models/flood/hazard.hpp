#pragma once
/// Hazard of flood water to people and buildings, from depth and speed. Numbers and linkage as in
/// physics.hpp.

#include "models/flood/physics.hpp"

namespace dvinis::flood {

/// Hazard rating d (v + 0.5) + DF of Defra FD2321/TR1 (2006) with the debris factor of the 2008 supplementary
/// note: 0.5 up to 0.25 m, `debris` (1 in towns) above. 0 where dry.
template <class Number>
static inline Number hazard_rating(Number depth, Number speed, Number debris) {
  const Number rating = depth * (speed + Number(0.5f)) + select(depth > Number(0.25f), debris, Number(0.5f));
  return select(depth > Number(0), rating, Number(0));
}

/// Class H1..H6 as 1..6 of the Australian Disaster Resilience Handbook 7, guideline 7-3 (2017); 0 where dry.
/// Each class begins where depth, speed or their product passes the limits of the one below.
template <class Number>
static inline Number hazard_class(Number depth, Number speed) {
  struct Limits {
    float product, depth, speed;  ///< [m2 s-1], [m], [m s-1]
  };
  constexpr Limits limits[] = {
      {0.3f, 0.3f, 2.0f}, {0.6f, 0.5f, 2.0f}, {0.6f, 1.2f, 2.0f}, {1.0f, 2.0f, 2.0f}, {4.0f, 4.0f, 4.0f}};
  const Number product = depth * speed;
  Number category = Number(1);
  float next = 1.0f;
  for (const Limits& most : limits) {
    const Number above = Number(next += 1.0f);
    category = select(product > Number(most.product), above, category);
    category = select(depth > Number(most.depth), above, category);
    category = select(speed > Number(most.speed), above, category);
  }
  return select(depth > Number(0), category, Number(0));
}

}  // namespace dvinis::flood

#pragma once
/// Hazard of flood water to people and buildings, from depth and speed. Internal linkage as in physics.hpp.

namespace dvinis::flood {

/// Hazard rating d (v + 0.5) + DF of Defra FD2321/TR1 (2006) with the debris factor of the 2008 supplementary
/// note: 0.5 up to 0.25 m, `debris` (1 in towns) above. 0 where dry.
static inline float hazard_rating(float depth, float speed, float debris) {
  if (!(depth > 0.0f)) return 0.0f;
  return depth * (speed + 0.5f) + (depth > 0.25f ? debris : 0.5f);
}

/// Class H1..H6 as 1..6 of the Australian Disaster Resilience Handbook 7, guideline 7-3 (2017); 0 where dry.
static inline float hazard_class(float depth, float speed) {
  const float product = depth * speed;
  if (!(depth > 0.0f)) return 0.0f;
  if (product <= 0.3f && depth <= 0.3f && speed <= 2.0f) return 1.0f;
  if (product <= 0.6f && depth <= 0.5f && speed <= 2.0f) return 2.0f;
  if (product <= 0.6f && depth <= 1.2f && speed <= 2.0f) return 3.0f;
  if (product <= 1.0f && depth <= 2.0f && speed <= 2.0f) return 4.0f;
  if (product <= 4.0f && depth <= 4.0f && speed <= 4.0f) return 5.0f;
  return 6.0f;
}

}  // namespace dvinis::flood

#pragma once
/// Counter-based random numbers (Philox 4x32-10; Salmon et al. 2011, doi:10.1145/2063384.2063405).
///
/// A number is a pure function of its key: no hidden state, hence the same for any thread count and after
/// any resume. `draw` is a count kept in State, never a floating-point time.

#include <cstdint>

namespace dvinis {

struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t member = 0;
  std::uint32_t purpose = 0;  ///< one constant per use, see `random_purpose`
  std::uint64_t entity = 0;   ///< cell, asset or particle id
  std::uint64_t draw = 0;
};

/// Uniform on [0, 1) with 53 bits.
double uniform(const RandomKey& key);

/// Standard normal deviate (Box-Muller on two uniforms of one draw).
double normal(const RandomKey& key);

/// Stable number of a purpose's name (FNV-1a), e.g. random_purpose("rain error").
constexpr std::uint32_t random_purpose(const char* name) {
  std::uint32_t hash = 2166136261u;
  for (; *name != '\0'; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 16777619u;
  return hash;
}

}  // namespace dvinis

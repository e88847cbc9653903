#pragma once
/// Counter-based random numbers (Philox 4x32-10; Salmon et al. 2011, doi:10.1145/2063384.2063405).
///
/// A number is a pure function of its key: no hidden state, hence the same for any thread count and after
/// any resume. `draw` is a count kept in State, never a floating-point time.
///
/// Two rounds of the generator take the 256 bits of a key: the first turns (seed, member, purpose) into the
/// 64-bit Philox key of a stream, the second maps its counter (entity, draw) to four words. Only + - * / and
/// square roots are used after that, so that the bits do not depend on the machine's mathematical library.

#include <array>
#include <cstdint>

namespace dvinis {

struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t member = 0;
  std::uint32_t purpose = 0;  ///< one constant per use, see `random_purpose`
  std::uint64_t entity = 0;   ///< cell, asset or particle id
  std::uint64_t draw = 0;
};

/// The generator itself: Philox 4x32 with ten rounds.
std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                    const std::array<std::uint32_t, 2>& key);

/// Uniform on [0, 1) with 53 bits.
double uniform(const RandomKey& key);

/// Standard normal deviate (Box-Muller on two uniforms of one draw); at most 8.6 in size.
double normal(const RandomKey& key);

/// Stable number of a purpose's name (FNV-1a), e.g. random_purpose("rain error").
constexpr std::uint32_t random_purpose(const char* name) {
  std::uint32_t hash = 2166136261u;
  for (; *name != '\0'; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 16777619u;
  return hash;
}

}  // namespace dvinis

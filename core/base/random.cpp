#include "core/base/random.hpp"

#include <Random123/philox.h>

#include <cmath>

namespace dvinis {

namespace {

using Words = std::array<std::uint32_t, 4>;

constexpr std::uint32_t low_word(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high_word(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

Words draw_words(const RandomKey& key) {
  const Words stream = philox({low_word(key.seed), high_word(key.seed), key.member, key.purpose}, {0, 0});
  return philox({low_word(key.entity), high_word(key.entity), low_word(key.draw), high_word(key.draw)},
                {stream[0], stream[1]});
}

/// The upper 53 bits of two words, as a whole number.
std::uint64_t upper_bits(std::uint32_t high, std::uint32_t low) {
  return ((static_cast<std::uint64_t>(high) << 32) | low) >> 11;
}

constexpr double unit_step = 1.0 / 9007199254740992.0;  // 2^-53

/// Natural logarithm of x in (0, 1]: ln 2 * exponent + 2 artanh((m - 1) / (m + 1)), error below 3e-16 of it.
double portable_log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  const double square = s * s;
  double series = 0.0;
  for (int n = 23; n >= 1; n -= 2) series = series * square + 1.0 / n;
  return exponent * 0.69314718055994531 + 2.0 * s * series;
}

/// cos(2 pi turn) for turn in [0, 1), folded to an eighth of a turn around 0 or a quarter.
double portable_cosine_of_turn(double turn) {
  double folded = turn > 0.5 ? 1.0 - turn : turn;  // [0, 1/2], exact
  const double sign = folded > 0.25 ? -1.0 : 1.0;
  if (folded > 0.25) folded = 0.5 - folded;  // [0, 1/4], exact
  const bool as_sine = folded > 0.125;
  const double angle = 6.2831853071795865 * (as_sine ? 0.25 - folded : folded);
  const double square = angle * angle;
  double series = 0.0;
  for (int n = 18 + (as_sine ? 1 : 0); n >= 2; n -= 2) series = (1.0 - series) * square / (n * (n - 1));
  return sign * (as_sine ? angle : 1.0) * (1.0 - series);
}

}  // namespace

Words philox(const Words& counter, const std::array<std::uint32_t, 2>& key) {
  const philox4x32_ctr_t numbers = {{counter[0], counter[1], counter[2], counter[3]}};
  const philox4x32_key_t secret = {{key[0], key[1]}};
  const philox4x32_ctr_t mixed = philox4x32_R(10, numbers, secret);
  return {mixed.v[0], mixed.v[1], mixed.v[2], mixed.v[3]};
}

double uniform(const RandomKey& key) {
  const Words words = draw_words(key);
  return static_cast<double>(upper_bits(words[0], words[1])) * unit_step;
}

double normal(const RandomKey& key) {
  const Words words = draw_words(key);
  const double radius_uniform =
      static_cast<double>(upper_bits(words[0], words[1]) + 1) * unit_step;  // (0, 1]
  const double turn = static_cast<double>(upper_bits(words[2], words[3])) * unit_step;
  return std::sqrt(-2.0 * portable_log(radius_uniform)) * portable_cosine_of_turn(turn);
}

}  // namespace dvinis

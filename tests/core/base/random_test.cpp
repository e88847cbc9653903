#include "core/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace dvinis {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST(Random, philox_gives_the_known_answers_of_its_authors) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}));
  EXPECT_EQ(philox({0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}, {0xffffffffu, 0xffffffffu}),
            (Words{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}));
  EXPECT_EQ(philox({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}),
            (Words{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}));
}

TEST(Random, every_part_of_the_key_matters) {
  const RandomKey base{.seed = 7, .member = 3, .purpose = 5, .entity = 11, .draw = 13};
  std::set<double> numbers{uniform(base)};
  for (const std::uint64_t high : {std::uint64_t{1}, std::uint64_t{1} << 32}) {
    RandomKey key = base;
    key.seed += high;
    numbers.insert(uniform(key));
    key = base;
    key.entity += high;
    numbers.insert(uniform(key));
    key = base;
    key.draw += high;
    numbers.insert(uniform(key));
  }
  RandomKey key = base;
  key.member += 1;
  numbers.insert(uniform(key));
  key = base;
  key.purpose += 1;
  numbers.insert(uniform(key));
  EXPECT_EQ(numbers.size(), 9u);
  EXPECT_EQ(uniform(base), uniform(base));
}

TEST(Random, uniform_numbers_have_the_moments_of_the_uniform_distribution) {
  constexpr int count = 200000;
  double sum = 0.0;
  double squares = 0.0;
  for (int n = 0; n < count; ++n) {
    const double u = uniform({.seed = 1, .entity = static_cast<std::uint64_t>(n)});
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / count, 1.0 / 2.0, 0.003);  // four standard errors are 0.0026
  EXPECT_NEAR(squares / count, 1.0 / 3.0, 0.003);
}

TEST(Random, normal_numbers_have_the_moments_of_the_normal_distribution) {
  constexpr int count = 200000;
  double moments[5] = {};
  int beyond_two = 0;
  for (int n = 0; n < count; ++n) {
    const double z = normal({.seed = 2, .draw = static_cast<std::uint64_t>(n)});
    ASSERT_LT(std::abs(z), 8.6);
    double power = 1.0;
    for (double& moment : moments) {
      moment += power / count;
      power *= z;
    }
    if (std::abs(z) > 2.0) ++beyond_two;
  }
  EXPECT_NEAR(moments[1], 0.0, 0.01);
  EXPECT_NEAR(moments[2], 1.0, 0.015);
  EXPECT_NEAR(moments[3], 0.0, 0.04);
  EXPECT_NEAR(moments[4], 3.0, 0.1);
  EXPECT_NEAR(static_cast<double>(beyond_two) / count, 0.0455, 0.002);
}

TEST(Random, normal_numbers_follow_box_and_muller) {
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const RandomKey key{.seed = 20070608, .entity = n};
    const Words stream = philox({20070608u, 0, 0, 0}, {0, 0});
    const Words words = philox({static_cast<std::uint32_t>(n), 0, 0, 0}, {stream[0], stream[1]});
    const auto bits = [](std::uint32_t high, std::uint32_t low) {
      return static_cast<double>(((static_cast<std::uint64_t>(high) << 32) | low) >> 11);
    };
    const double radius_uniform = (bits(words[0], words[1]) + 1.0) * 0x1p-53;
    const double turn = bits(words[2], words[3]) * 0x1p-53;
    const double expected = std::sqrt(-2.0 * std::log(radius_uniform)) * std::cos(6.283185307179586 * turn);
    ASSERT_NEAR(normal(key), expected, 4e-15) << n;
  }
}

TEST(Random, purposes_are_stable_numbers) {
  static_assert(random_purpose("") == 2166136261u);
  EXPECT_EQ(random_purpose("a"), 0xe40c292cu);  // FNV-1a's published value
  EXPECT_NE(random_purpose("rain error"), random_purpose("rain errors"));
}

}  // namespace
}  // namespace dvinis

// One cell, one face: numbers that can be checked on paper.

#include <gtest/gtest.h>

#include <cmath>

#include "models/flood/hazard.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {
namespace {

TEST(InverseCubeRoot, AgreesWithTheLibraryOverTheWholeRangeOfDepths) {
  for (double x = 1e-12; x < 1e4; x *= 1.37) {
    EXPECT_NEAR(inverse_cube_root(x) * std::cbrt(x), 1.0, 1e-15) << x;
    EXPECT_NEAR(static_cast<double>(inverse_cube_root(static_cast<float>(x))) *
                    std::cbrt(static_cast<double>(static_cast<float>(x))),
                1.0, 3e-7)
        << x;
  }
}

TEST(HalfSlope, IsZeroAtExtremaCentralWhereSmoothAndBoundedByTheSmallerSide) {
  EXPECT_EQ(half_slope(1.0, -1.0), 0.0);
  EXPECT_EQ(half_slope(0.0, 5.0), 0.0);
  EXPECT_EQ(half_slope(1.0, 2.0), 0.75);
  EXPECT_EQ(half_slope(1.0, 9.0), 1.0);
  EXPECT_EQ(half_slope(-9.0, -1.0), -1.0);
}

TEST(LevelHalfSlope, IsGentlerBesideABankAndNoneWhereDry) {
  EXPECT_EQ(level_half_slope(1.0, 9.0, 20.0), 1.0);
  EXPECT_EQ(level_half_slope(1.0, 9.0, 2.0), 0.5) << "a step higher than the water is deep";
  EXPECT_EQ(level_half_slope(1.0, 2.0, 0.0), 0.0);
}

TEST(Velocity, IsDischargeOverDepthAndFadesInFilms) {
  EXPECT_DOUBLE_EQ(velocity(2.0, 3.0, 1e-6), 1.5);
  EXPECT_EQ(velocity(0.0, 3.0, 1e-6), 0.0);
  EXPECT_LT(velocity(1e-9, 1e-9, 1e-6), 0.01);
}

TEST(FrictionShare, SolvesTheImplicitBalance) {
  for (const double rate : {0.0, 1e-3, 0.7, 500.0}) {
    const double before = 3.2;
    const double dt = 1.7;
    const double after = before * friction_share(rate, before, dt);
    EXPECT_NEAR(after * (1.0 + dt * rate * after), before, 1e-12 * before);
  }
}

TEST(FrictionShare, KeepsNormalFlowWhateverTheStep) {
  // Wide channel: g S = k s^2. Gravity adds g S dt, friction must take exactly that.
  const double rate = friction_rate(0.3, 1e-6, 0.03);
  const double slope = 0.01;
  const double normal = std::sqrt(gravity * slope / rate);
  for (const double dt : {0.01, 1.0, 100.0}) {
    const double pushed = normal + gravity * slope * dt;
    EXPECT_NEAR(pushed * friction_share(rate, pushed, dt), normal, 1e-12 * pushed) << dt;
  }
  // Manning's formula itself.
  EXPECT_NEAR(normal, std::sqrt(slope) / 0.03 * std::pow(0.3, 2.0 / 3.0), 1e-12);
}

TEST(FaceFlux, OfEqualSidesIsThePhysicalFlux) {
  const FaceSide<double> side{1.7, 2.3, -0.4};
  const FaceFlux<double> flux = face_flux(side, side, 0.0);
  EXPECT_NEAR(flux.mass, 1.7 * 2.3, 1e-14);
  EXPECT_NEAR(flux.excess_left, 1.7 * 2.3 * 2.3, 1e-13);
  EXPECT_NEAR(flux.excess_right, 1.7 * 2.3 * 2.3, 1e-13);
  EXPECT_NEAR(flux.along, 1.7 * 2.3 * -0.4, 1e-14);
}

TEST(FaceFlux, VanishesExactlyForStillWaterOverABedStep) {
  // 2 m over the low side, 0.5 m over a side 1.5 m higher: one level.
  const FaceFlux<double> flux = face_flux<double>({2.0, 0.0, 0.0}, {0.5, 0.0, 0.0}, 1.5);
  EXPECT_EQ(flux.mass, 0.0);
  EXPECT_EQ(flux.excess_left, 0.0);
  EXPECT_EQ(flux.excess_right, 0.0);
  // A dry bank above the water.
  const FaceFlux<double> bank = face_flux<double>({2.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, 5.0);
  EXPECT_EQ(bank.mass, 0.0);
  EXPECT_EQ(bank.excess_left, 0.0);
}

TEST(FaceFlux, IsExactlyMirroredInAMirror) {
  const FaceSide<double> left{1.31, 0.77, 0.2};
  const FaceSide<double> right{0.42, -1.9, -3.0};
  for (const double bed_step : {-0.3, 0.0, 0.7}) {
    const FaceFlux<double> here = face_flux(left, right, bed_step);
    const FaceFlux<double> there = face_flux(mirrored(right), mirrored(left), -bed_step);
    EXPECT_EQ(here.mass, -there.mass);
    EXPECT_EQ(here.excess_left, there.excess_right);
    EXPECT_EQ(here.excess_right, there.excess_left);
    EXPECT_EQ(here.along, -there.along);
  }
}

TEST(FaceFlux, BetweenDrySidesIsNothing) {
  const FaceFlux<double> flux = face_flux<double>({0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, -0.4);
  EXPECT_EQ(flux.mass, 0.0);
  EXPECT_EQ(flux.along, 0.0);
}

TEST(FaceFlux, OntoADryBedIsTheFluxOfTheTwoOuterWaves) {
  // Waves of -c and 2c: HLL gives (2c * 0 + (-c)(2c)(0 - h)) / 3c = 2/3 h c.
  const double c = std::sqrt(gravity * 1.0);
  const FaceFlux<double> flux = face_flux<double>({1.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, 0.0);
  EXPECT_NEAR(flux.mass, 2.0 / 3.0 * c, 1e-14);
}

TEST(HalfStep, NeverLeavesANegativeDepthAtAFace) {
  const CellState<double> cell{0.01, 3.0, 0.0};
  const CellSlopes<double> slope{0.0, 0.009, 2.5, 0.0, 0.0, -0.002, 0.0, 0.0};
  const CellState<double> half = half_step(cell, slope, 0.8, 1.0);
  EXPECT_GE(half.depth - std::abs(slope.depth_x), 0.0);
  EXPECT_GE(half.depth - std::abs(slope.depth_y), 0.0);
}

TEST(Hazard, FollowsThePublishedTables) {
  EXPECT_FLOAT_EQ(hazard_rating(0.2f, 0.0f, 1.0f), 0.2f * 0.5f + 0.5f);
  EXPECT_FLOAT_EQ(hazard_rating(1.0f, 1.0f, 1.0f), 1.5f + 1.0f);
  EXPECT_FLOAT_EQ(hazard_rating(0.0f, 9.0f, 1.0f), 0.0f);
  EXPECT_EQ(hazard_class(0.3f, 0.9f), 1.0f);
  EXPECT_EQ(hazard_class(0.4f, 0.5f), 2.0f);
  EXPECT_EQ(hazard_class(1.2f, 0.4f), 3.0f);
  EXPECT_EQ(hazard_class(0.2f, 1.9f), 2.0f);
  EXPECT_EQ(hazard_class(2.0f, 0.4f), 4.0f);
  EXPECT_EQ(hazard_class(0.5f, 3.0f), 5.0f);
  EXPECT_EQ(hazard_class(4.5f, 0.1f), 6.0f);
}

}  // namespace
}  // namespace dvinis::flood

#include <gtest/gtest.h>

#include <cmath>

#include "models/flood/boundary.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {
namespace {

double outgoing(const RimState& state) { return state.outward + 2.0 * std::sqrt(gravity * state.depth); }

TEST(PrescribedInflow, BringsTheDischargeAndKeepsTheOutgoingInvariant) {
  const RimState inside{2.0, -2.21};
  const RimState rim = prescribed_inflow(inside, 4.42);
  EXPECT_NEAR(-rim.outward * rim.depth, 4.42, 1e-12);
  EXPECT_NEAR(outgoing(rim), outgoing(inside), 1e-10);
  EXPECT_NEAR(rim.depth, 2.0, 1e-10);  // the inside already carries this discharge
}

TEST(PrescribedInflow, OntoADryBedIsCritical) {
  const RimState rim = prescribed_inflow({0.0, 0.0}, 1.0);
  EXPECT_NEAR(rim.depth, std::cbrt(1.0 / gravity), 1e-12);
  EXPECT_NEAR(rim.outward, -std::sqrt(gravity * rim.depth), 1e-10);
}

TEST(PrescribedDepth, LeavesSupercriticalOutflowAlone) {
  const RimState inside{0.5, 9.0};
  const RimState rim = prescribed_depth(inside, 2.0);
  EXPECT_EQ(rim.depth, inside.depth);
  EXPECT_EQ(rim.outward, inside.outward);
}

TEST(PrescribedDepth, HoldsStillWaterStill) {
  const RimState rim = prescribed_depth({1.3, 0.0}, 1.3);
  EXPECT_EQ(rim.depth, 1.3);
  EXPECT_EQ(rim.outward, 0.0);
}

TEST(FreeOutflow, LetsNothingIn) {
  EXPECT_EQ(free_outflow({1.0, -0.3}).outward, 0.0);
  EXPECT_EQ(free_outflow({1.0, 0.3}).outward, 0.3);
}

TEST(IncomingWave, IsStillWaterWithoutAWaveAndASimpleWaveWithOne) {
  const RimState still = incoming_wave({2.0, 0.0}, 2.0, 0.0);
  EXPECT_NEAR(still.depth, 2.0, 1e-14);
  EXPECT_NEAR(still.outward, 0.0, 1e-14);
  const RimState wave = incoming_wave({2.0, 0.0}, 2.0, 0.1);
  EXPECT_NEAR(wave.depth, 2.1, 1e-12);
  EXPECT_NEAR(wave.outward, -2.0 * (std::sqrt(gravity * 2.1) - std::sqrt(gravity * 2.0)), 1e-12);
}

TEST(RatedDischarge, IsLinearBetweenPointsAndBeyondThem) {
  const std::vector<RatingPoint> curve = {{10.0, 0.0}, {11.0, 4.0}, {13.0, 20.0}};
  EXPECT_EQ(rated_discharge(curve, 9.0), 0.0);
  EXPECT_EQ(rated_discharge(curve, 10.0), 0.0);
  EXPECT_DOUBLE_EQ(rated_discharge(curve, 10.5), 2.0);
  EXPECT_DOUBLE_EQ(rated_discharge(curve, 11.0), 4.0);
  EXPECT_DOUBLE_EQ(rated_discharge(curve, 12.0), 12.0);
  EXPECT_DOUBLE_EQ(rated_discharge(curve, 14.0), 28.0);
}

}  // namespace
}  // namespace dvinis::flood

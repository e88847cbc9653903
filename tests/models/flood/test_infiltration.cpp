// What the ground takes in: each law by itself against its closed form, and in the engine under rain.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/grid/parallel.hpp"
#include "models/flood/infiltration.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::InfiltrationLaw;

constexpr double mm_per_h = 1e-3 / 3600.0;

TEST(Infiltration, DecayIsTheExponentialAndItsInverse) {
  for (const double x : {1e-300, 1e-12, 1e-4, 0.03, 0.125, 0.13, 0.7, 3.0, 40.0, 650.0}) {
    EXPECT_NEAR(flood::mean_of_decay(x), -std::expm1(-x) / x, 4e-15) << x;
    if (x < 600.0) {
      EXPECT_NEAR(flood::decay_to(std::exp(-x)), x, 4e-16 + 1e-15 * x) << x;
    }
  }
  EXPECT_EQ(flood::mean_of_decay(0.0), 1.0);
  EXPECT_EQ(flood::decay_to(1.0), 0.0);
}

TEST(Horton, UnderWaterFollowsItsClosedFormWhateverTheSteps) {
  const flood::HortonSoil soil{5.0 * mm_per_h, 4.0 / 3600.0};
  const double initial = 60.0 * mm_per_h;
  double time = 0.0;
  double sum = 0.0;
  double capacity = initial;
  for (const double dt : {0.1, 7.0, 1000.0, 0.01, 300.0, 40000.0}) {
    const double taken = flood::horton_potential(soil, capacity, dt);
    capacity = flood::horton_capacity_after(soil, capacity, taken, dt);
    sum += taken;
    time += dt;
    EXPECT_NEAR(
        sum,
        soil.final_rate * time + (initial - soil.final_rate) / soil.decay * -std::expm1(-soil.decay * time),
        1e-15)
        << time;
  }
}

TEST(Horton, CapacityFallsWithWhatWasTakenInNotWithTime) {
  // The same water in, fast or slowly, with pauses: the same capacity.
  const flood::HortonSoil soil{5.0 * mm_per_h, 4.0 / 3600.0};
  const double initial = 60.0 * mm_per_h;
  const double taken = flood::horton_potential(soil, initial, 900.0);
  const double expected = flood::horton_capacity_after(soil, initial, taken, 900.0);
  double capacity = initial;
  for (int k = 0; k < 400; ++k) capacity = flood::horton_capacity_after(soil, capacity, taken / 400.0, 60.0);
  EXPECT_NEAR(capacity, expected, 1e-12 * expected);
  EXPECT_EQ(flood::horton_capacity_after(soil, capacity, 0.0, 60.0), capacity);
}

TEST(GreenAmpt, UnderWaterFollowsItsClosedForm) {
  // F - s ln(1 + F / s) = K t with s = suction * deficit, water of no depth.
  const flood::GreenAmptSoil soil{10.0 * mm_per_h, 0.11, 0.3};
  const double s = soil.suction * soil.deficit;
  double infiltrated = 0.0;
  const double dt = 1.0;
  for (int k = 1; k <= 7200; ++k) {
    // Rain makes good what the ground takes in, so that the depth stays zero.
    double taken = flood::green_ampt_potential(soil, infiltrated, 0.0, 0.0, dt);
    for (int repeat = 0; repeat < 30; ++repeat)
      taken = flood::green_ampt_potential(soil, infiltrated, 0.0, taken, dt);
    infiltrated += taken;
    const double time = (infiltrated - s * std::log1p(infiltrated / s)) / soil.conductivity;
    EXPECT_NEAR(time / (k * dt), 1.0, k < 600 ? 0.02 : 3e-5) << k;
  }
  EXPECT_EQ(flood::green_ampt_potential({0.0, 0.1, 0.3}, 0.0, 1.0, 0.0, 10.0), 0.0);
  EXPECT_NEAR(flood::green_ampt_potential({1e-6, 0.0, 0.3}, 0.0, 0.0, 1e-5, 10.0), 1e-5, 1e-18);
}

TEST(CurveNumber, KeepsOfRainWhatTheHandbookSaysWhateverTheSteps) {
  const flood::CurveNumberSoil soil = flood::curve_number_soil(75.0, 0.2);
  EXPECT_NEAR(soil.retention, 0.0846667, 1e-7);
  double rain = 0.0;
  double kept = 0.0;
  for (const double more : {0.001, 0.01, 0.02, 1e-6, 0.05, 0.3, 10.0}) {
    kept += flood::curve_number_potential(soil, kept, more);
    rain += more;
    const double excess = std::max(rain - soil.abstraction, 0.0);
    EXPECT_NEAR(rain - kept, excess * excess / (excess + soil.retention), 1e-14 * rain) << rain;
  }
  const flood::CurveNumberSoil sealed = flood::curve_number_soil(100.0, 0.2);
  EXPECT_EQ(flood::curve_number_potential(sealed, 0.0, 0.01), 0.0);
}

// In the engine: a closed tank of level ground under uniform rain.

constexpr double rain = 30.0 * mm_per_h;
constexpr double hours = 3600.0;

FloodCase tank(InfiltrationLaw law) {
  FloodCase definition;
  definition.nx = 71;
  definition.ny = 19;
  definition.spacing = 10.0;
  definition.roughness = 0.03;
  definition.parameters.constant_rain = rain;
  definition.parameters.infiltration = law;
  const auto layer = [&](const char* name, const char* unit, double value) {
    definition.layers[name] = {unit, [value](double, double) { return value; }};
  };
  layer("infiltration_rate", "m s-1", 12.0 * mm_per_h);
  layer("initial_infiltration_rate", "m s-1", 60.0 * mm_per_h);
  layer("final_infiltration_rate", "m s-1", 5.0 * mm_per_h);
  layer("infiltration_decay", "s-1", 4.0 / 3600.0);
  layer("saturated_conductivity", "m s-1", 10.0 * mm_per_h);
  layer("wetting_front_suction", "m", 0.11);
  layer("moisture_deficit", "1", 0.3);
  layer("curve_number", "1", 75.0);
  return definition;
}

/// Water taken in until `time` by rain on bare level ground.
double expected_of(InfiltrationLaw law, double time) {
  switch (law) {
    case InfiltrationLaw::none:
      return 0.0;
    case InfiltrationLaw::constant:
      return 12.0 * mm_per_h * time;
    case InfiltrationLaw::horton: {
      const double decay = 4.0 / 3600.0;
      const double last = 5.0 * mm_per_h;
      const double excess = 55.0 * mm_per_h;
      const auto under_water = [&](double t) { return last * t + excess / decay * -std::expm1(-decay * t); };
      const double wet = std::log(excess / (rain - last)) / decay;
      const double ponding = under_water(wet) / rain;
      return time < ponding ? rain * time : under_water(wet + time - ponding);
    }
    case InfiltrationLaw::green_ampt: {
      // From ponding on dF/dt = K (1 + (suction + P - F) deficit / F), by Runge and Kutta in 0.05 s.
      const double conductivity = 10.0 * mm_per_h;
      double infiltrated = conductivity * 0.11 * 0.3 / (rain - conductivity);
      double t = infiltrated / rain;
      if (time < t) return rain * time;
      const auto rate = [&](double now, double f) {
        return conductivity * (1.0 + (0.11 + rain * now - f) * 0.3 / f);
      };
      const int steps = static_cast<int>(std::ceil((time - t) / 0.05));
      const double dt = (time - t) / steps;
      for (int k = 0; k < steps; ++k, t += dt) {
        const double a = rate(t, infiltrated);
        const double b = rate(t + 0.5 * dt, infiltrated + 0.5 * dt * a);
        const double c = rate(t + 0.5 * dt, infiltrated + 0.5 * dt * b);
        const double d = rate(t + dt, infiltrated + dt * c);
        infiltrated += dt / 6.0 * (a + 2.0 * b + 2.0 * c + d);
      }
      return infiltrated;
    }
    case InfiltrationLaw::curve_number: {
      const flood::CurveNumberSoil soil = flood::curve_number_soil(75.0, 0.2);
      const double excess = std::max(rain * time - soil.abstraction, 0.0);
      return rain * time - excess * excess / (excess + soil.retention);
    }
  }
  return 0.0;
}

TEST(Infiltration, UnderUniformRainFollowsTheClosedFormOfEachLaw) {
  double worst = 0.0;
  for (const InfiltrationLaw law : {InfiltrationLaw::constant, InfiltrationLaw::horton,
                                    InfiltrationLaw::green_ampt, InfiltrationLaw::curve_number}) {
    FloodCase definition = tank(law);
    FloodRun run(definition);
    for (const double time : {0.25 * hours, 0.75 * hours, 3.0 * hours}) {
      run.run_to(time);
      const double expected = expected_of(law, time);
      const double area = 71 * 19 * 100.0;
      const double booked = -run.state().booked("water", "infiltration") / area;
      worst = std::max(worst, std::abs(booked / expected - 1.0));
      const Field& field = run.state().field(run.schema().field("infiltrated_depth"));
      EXPECT_NEAR(field.value(70, 18), booked, 1e-12 * booked);
      EXPECT_NEAR(run.depth(33, 7), rain * time - booked, 1e-12);
      EXPECT_LE(run.relative_water_error(), 1e-13);
    }
  }
  EXPECT_LE(worst, 1e-6);
  record_figure("flood2.infiltration.err", worst, "1",
                "worst of constant, Horton, Green-Ampt, curve number; 30 mm/h for three hours");
}

TEST(Infiltration, InSinglePrecisionAndFastModeKeepsItsLedger) {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = tank(InfiltrationLaw::horton);
    definition.bed = [](double x, double y) { return 50.0 + 0.5 * std::sin(0.03 * x) * std::cos(0.07 * y); };
    definition.parameters.precision = ElementType::float32;
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(2.0 * hours, 60.0);
    EXPECT_LE(run.relative_water_error(), 1e-6);
    EXPECT_NEAR(run.state().booked("water", "rain"), rain * 2.0 * hours * 71 * 19 * 100.0, 0.01);
    EXPECT_LT(run.state().booked("water", "infiltration"), -100.0);
  }
}

TEST(Infiltration, TakesAPondAwayAndNoMoreThanItHolds) {
  // No rain: water that has run into a hollow seeps away, to the last drop; what withdraws meets what is
  // left.
  for (const InfiltrationLaw law :
       {InfiltrationLaw::constant, InfiltrationLaw::horton, InfiltrationLaw::green_ampt}) {
    FloodCase definition = tank(law);
    definition.parameters.constant_rain = 0.0;
    definition.bed = [](double x, double y) { return 1e-4 * std::abs(x - 350.0) + 1e-4 * y; };
    definition.depth = [](double x, double) { return x > 300.0 && x < 400.0 ? 0.03 : 0.0; };
    definition.constant_series("outflow", "m3 s-1", -0.01);
    const Grid grid{definition.nx, definition.ny, definition.spacing, 0.0, 0.0, {}};
    definition.places = {point_place("source", "pump", grid, 355.0, 55.0)};
    definition.parameters.sources = {{"pump", "outflow", {}}};
    FloodRun run(definition);
    run.run_to(12.0 * hours, 600.0);
    double deepest = 0.0;
    for (Index j = 0; j < 19; ++j) {
      for (Index i = 0; i < 71; ++i) deepest = std::max(deepest, run.depth(i, j));
    }
    EXPECT_EQ(deepest, 0.0);
    const double pumped = -run.state().booked("water", "source pump");
    const double infiltrated = -run.state().booked("water", "infiltration");
    EXPECT_GT(pumped, 10.0);
    EXPECT_NEAR(pumped + infiltrated, 10 * 19 * 100.0 * 0.03, 1e-9);
    EXPECT_GT(run.state().booked("unmet withdrawal", "source pump"), 1.0);
    EXPECT_LE(run.relative_water_error(), 1e-13);
  }
}

TEST(Infiltration, LeavesTheCurveNumbersRunOnAndRaisedHousesAlone) {
  FloodCase pond = tank(InfiltrationLaw::curve_number);
  pond.parameters.constant_rain = 0.0;
  pond.depth = [](double, double) { return 0.1; };
  FloodRun still(pond);
  still.run_to(hours);
  EXPECT_EQ(still.state().booked("water", "infiltration"), 0.0);

  FloodCase town = tank(InfiltrationLaw::constant);
  town.parameters.buildings = flood::BuildingTreatment::raise;
  Place house;
  house.kind = "building";
  house.id = "house";
  house.cells = {{20, 5}, {21, 5}};
  town.places = {house};
  FloodRun run(town);
  run.run_to(hours, 600.0);
  const Field& field = run.state().field(run.schema().field("infiltrated_depth"));
  EXPECT_EQ(field.value(20, 5), 0.0);
  EXPECT_GT(field.value(19, 5), 0.011);
}

TEST(Infiltration, ResumesToTheSameBitsForAnyThreadCount) {
  FloodCase definition = tank(InfiltrationLaw::horton);
  definition.bed = [](double x, double y) { return 0.5 * std::sin(0.03 * x) * std::cos(0.07 * y); };
  std::string checksum;
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    FloodRun run(definition);
    run.run_to(hours, 300.0);
    if (checksum.empty()) checksum = run.state().checksum();
    EXPECT_EQ(run.state().checksum(), checksum) << threads << " threads";
  }
  FloodRun first(definition);
  first.run_to(0.5 * hours, 300.0);
  FloodRun second(definition);
  second.state() = first.state();
  second.run_to(hours, 300.0);
  EXPECT_EQ(second.state().checksum(), checksum);
}

TEST(Infiltration, SaysWhichLayerIsMissingOrWrong) {
  FloodCase definition = tank(InfiltrationLaw::green_ampt);
  definition.layers.erase("moisture_deficit");
  try {
    FloodRun run(definition);
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find("'moisture_deficit' is not under 'layers'"), std::string::npos);
  }
  definition = tank(InfiltrationLaw::curve_number);
  definition.layers["curve_number"].shape = [](double x, double) { return x > 500.0 ? 120.0 : 70.0; };
  EXPECT_THROW(FloodRun run(definition), DataError);
  definition = tank(InfiltrationLaw::horton);
  definition.layers["final_infiltration_rate"].shape = [](double, double) { return 1e-3; };
  EXPECT_THROW(FloodRun run(definition), DataError);
}

}  // namespace
}  // namespace dvinis::test

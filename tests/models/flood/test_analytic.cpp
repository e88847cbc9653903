// Exact solutions and the radial dam break: each case measures a figure and holds it to its bound.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iostream>

#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"
#include "tests/support/reference.hpp"

namespace dvinis::test {
namespace {

using flood::BoundaryKind;
using flood::Edge;

constexpr double reference_courant = 0.4;

/// Relative L1 error of the depth along the middle row against means over 8 samples of each cell.
double row_error(const FloodRun& run, const FloodCase& definition,
                 const std::function<double(double)>& exact) {
  double error = 0.0;
  double total = 0.0;
  for (Index i = 0; i < definition.nx; ++i) {
    double mean = 0.0;
    for (int k = 0; k < 8; ++k) {
      mean += exact(definition.west + (static_cast<double>(i) + (k + 0.5) / 8.0) * definition.spacing) / 8.0;
    }
    error += std::abs(run.depth(i, definition.ny / 2) - mean);
    total += mean;
  }
  return error / total;
}

double dam_break_error(double length, double left, double right, double time, Index cells,
                       const std::function<double(double)>& exact) {
  FloodCase definition;
  definition.nx = cells;
  definition.ny = 3;
  definition.spacing = length / static_cast<double>(cells);
  definition.west = -0.5 * length;
  definition.parameters.courant = reference_courant;
  definition.depth = [=](double x, double) { return x < 0.0 ? left : right; };
  FloodRun run(definition);
  run.run_to(time);
  return row_error(run, definition, exact);
}

struct DamBreak {
  const char* name;
  double length, left, right, time;
};

double worst_dam_break(const std::vector<DamBreak>& cases,
                       const std::function<double(double, const DamBreak&)>& exact) {
  double worst = 0.0;
  for (const DamBreak& dam : cases) {
    double previous = 0.0;
    for (const Index cells : {100, 200, 400}) {
      const double error = dam_break_error(dam.length, dam.left, dam.right, dam.time, cells,
                                           [&](double x) { return exact(x, dam); });
      std::cout << dam.name << ' ' << cells << " cells: relative L1 " << error;
      if (previous > 0.0) std::cout << ", order " << std::log2(previous / error);
      std::cout << '\n';
      previous = error;
    }
    worst = std::max(worst, previous);
  }
  return worst;
}

TEST(Ritter, DamBreakOnADryBed) {
  const double worst =
      worst_dam_break({{"ritter_small_t6", 10.0, 0.005, 0.0, 6.0},
                       {"ritter_large_t20", 2000.0, 10.0, 0.0, 20.0},
                       {"ritter_large_t40", 2000.0, 10.0, 0.0, 40.0}},
                      [](double x, const DamBreak& d) { return ritter_depth(x, d.left, d.time); });
  record_figure("flood.ritter.l1_rel", worst, "1", "worst of three files, 400 cells, cell means");
  EXPECT_LE(worst, 0.003);
}

TEST(Stoker, DamBreakOnAWetBed) {
  const double worst =
      worst_dam_break({{"stoker_small_t6", 10.0, 0.005, 0.001, 6.0},
                       {"stoker_large_t20", 2000.0, 10.0, 1.0, 20.0},
                       {"stoker_large_t40", 2000.0, 10.0, 1.0, 40.0}},
                      [](double x, const DamBreak& d) { return stoker_depth(x, d.left, d.right, d.time); });
  record_figure("flood.stoker.l1_rel", worst, "1", "worst of three files, 400 cells, cell means");
  EXPECT_LE(worst, 0.002);
}

TEST(Reference, ClosedFormsAgreeWithTheShippedTables) {
  const ReferenceTable ritter = read_reference("flood-analytic/ritter_large_t40.csv");
  const ReferenceTable stoker = read_reference("flood-analytic/stoker_large_t20.csv");
  for (const double x : {305.0, 805.0, 1205.0, 1505.0}) {
    EXPECT_NEAR(ritter_depth(x - 1000.0, 10.0, 40.0), ritter.at("h_m", x), 2e-2);
    EXPECT_NEAR(stoker_depth(x - 1000.0, 10.0, 1.0, 20.0), stoker.at("h_m", x), 2e-2);
  }
}

double bump(double x) { return x > 8.0 && x < 12.0 ? 0.2 - 0.05 * (x - 10.0) * (x - 10.0) : 0.0; }

struct SteadyFlow {
  double error_rel = 0.0;
  double error = 0.0;            ///< mean |h - exact| [m]
  double discharge_error = 0.0;  ///< median of |q - q0| / q0
};

SteadyFlow steady_flow(FloodCase definition, const ReferenceTable& table, double unit_discharge,
                       double time) {
  definition.ny = 3;
  definition.parameters.courant = reference_courant;
  definition.constant_series("inflow", "m3 s-1", unit_discharge * 3.0 * definition.spacing);
  definition.boundary(Edge::west, BoundaryKind::discharge, "inflow");
  FloodRun run(definition);
  run.run_to(time);
  SteadyFlow result;
  double total = 0.0;
  std::vector<double> deviations;
  for (Index i = 0; i < definition.nx; ++i) {
    const double x = (static_cast<double>(i) + 0.5) * definition.spacing;
    const double exact = table.at("h_m", x);
    result.error += std::abs(run.depth(i, 1) - exact);
    total += exact;
    deviations.push_back(std::abs(run.discharge_x(i, 1) / unit_discharge - 1.0));
  }
  result.error_rel = result.error / total;
  result.error /= static_cast<double>(definition.nx);
  std::sort(deviations.begin(), deviations.end());
  result.discharge_error = deviations[deviations.size() / 2];
  return result;
}

FloodCase bump_case(Index cells, double level) {
  FloodCase definition;
  definition.nx = cells;
  definition.spacing = 25.0 / static_cast<double>(cells);
  definition.bed = [](double x, double) { return bump(x); };
  definition.level = [=](double, double) { return level; };
  return definition;
}

TEST(Bump, SubcriticalFlowIsSecondOrder) {
  const ReferenceTable table = read_reference("flood-analytic/bump_subcritical.csv");
  std::vector<double> errors;
  for (const Index cells : {125, 250, 500}) {
    FloodCase definition = bump_case(cells, 2.0);
    definition.constant_series("outlet", "m", 2.0);
    definition.boundary(Edge::east, BoundaryKind::level, "outlet");
    const SteadyFlow flow = steady_flow(definition, table, 4.42, 200.0);
    errors.push_back(flow.error);
    std::cout << "bump_subcritical " << cells << " cells: L1 " << flow.error << " m, relative "
              << flow.error_rel << ", median discharge error " << flow.discharge_error << '\n';
    EXPECT_LE(flow.discharge_error, 1e-3);
  }
  const double order = std::min(std::log2(errors[0] / errors[1]), std::log2(errors[1] / errors[2]));
  record_figure("flood.smooth.order", order, "1", "bump_subcritical, smaller of 125->250 and 250->500 cells");
  EXPECT_GE(order, 1.9);
}

TEST(Bump, TranscriticalFlowWithoutAShock) {
  const ReferenceTable table = read_reference("flood-analytic/bump_transcritical.csv");
  FloodCase definition = bump_case(250, 0.3);
  definition.boundary(Edge::east, BoundaryKind::free);
  const SteadyFlow flow = steady_flow(definition, table, 1.53, 200.0);
  record_figure("flood.bump_transcritical.l1_rel", flow.error_rel, "1", "250 cells, free outlet");
  EXPECT_LE(flow.error_rel, 0.005);
}

TEST(Bump, TranscriticalFlowWithAShock) {
  const ReferenceTable table = read_reference("flood-analytic/bump_shock.csv");
  FloodCase definition = bump_case(500, 0.33);
  definition.constant_series("outlet", "m", 0.33);
  definition.boundary(Edge::east, BoundaryKind::level, "outlet");
  const SteadyFlow flow = steady_flow(definition, table, 0.18, 250.0);
  record_figure("flood.bump_shock.l1_rel", flow.error_rel, "1", "500 cells");
  EXPECT_LE(flow.error_rel, 0.002);
}

TEST(MacDonald, SubcriticalFlowWithFriction) {
  const ReferenceTable table = read_reference("flood-analytic/macdonald_subcritical.csv");
  double previous = 0.0;
  for (const Index cells : {100, 200}) {
    FloodCase definition;
    definition.nx = cells;
    definition.spacing = 1000.0 / static_cast<double>(cells);
    definition.roughness = 0.033;
    definition.bed = [&](double x, double) { return table.at("z_m", x); };
    definition.depth = [](double, double) { return 0.75; };
    definition.constant_series("outlet", "m", 0.748323558318);
    definition.boundary(Edge::east, BoundaryKind::level, "outlet");
    const SteadyFlow flow = steady_flow(definition, table, 2.0, 6000.0);
    std::cout << "macdonald " << cells << " cells: relative L1 " << flow.error_rel << '\n';
    previous = flow.error_rel;
  }
  record_figure("flood.macdonald.l1_rel", previous, "1", "200 cells");
  EXPECT_LE(previous, 0.005);
}

TEST(Thacker, PlanarSurfaceTurnsInABowl) {
  constexpr Index cells = 200;
  FloodCase definition;
  definition.nx = cells;
  definition.ny = cells;
  definition.spacing = 4.0 / cells;
  definition.parameters.courant = reference_courant;
  definition.bed = thacker_bed;
  definition.depth = [](double x, double y) { return thacker_planar_depth(x, y, 0.0); };
  definition.velocity_x = [](double, double) { return 0.0; };
  definition.velocity_y = [](double, double) { return thacker_planar_velocity_y_at_start(); };
  FloodRun run(definition);
  const double period = thacker_planar_period();
  run.run_to(period);
  double error = 0.0;
  double total = 0.0;
  for (Index j = 0; j < cells; ++j) {
    for (Index i = 0; i < cells; ++i) {
      double mean = 0.0;
      for (int b = 0; b < 4; ++b) {
        for (int a = 0; a < 4; ++a) {
          mean +=
              thacker_planar_depth((static_cast<double>(i) + (a + 0.5) / 4.0) * definition.spacing,
                                   (static_cast<double>(j) + (b + 0.5) / 4.0) * definition.spacing, period) /
              16.0;
        }
      }
      error += std::abs(run.depth(i, j) - mean);
      total += mean;
    }
  }
  record_figure("flood.thacker_planar.l1_rel", error / total, "1",
                "200 x 200 cells after one period, cell means");
  EXPECT_LE(error / total, 0.010);
  EXPECT_LT(run.relative_water_error(), 1e-12);
}

TEST(Thacker, RadialOscillationComesBackAfterAPeriod) {
  constexpr Index cells = 200;
  const ReferenceTable line = read_reference("flood-analytic/thacker_radial_2d_line.csv");
  FloodCase definition;
  definition.nx = cells;
  definition.ny = cells;
  definition.spacing = 4.0 / cells;
  definition.parameters.courant = reference_courant;
  definition.bed = thacker_bed;
  constexpr double amplitude = (1.0 - 0.64) / (1.0 + 0.64);
  const auto depth_at = [&](double x, double y, double phase) {
    const double r2 = (x - 2.0) * (x - 2.0) + (y - 2.0) * (y - 2.0);
    const double d = 1.0 - amplitude * std::cos(phase);
    const double a2 = 1.0 - amplitude * amplitude;
    const double level = 0.1 * (std::sqrt(a2) / d - 1.0 - r2 * (a2 / (d * d) - 1.0));
    return std::max(0.0, level - thacker_bed(x, y));
  };
  definition.depth = [&](double x, double y) { return depth_at(x, y, 0.0); };
  FloodRun run(definition);
  run.run_to(2.24285073273);
  double error = 0.0;
  double total = 0.0;
  for (Index j = 0; j < cells; ++j) {
    for (Index i = 0; i < cells; ++i) {
      const double exact =
          depth_at((static_cast<double>(i) + 0.5) * 0.02, (static_cast<double>(j) + 0.5) * 0.02, 0.0);
      error += std::abs(run.depth(i, j) - exact);
      total += exact;
    }
  }
  record_figure("flood.thacker_radial.l1_rel", error / total, "1", "200 x 200 cells after one period");
  EXPECT_LE(error / total, 0.02);
  EXPECT_NEAR(depth_at(2.01, 2.0, 0.0), line.at("h_0T", 2.01), 1e-6);
}

double rain_error(const std::string& file, double rain_seconds) {
  const ReferenceTable table = read_reference("flood-analytic/" + file);
  constexpr double rate = 50e-3 / 3600.0;
  FloodCase definition;
  definition.nx = 100;
  definition.ny = 3;
  definition.spacing = 1.0;
  definition.roughness = 0.03;
  definition.parameters.courant = 0.45;
  definition.parameters.rain_series = "rain";
  definition.bed = [](double x, double) { return 0.01 * (100.0 - x); };
  definition.constant_series("rain", "m s-1", rate);
  definition.series["rain"].seconds = {0.0, rain_seconds, rain_seconds + 1e-6, 1e7};
  definition.series["rain"].values = {rate, rate, 0.0, 0.0};
  definition.boundary(Edge::east, BoundaryKind::free);
  FloodRun run(definition);
  const auto left = [&] { return -run.state().booked("water", "free east"); };
  const std::vector<double>& times = table.column("t_s");
  const std::vector<double>& exact = table.column("q_m2_s");
  double error = 0.0;
  double total = 0.0;
  for (std::size_t k = 1; k < times.size(); ++k) {
    // The mean over a second around the time: what a tipping gauge at the outlet would say.
    run.run_to(times[k] - 0.5);
    const double before = left();
    run.run_to(times[k] + 0.5);
    error += std::abs((left() - before) / 3.0 - exact[k]);
    total += exact[k];
  }
  EXPECT_LT(run.relative_water_error(), 1e-12);
  std::cout << file << ": relative L1 of the hydrograph " << error / total << '\n';
  return error / total;
}

TEST(RainOnAPlane, FollowsTheKinematicHydrographs) {
  const double worst = std::max(rain_error("rain_plane_equilibrium_hydrograph.csv", 1800.0),
                                rain_error("rain_plane_partial_hydrograph.csv", 300.0));
  record_figure("flood.rain_plane.l1_rel", worst, "1",
                "worse of equilibrium and partial hydrograph, 1 m cells, Courant 0.45");
  EXPECT_LE(worst, 0.006);
}

double radial_error(Index cells, bool start_from_means, double* largest) {
  const ReferenceTable table = read_reference("flood-analytic/radial_dam_break_t120.csv");
  const std::vector<double>& depths = table.columns[1];
  FloodCase definition;
  definition.nx = cells;
  definition.ny = cells;
  definition.spacing = 10000.0 / static_cast<double>(cells);
  definition.west = -5000.0;
  definition.south = -5000.0;
  definition.roughness = 0.03;
  definition.parameters.courant = reference_courant;
  definition.average_bed = start_from_means;
  definition.depth = [](double x, double y) { return x * x + y * y < 2500.0 * 2500.0 ? 10.0 : 2.0; };
  FloodRun run(definition);
  run.run_to(120.0);
  double sum = 0.0;
  *largest = 0.0;
  for (Index j = 0; j < cells; ++j) {
    for (Index i = 0; i < cells; ++i) {
      double mean = 0.0;
      for (int b = 0; b < 8; ++b) {
        for (int a = 0; a < 8; ++a) {
          const double x = -5000.0 + (static_cast<double>(i) + (a + 0.5) / 8.0) * definition.spacing;
          const double y = -5000.0 + (static_cast<double>(j) + (b + 0.5) / 8.0) * definition.spacing;
          const auto k = static_cast<std::size_t>(std::lround(std::hypot(x, y) / 0.25 - 0.5));
          mean += (k < depths.size() ? depths[k] : 2.0) / 64.0;
        }
      }
      const double error = std::abs(run.depth(i, j) - mean);
      sum += error;
      *largest = std::max(*largest, error);
    }
  }
  EXPECT_LT(run.relative_water_error(), 1e-13);
  return sum / static_cast<double>(cells * cells);
}

TEST(RadialDamBreak, IsCloserToTheReferenceThanSecondOrderPeers) {
  double largest = 0.0;
  const double coarse = radial_error(250, false, &largest);
  record_figure("flood.radial.l1_250", coarse, "m",
                "250 x 250, T = 120 s, start sampled at cell centres as the peers' was");
  record_figure("flood.radial.max_250", largest, "m", "largest single-cell error of the same run");
  EXPECT_LE(coarse, 0.0157);
  const double fine = radial_error(320, false, &largest);
  record_figure("flood.radial.l1_320", fine, "m", "320 x 320, T = 120 s");
  EXPECT_LE(fine, 0.0121);
  const double means = radial_error(250, true, &largest);
  record_figure("flood.radial.l1_250_means", means, "m", "250 x 250, start from cell means");
  EXPECT_LE(means, 0.0121);
}

}  // namespace
}  // namespace dvinis::test

/// Speed of the flood model: cell updates a second and CPU seconds of whole cases.
///
/// A counter that carries the id of a figure becomes that figure in bench/measure. Mcells/s is cells x steps
/// over CPU seconds, a long run minus a short one, so that start-up does not count.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/flood_case.hpp"
#include "core/grid/parallel.hpp"

namespace {

using dvinis::Index;
using dvinis::RunSummary;
using dvinis::bench::FloodCase;
using dvinis::bench::FloodRun;

bool is_quick() { return std::getenv("DVINIS_BENCH_QUICK") != nullptr; }

struct Rate {
  double cells_per_second = 0.0;  ///< CPU seconds
  double cells_per_wall_second = 0.0;
};

/// Runs one case to `begin` (waves up, memory touched), then times the stretch to `end` [s].
Rate rate_of(const FloodCase& definition, double begin, double end, int threads) {
  dvinis::set_thread_count(threads);
  FloodRun run(definition);
  const RunSummary first = run.run_to(begin);
  const std::int64_t steps_before = run.state().steps;
  const RunSummary second = run.run_to(end);
  static_cast<void>(first);
  const double updates =
      static_cast<double>(run.grid().cells()) * static_cast<double>(run.state().steps - steps_before);
  return {updates / second.cpu_seconds, updates / second.wall_seconds};
}

Index radial_cells() { return is_quick() ? 250 : 1000; }

/// The radial dam break as a measure of the solver: its still water, nine tenths of the domain, is worked out
/// too.
FloodCase radial_case(const std::string& precision) {
  FloodCase definition = dvinis::bench::radial_dam_break(radial_cells(), precision);
  definition.settings.emplace_back("still_water", "work_out");
  return definition;
}

void radial(benchmark::State& state, const std::string& precision, bool is_full, const std::string& figure) {
  FloodCase definition = radial_case(precision);
  if (is_full) {
    definition.roughness = 0.03;
    definition.wanted = dvinis::bench::all_maxima();
  }
  Rate rate;
  for (auto pass : state) {
    static_cast<void>(pass);
    rate = rate_of(definition, 2.0, 20.0, 1);
  }
  state.counters[figure] = rate.cells_per_second / 1e6;
}

void radial_two_threads(benchmark::State& state) {
  const FloodCase definition = radial_case("single");
  double ratio = 0.0;
  for (auto pass : state) {
    static_cast<void>(pass);
    const double one = rate_of(definition, 2.0, 20.0, 1).cells_per_wall_second;
    ratio = rate_of(definition, 2.0, 20.0, 2).cells_per_wall_second / one;
  }
  state.counters["speed.radial.scale_2t"] = ratio;
}

/// The engine's tiles, activity and ledger against bare sweeps over the same water.
void tiles(benchmark::State& state) {
  const FloodCase definition = radial_case("single");
  double overhead = 0.0;
  for (auto pass : state) {
    static_cast<void>(pass);
    dvinis::set_thread_count(1);
    FloodRun run(definition);
    run.run_to(2.0);
    const std::int64_t steps_before = run.state().steps;
    const double engine_seconds = run.run_to(20.0).cpu_seconds;
    const auto steps = static_cast<int>(run.state().steps - steps_before);
    overhead = engine_seconds / dvinis::bench::bare_sweep_seconds(run, steps) - 1.0;
  }
  state.counters["speed.tiles.overhead"] = overhead;
}

/// What tracers add to the flow step with friction and running fields: one of them, and each of three more;
/// the least of some turns that alternate, so that the machine's other guests weigh less.
void tracers(benchmark::State& state, const std::string& mode, const std::string& precision,
             const std::string& figure) {
  double seconds[3] = {1e9, 1e9, 1e9};
  for (auto pass : state) {
    static_cast<void>(pass);
    dvinis::set_thread_count(1);
    for (int turn = 0; turn < (is_quick() ? 1 : 3); ++turn) {
      for (int k = 0; k < 3; ++k) {
        FloodCase definition = radial_case(precision);
        definition.roughness = 0.03;
        definition.wanted = dvinis::bench::all_maxima();
        definition.settings.emplace_back("mode", mode);
        definition.tracers = k == 0 ? 0 : k == 1 ? 1 : 4;
        FloodRun run(definition);
        run.run_to(2.0);
        seconds[k] = std::min(seconds[k], run.run_to(is_quick() ? 10.0 : 30.0).cpu_seconds);
      }
    }
  }
  state.counters[figure] = seconds[1] / seconds[0] - 1.0;
  state.counters["each_of_three_more"] = (seconds[2] - seconds[1]) / 3.0 / seconds[0];
}

void mounds(benchmark::State& state) {
  const FloodCase definition = dvinis::bench::three_mounds("single");
  double seconds = 0.0;
  for (auto pass : state) {
    static_cast<void>(pass);
    dvinis::set_thread_count(1);
    FloodRun run(definition);
    seconds = run.run_to(is_quick() ? 0.2 : 2.0).cpu_seconds;
  }
  state.counters["speed.mounds.cpu"] = seconds;
}

/// Mean |depth - reference| over all cells; a cell's reference is the mean over 8 x 8 samples at their radii
/// (tests/reference/flood-analytic/PROVENANCE.md).
double radial_error(const FloodRun& run) {
  std::ifstream file("tests/reference/flood-analytic/radial_dam_break_t120.csv");
  std::string line;
  std::getline(file, line);
  std::vector<double> depths;
  while (std::getline(file, line)) depths.push_back(std::stod(line.substr(line.find(',') + 1)));
  if (depths.size() != 20000)
    throw std::runtime_error("the reference is not there; run from the root of the project");
  const dvinis::Grid& grid = run.grid();
  double sum = 0.0;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      double mean = 0.0;
      for (int sample = 0; sample < 64; ++sample) {
        const double x = grid.x_centre(i) + ((sample % 8 + 0.5) / 8 - 0.5) * grid.spacing;
        const double y = grid.y_centre(j) + ((sample / 8 + 0.5) / 8 - 0.5) * grid.spacing;
        const auto row = static_cast<std::size_t>(std::hypot(x, y) / 0.25);
        mean += (row < depths.size() ? depths[row] : 2.0) / 64;
      }
      sum += std::abs(run.depth(i, j) - mean);
    }
  }
  return sum / static_cast<double>(grid.cells());
}

/// CPU seconds of the coarsest grid here whose error is at most 0.0122 m, over the 5 s of LISFLOOD DG2.
void cost_of_accuracy(benchmark::State& state) {
  constexpr double wanted_error = 0.0122;
  constexpr double peer_seconds = 5.0;
  double seconds = 0.0;
  double error = 1.0;
  Index cells = 0;
  for (auto pass : state) {
    static_cast<void>(pass);
    for (const Index side : {250, 280, 300, 320, 360, 400}) {
      cells = side;
      dvinis::set_thread_count(1);
      FloodCase definition = dvinis::bench::radial_dam_break(side, "single");
      definition.roughness = 0.03;
      FloodRun run(definition);
      seconds = run.run_to(120.0).cpu_seconds;
      error = radial_error(run);
      if (error <= wanted_error) break;
    }
  }
  if (error > wanted_error) {
    state.SkipWithError("no grid up to 400 x 400 reaches 0.0122 m");
    return;
  }
  state.counters["speed.radial.cpu_to_l1"] = seconds / peer_seconds;
  state.counters["cells_a_side"] = static_cast<double>(cells);
  state.counters["error"] = error;
}

BENCHMARK_CAPTURE(radial, fp32, "single", false, "speed.radial.fp32_1t")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(radial, fp64, "double", false, "speed.radial.fp64_1t")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(radial, fp32_full, "single", true, "speed.radial.fp32_1t_full")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(radial, fp64_full, "double", true, "speed.radial.fp64_1t_full")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK(radial_two_threads)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(tiles)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(tracers, fp64, "reference", "double", "flood2.tracer.cost")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(tracers, fp32, "reference", "single", "one")->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(tracers, fast_fp32, "fast", "single", "one")->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(mounds)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(cost_of_accuracy)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

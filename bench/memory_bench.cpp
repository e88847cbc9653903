/// Memory of a flood: largest resident set of this process over the cells of a 4000 x 4000 grid in single
/// precision. A program of its own, since the largest size of a process never falls.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "bench/flood_case.hpp"

namespace {

/// VmHWM of this process [B]; 0 where the kernel does not tell.
double largest_resident_size() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    double kilobytes = 0.0;
    if (word == "VmHWM:" && status >> kilobytes) return 1024.0 * kilobytes;
  }
  return 0.0;
}

void memory(benchmark::State& state) {
  const dvinis::Index side = std::getenv("DVINIS_BENCH_QUICK") != nullptr ? 1000 : 4000;
  for (auto pass : state) {
    static_cast<void>(pass);
    dvinis::bench::FloodRun run(dvinis::bench::radial_dam_break(side, "single"));
    run.run_to(0.1);
  }
  state.counters["speed.memory.bytes_cell"] = largest_resident_size() / static_cast<double>(side * side);
}

BENCHMARK(memory)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

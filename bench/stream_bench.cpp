/// The STREAM triad a = b + s c (McCalpin 1995): what the memory of this machine gives, so that a cell rate
/// can be read as a share of it. Bytes are counted as STREAM does: two arrays read, one written.

#include <benchmark/benchmark.h>
#include <omp.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace {

template <typename Real>
void triad(benchmark::State& state) {
  const auto count = static_cast<std::int64_t>(state.range(0)) / static_cast<std::int64_t>(3 * sizeof(Real));
  const int threads = static_cast<int>(state.range(1)) == 0 ? omp_get_max_threads() : 1;
  // Not a vector: pages must be touched first by the thread that uses them.
  const std::unique_ptr<Real[]> a(new Real[static_cast<std::size_t>(count)]);
  const std::unique_ptr<Real[]> b(new Real[static_cast<std::size_t>(count)]);
  const std::unique_ptr<Real[]> c(new Real[static_cast<std::size_t>(count)]);
  Real* const sum = a.get();
  Real* const left = b.get();
  Real* const right = c.get();
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::int64_t i = 0; i < count; ++i) {
    sum[i] = Real(0);
    left[i] = Real(1);
    right[i] = Real(2);
  }
  const Real scale = Real(3);
  for (auto pass : state) {
    static_cast<void>(pass);
    if (threads == 1) {
#pragma omp simd
      for (std::int64_t i = 0; i < count; ++i) sum[i] = left[i] + scale * right[i];
    } else {
#pragma omp parallel for simd schedule(static) num_threads(threads)
      for (std::int64_t i = 0; i < count; ++i) sum[i] = left[i] + scale * right[i];
    }
    benchmark::ClobberMemory();
  }
  if (count > 0 && sum[count - 1] != Real(7)) state.SkipWithError("the triad gave a wrong sum");
  const auto bytes = static_cast<std::int64_t>(3 * sizeof(Real)) * count;
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * bytes);
  state.counters["threads"] = threads;
}

/// Working sets within L2, within L3 and far beyond both; second argument 0 means all threads.
void sizes(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t kilobytes : {512, 16 * 1024, 768 * 1024}) {
    for (const std::int64_t threads : {1, 0}) bench->Args({kilobytes * 1024, threads});
  }
  bench->ArgNames({"bytes", "threads"})->UseRealTime();
}

BENCHMARK(triad<float>)->Apply(sizes);
BENCHMARK(triad<double>)->Apply(sizes);

}  // namespace

#include "scenarios/app/machine.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/base/error.hpp"
#include "scenarios/app/version.hpp"

namespace dvinis::app {

namespace {

int processors_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// Processors of the control group's quota, version 2 or 1; 0 where there is none.
int processors_by_quota() {
  double quota = 0.0;
  double period = 0.0;
  if (std::ifstream file{"/sys/fs/cgroup/cpu.max"}; !(file >> quota >> period)) {
    std::ifstream old_quota{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us"};
    std::ifstream old_period{"/sys/fs/cgroup/cpu/cpu.cfs_period_us"};
    if (!(old_quota >> quota) || !(old_period >> period)) return 0;
  }
  return quota > 0.0 && period > 0.0 ? std::max(1, static_cast<int>(std::ceil(quota / period))) : 0;
}

}  // namespace

std::string program_version() { return version_text; }

std::string compiler_text() { return fmt::format("{} {}, {}", compiler_name, compiler_version, build_type); }

int usable_processors() {
  const int affinity = processors_by_affinity();
  const int quota = processors_by_quota();
  return quota > 0 ? std::min(affinity, quota) : affinity;
}

int processor_level() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt")) return 1;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("fma"))
    return 2;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512cd") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl")) {
    return 3;
  }
  return 4;
#else
  return 0;
#endif
}

std::string choose_instruction_set(const std::string& wanted) {
  std::string wish = wanted;
  if (const char* from_environment = std::getenv("DVINIS_ISA");
      wish == "auto" && from_environment != nullptr) {
    wish = from_environment;
  }
  const int best = processor_level();
  if (wish.empty() || wish == "auto") return best == 0 ? "generic" : fmt::format("x86-64-v{}", best);
  if (wish != "v2" && wish != "v3" && wish != "v4") {
    throw UsageError(
        fmt::format("DVINIS_ISA: unknown instruction set '{}'; allowed: auto, v2, v3, v4", wish));
  }
  const int level = wish[1] - '0';
  if (level > best) {
    throw UsageError(fmt::format("--isa {}: this processor carries {} at most; leave --isa at 'auto'", wish,
                                 best == 0 ? "no x86-64 level" : fmt::format("x86-64-v{}", best)));
  }
  setenv("DVINIS_ISA", wish.c_str(), 1);
  return fmt::format("x86-64-{}", wish);
}

}  // namespace dvinis::app

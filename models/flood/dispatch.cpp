#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "core/base/error.hpp"
#include "models/flood/kernels.hpp"

namespace dvinis::flood {

extern const Kernels<float> kernels_float_v2, kernels_float_v3, kernels_float_v4;
extern const Kernels<double> kernels_double_v2, kernels_double_v3, kernels_double_v4;

namespace {

/// Every processor with these features has the rest of its level too; the level's own name is unknown to
/// older compilers.
bool runs_here(InstructionSet level) {
  const bool v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
  const bool v3 = v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  return level == InstructionSet::v4 ? v4 : level == InstructionSet::v3 ? v3 : v2;
}

constexpr InstructionSet best_first[] = {InstructionSet::v4, InstructionSet::v3, InstructionSet::v2};

}  // namespace

const char* instruction_set_name(InstructionSet level) {
  switch (level) {
    case InstructionSet::v4:
      return "x86-64-v4";
    case InstructionSet::v3:
      return "x86-64-v3";
    case InstructionSet::v2:
      return "x86-64-v2";
  }
  return "unknown";
}

InstructionSet chosen_instruction_set() {
  const char* wish = std::getenv("DVINIS_ISA");
  const std::string name = wish == nullptr ? "auto" : wish;
  for (const InstructionSet level : best_first) {
    const bool is_named = std::string("x86-64-") + name == instruction_set_name(level);
    if ((name == "auto" || name.empty() || is_named) && runs_here(level)) return level;
    if (is_named) {
      throw UsageError(
          fmt::format("this processor cannot run instruction set '{}'; leave it to 'auto'", name));
    }
  }
  throw UsageError(
      fmt::format("unknown or unsupported instruction set '{}'; allowed: auto, v2, v3, v4", name));
}

template <>
const Kernels<float>& kernels<float>(InstructionSet level) {
  return level == InstructionSet::v4   ? kernels_float_v4
         : level == InstructionSet::v3 ? kernels_float_v3
                                       : kernels_float_v2;
}

template <>
const Kernels<double>& kernels<double>(InstructionSet level) {
  return level == InstructionSet::v4   ? kernels_double_v4
         : level == InstructionSet::v3 ? kernels_double_v3
                                       : kernels_double_v2;
}

}  // namespace dvinis::flood

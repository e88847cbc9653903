#pragma once
/// What this program is and what it runs on: for provenance and the default number of threads.

#include <string>

namespace dvinis::app {

/// "0.1.0" or "0.1.0+4.g1a2b3c4" where git knows more.
std::string program_version();
/// "GNU 12.2.0, Release".
std::string compiler_text();

/// Processors this process may really use: affinity and control-group quota, which OpenMP does not see.
int usable_processors();

/// Best x86-64 level of this machine's processor: 1 to 4; 0 elsewhere.
int processor_level();

/// Sets what --isa asks for ("auto", "v2", "v3", "v4"); returns "x86-64-v3". @throws UsageError where the
/// processor cannot.
std::string choose_instruction_set(const std::string& wanted);

}  // namespace dvinis::app

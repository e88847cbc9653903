#pragma once
/// Other programs: found on PATH, run without a shell.

#include <optional>
#include <string>
#include <vector>

namespace dvinis::viz {

/// Full path of an executable file on PATH.
std::optional<std::string> program_on_path(const std::string& name);

/// Path of the running program.
std::string own_path();

/// Runs a program to its end with `extra` added to the environment ("NAME=value"); returns its exit status,
/// or 128 + the signal that ended it, or 127 if it could not be started. `quiet` drops what it prints.
int run_program(const std::vector<std::string>& words, const std::vector<std::string>& extra = {},
                bool quiet = false);

/// Whether the X server that DISPLAY names answers: VTK aborts the program when it does not.
bool display_answers();

}  // namespace dvinis::viz

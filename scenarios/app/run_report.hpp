#pragma once
/// run.json: what happened in a run, for scripts and for `resume`.

#include <optional>
#include <string>
#include <vector>

#include "scenarios/app/compose.hpp"
#include "scenarios/app/expectations.hpp"

namespace dvinis::app {

/// How far a run got. "running" stays behind when a run is killed.
enum class RunStatus { running, completed, stopped, failed };

struct RunReport {
  RunStatus status = RunStatus::running;
  ExitCode exit_code = ExitCode::ok;
  std::string message;  ///< why it stopped or failed
  std::string started;  ///< ISO 8601, UTC
  int resumed = 0;      ///< how often it was resumed
  std::optional<RunSummary> summary;
  const State* state = nullptr;  ///< for the ledger
  std::string state_checksum;
  std::vector<Outcome> outcomes;
};

/// Replaces run.json. @throws IoError
void write_report(const RunReport& report, const Composition& composition, const RunOptions& options,
                  const RunFolder& folder);

/// What `resume` needs of an earlier run.json.
struct EarlierRun {
  std::string scenario;  ///< path that opens from here
  std::vector<std::string> overrides;
  std::vector<InputFile> inputs;
  std::string version;
  std::string started;
  bool completed = false;
  int resumed = 0;
};

/// @throws IoError if it is missing or cannot be understood.
EarlierRun read_report(const RunFolder& folder);

}  // namespace dvinis::app

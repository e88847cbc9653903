#pragma once
/// What the engine needs from the outside; `io` implements, the app hands over. One thread calls them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/model.hpp"

namespace dvinis {

/// What is written when. Outputs fall on exchange ticks and never cut a step.
struct OutputPlan {
  std::vector<std::string> map_fields;  ///< one (time, y, x) variable each, at every map time
  std::vector<std::string>
      final_fields;               ///< running fields, one (y, x) variable each, rewritten at every map time
  Microseconds maps_every = 0;    ///< 0: start and end only
  Microseconds series_every = 0;  ///< tables' series columns; 0: with the maps
  Microseconds checkpoint_every = 0;  ///< 0: none but at the end or on a signal
};

/// Totals of a run for the summary, run.json and the figures.
struct RunSummary {
  bool completed = false;  ///< false: stopped early with a checkpoint
  Microseconds model_time = 0;
  std::int64_t steps = 0;
  double wall_seconds = 0.0;
  double cpu_seconds = 0.0;
  std::vector<BudgetLine> budgets;
  std::vector<std::pair<std::string, double>> profile;  ///< part, seconds
  std::string checkpoint;                               ///< path of the last one, empty if none
};

/// Receives results. Implementations flush in every call so that a killed run leaves a readable file.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  /// Opens a fresh file, or, when state.map_count > 0, an existing one truncated to the state's counts.
  virtual void begin(const Twin& twin, const Schema& schema, const State& state, const OutputPlan& plan) = 0;
  /// Appends one map step (and rewrites the running fields and per-row columns).
  virtual void write_maps(const State& state) = 0;
  /// Appends one row to every series column.
  virtual void write_series(const State& state) = 0;
  /// Writes ledger, events, summary and a completeness mark.
  virtual void finish(const State& state, const RunSummary& summary) = 0;
};

/// Keeps the last two checkpoints or all, each written aside, synced and renamed.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  /// Returns the path written. @throws IoError; the previous checkpoint stays intact.
  virtual std::string save(const Schema& schema, const State& state) = 0;
  /// The newest complete checkpoint that fits the schema and is no later than that, if any.
  virtual std::optional<State> load_latest(const Schema& schema, const Twin& twin,
                                           std::optional<Microseconds> no_later_than) = 0;
  std::optional<State> load_latest(const Schema& schema, const Twin& twin) {
    return load_latest(schema, twin, std::nullopt);
  }
};

/// One look at a running simulation.
struct Progress {
  Microseconds time = 0;
  Microseconds end = 0;
  double step_seconds = 0.0;
  std::string limiter;
  Index busy_cells = 0;
  std::vector<BudgetLine> budgets;
  double wall_seconds = 0.0;
};

/// Shows progress and tells whether someone asked to stop (signal, wall-time limit).
class Monitor {
 public:
  virtual ~Monitor() = default;
  virtual void show(const Progress& progress) = 0;
  virtual bool stop_requested() = 0;
};

}  // namespace dvinis

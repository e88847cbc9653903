#pragma once
/// The scenario's own test: `expect:` compares numbers of a finished run with bounds.

#include <optional>
#include <string>
#include <vector>

#include "core/engine/ports.hpp"
#include "core/twin/state.hpp"
#include "io/results/results_file.hpp"

namespace dvinis::app {

/// One expectation, measured.
struct Outcome {
  std::string what;  ///< "rmse of marks.water_level against observed_level"
  std::string unit;
  double value = 0.0;              ///< in `unit`; NaN where it could not be measured
  std::optional<double> below;     ///< value < below
  std::optional<double> above;     ///< above < value
  std::optional<double> at_least;  ///< at_least <= value
  std::optional<double> at_most;   ///< value <= at_most
  std::string figure;              ///< id of the figure it emits, empty if none
  std::string note;                ///< what the number stands on: "5 marks, worst P4"

  bool is_met() const;
  /// "< 0.16 m" or "0.8 m to 1.2 m".
  std::string bound_text() const;
};

/// What a finished run offers to be measured.
struct Finished {
  const Twin& twin;
  const Schema& schema;
  const State& state;
  const RunSummary& summary;
  const ResultsFile& results;  ///< the series of its tables
  std::string scenario_folder;
};

/// Checks what can be known before the run: tables, columns, places, files. @throws ScenarioError, DataError
void check_expectations(const Setting* expect, const Twin& twin, const Schema& schema,
                        const std::string& folder);

/// Measures every expectation; `expect` may be null.
std::vector<Outcome> measure_expectations(const Setting* expect, const Finished& run);

/// A table for people, one line per expectation.
std::vector<std::string> outcome_lines(const std::vector<Outcome>& outcomes);

/// Appends a JSON line per outcome with a figure to the file that DVINIS_FIGURES names, if it does.
void emit_figures(const std::vector<Outcome>& outcomes, const std::string& scenario);

}  // namespace dvinis::app

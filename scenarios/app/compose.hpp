#pragma once
/// The composition root: from a scenario's text to a simulation that can run.

#include <memory>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"
#include "io/scenario/scenario.hpp"
#include "scenarios/app/options.hpp"
#include "scenarios/app/run_folder.hpp"

namespace dvinis::app {

/// Everything of one run but its State. Stays where it is made: the simulation looks at twin and schema.
struct Composition {
  Composition() = default;
  Composition(const Composition&) = delete;
  Composition& operator=(const Composition&) = delete;

  Scenario scenario;
  Twin twin;
  std::vector<std::unique_ptr<Model>> models;
  Schema schema;
  OutputPlan plan;
  Schedule schedule;
  std::unique_ptr<Simulation> simulation;
};

/// Reads and checks the scenario's text only: no data file is opened. @throws ScenarioError
Scenario read_only_text(const RunOptions& options);

/// Folder of the run's files: --out, or outputs.folder beside the scenario.
RunFolder run_folder(const Scenario& scenario, const RunOptions& options);

/// Reads the data, makes and binds the models. @throws Error with a sentence
std::unique_ptr<Composition> compose(Scenario scenario, const RunOptions& options, const Log& log);

}  // namespace dvinis::app

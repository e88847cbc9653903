#pragma once
/// The seam between the engine and the physics.
///
///   Model    immutable numerics made from a scenario's settings; knows no grid, holds no state
///   Process  a Model bound to a Twin: names resolved to handles, indices precomputed; also immutable
///
/// Permitted calls, in this order (engine -> process):
///
///   initialise(state) once on a fresh start, never on resume
///     `-> { observe(state, shown)?  advance(state, tick, context) }*  for every exchange tick
///                `-> observe may be called any number of times: twice equals once

#include <memory>
#include <string>
#include <vector>

#include "core/base/settings.hpp"
#include "core/twin/state.hpp"
#include "core/twin/twin.hpp"

namespace dvinis {

/// Fields and tables that a model provides or needs.
struct ModelInfo {
  std::string name;   ///< "flood"
  std::string about;  ///< one sentence
  std::vector<FieldInfo> provides;
  std::vector<std::string> needs;         ///< fields of other models
  std::vector<std::string> needs_layers;  ///< static layers of the twin, "bed_elevation"
  std::vector<TableInfo> tables;
  std::vector<std::string> scalars;  ///< named doubles in State, prefixed by the model's name
};

/// A half-open stretch of model time that a process must cover exactly.
struct Interval {
  Microseconds begin = 0;
  Microseconds end = 0;
};

/// What a process sees of the engine while it advances.
class Context {
 public:
  virtual ~Context() = default;
  /// Enters an event into the causal ledger; returns its id.
  virtual std::int64_t emit(Event event) = 0;
  /// Tells the progress line the current sub-step, who limits it, and the count of wet (busy) cells.
  virtual void report(double step_seconds, const std::string& limiter, Index busy_cells) = 0;
  /// Adds wall seconds to a named part, for --profile.
  virtual void profile(const char* part, double seconds) = 0;
};

/// How much of a state is about to be looked at.
enum class Shown { series, everything };

/// Closure of one conserved quantity at this moment.
struct BudgetLine {
  std::string quantity;  ///< "water"
  std::string unit;      ///< "m3"
  double storage = 0.0;  ///< in the domain now
  double storage_at_start = 0.0;
  double throughput = 0.0;  ///< start + everything that entered: the yardstick of the relative error
  double error = 0.0;       ///< storage - start - booked external amounts ("rounding" excluded)
};

class Process {
 public:
  virtual ~Process() = default;
  /// Fills prognostic, parameter and running fields. Fresh start only.
  virtual void initialise(State& state) const = 0;
  /// Advances from tick.begin to exactly tick.end in the process's own stable sub-steps.
  virtual void advance(State& state, Interval tick, Context& context) const = 0;
  /// Recomputes what is shown and nobody computes with: series columns of tables, and with `everything` also
  /// diagnostic and running fields. Idempotent.
  virtual void observe(State& state, Shown shown) const = 0;
  /// Closure of each conserved quantity this process owns.
  virtual std::vector<BudgetLine> budgets(const State& state) const = 0;
  /// Names of the twin's layers and series that it reads; what no process reads is refused as unused.
  virtual std::vector<std::string> inputs() const { return {}; }
  /// Sentences about this run's set-up for `check` and the log ("311 cells receive 'inflow'").
  virtual std::vector<std::string> describe() const { return {}; }
  /// Estimated first sub-step [s] for `check`; 0 if unknown.
  virtual double first_step(const State&) const { return 0.0; }
};

class Model {
 public:
  virtual ~Model() = default;
  virtual const ModelInfo& info() const = 0;
  /// Resolves names and precomputes geometry. @throws ScenarioError or DataError with a sentence.
  virtual std::unique_ptr<Process> bind(const Twin& twin, const Schema& schema) const = 0;
};

/// One line of the catalogue: a name, the keys of its scenario section, and how to make it.
struct CatalogueEntry {
  std::string name;
  std::string about;
  KeyTable (*keys)();
  std::unique_ptr<Model> (*make)(const Setting& settings);
};

}  // namespace dvinis

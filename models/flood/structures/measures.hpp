#pragma once
/// Measures: what people do to structures, at a time or by a rule.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/settings.hpp"
#include "core/model/model.hpp"
#include "models/flood/structures/placed.hpp"

namespace dvinis::flood {

/// What a rule looks at: `gauge(ogre).level > 22.15 m`.
struct Rule {
  std::string kind;  ///< gauge, section or structure
  std::string place;
  std::string number;  ///< level, depth, discharge, head
  bool is_above = true;
  double threshold = 0.0;  ///< in SI

  /// For people.
  std::string text() const;
};

/// One measure: what is to become of one structure, when, after what preparation and for how much.
struct Measure {
  std::string label;
  std::string structure;
  std::string set;                          ///< as written
  std::optional<double> at = std::nullopt;  ///< [s] since the start
  std::optional<Rule> when = std::nullopt;
  double lasting = 0.0;     ///< [s] for which the rule must hold
  double setup_time = 0.0;  ///< [s] from the decision until it works
  double cost = 0.0;        ///< in the currency of the scenario, each time
  bool repeats = false;     ///< decided again when its rule holds anew and the structure is not so already
  bool is_enabled = true;   ///< else it is checked and left out
  Setting where;
};

KeyTable measure_keys();
/// @throws ScenarioError
Measure read_measure(const Setting& item);
/// Rules that would take turns over one structure without a gap between them.
/// @throws ScenarioError
void refuse_flapping(const std::vector<Measure>& measures);

/// A measure with its structure and the row of what its rule looks at.
struct BoundMeasure {
  Measure measure;
  std::size_t structure = 0;  ///< in PlacedStructures::all
  double target = 0.0;        ///< of what it moves, in SI
  std::size_t observed = 0;  ///< of its rule: row of the gauge or section, structure in PlacedStructures::all
  Cell cell;                 ///< of the gauge
};

/// @throws ScenarioError for places and structures that are not there, or targets that make no sense
std::vector<BoundMeasure> bind_measures(const Twin& twin, const std::vector<Measure>& measures,
                                        const PlacedStructures& structures);

/// The table of measures: a row each.
TableInfo measure_table();
void start_measures(State& state, TableHandle table, const std::vector<BoundMeasure>& measures);

/// The number that the rule of a measure looks at, of the State at hand.
using ObservedNumber = std::function<double(const BoundMeasure&)>;

/// Decides on measures after a sub-step and hands their targets to the structures; decisions become events.
/// @param end  of the sub-step [s], @param dt  its length
void decide(State& state, TableHandle measures, TableHandle structures, const std::vector<BoundMeasure>& all,
            const PlacedStructures& placed, const ObservedNumber& observed, double end, double dt,
            Context& context);

}  // namespace dvinis::flood

#pragma once
/// What a report says, in numbers: read from a results file, without words or layout.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "io/results/results_file.hpp"
#include "viz/words.hpp"

namespace dvinis::viz {

constexpr double not_yet = std::numeric_limits<double>::quiet_NaN();

/// A building that water reaches. Times in seconds since the start, NaN: never.
struct WetBuilding {
  std::string id;
  std::string name;
  double people = not_yet;  ///< NaN where the scenario does not say
  double first_wet = not_yet;
  double deepest = 0.0;        ///< [m]
  double highest_level = 0.0;  ///< [m]
  double unsafe_on_foot = not_yet;
  int hazard_class = 0;
};

struct ClosedRoad {
  std::string id;
  std::string name;
  double closed_from = not_yet;
  double closed_until = not_yet;
  bool is_closed_at_end = false;
  double deepest = 0.0;
};

struct GaugeCrest {
  std::string name;
  double level = 0.0;
  double time = not_yet;  ///< NaN without series
};

struct MeasureTaken {
  std::string name;
  double decided = not_yet;
  double works = not_yet;
  double cost = 0.0;
};

struct Happening {
  double time = 0.0;
  std::string kind;
  std::string subject;
};

struct BalanceLine {
  std::string account;
  double amount = 0.0;  ///< [m3], inward positive
};

/// Something that a reader must know before trusting the numbers: a phrase of the glossary and its values.
struct Caution {
  std::string phrase;
  std::vector<std::string> values;
};

struct Findings {
  Twin twin;  ///< with the words of the language, where the scenario translates them
  std::string zone;
  double end = 0.0;  ///< of the run [s]
  bool is_complete = true;
  std::size_t buildings = 0;
  std::vector<WetBuilding> wet_buildings;  ///< by first wet minute
  bool knows_people = false;
  double people = 0.0;  ///< in wet buildings
  std::size_t roads = 0;
  std::vector<ClosedRoad> closed_roads;  ///< by the time they close
  std::vector<GaugeCrest> gauges;
  std::vector<MeasureTaken> measures;
  std::vector<Happening> happenings;  ///< without single buildings
  double flooded_area = not_yet;      ///< that was dry at the start [m2]
  double stored_at_start = 0.0;       ///< [m3]
  double stored_at_end = 0.0;
  double unaccounted = 0.0;
  bool knows_balance = false;
  std::vector<BalanceLine> balance;
  std::vector<Caution> cautions;
};

Findings find(const ResultsFile& results, Language language, double dry_below);

}  // namespace dvinis::viz

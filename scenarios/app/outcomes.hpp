#pragma once
/// What came of each of several runs of one place, in numbers that planners weigh measures by.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/results/results_file.hpp"

namespace dvinis::app {

/// A result with the name that it goes by in the table.
struct NamedResult {
  std::string name;
  const ResultsFile* results = nullptr;
};

/// One object per result: measures, cost, houses, areas, gauges; what it has no data for is left out.
/// Differences are to the first result.
nlohmann::json outcomes_of(const std::vector<NamedResult>& all);

/// A column per result, a row per number.
void print_outcomes(const nlohmann::json& outcomes);

}  // namespace dvinis::app

#pragma once
/// What the group `/meta` of a results file says, as JSON: the run, its places, its variables, its ledgers.

#include <string>
#include <vector>

#include "core/engine/ports.hpp"
#include "io/results/results_file.hpp"

namespace dvinis {

/// Name, seed, inputs, grid, clock and attribution of a run (everything of Twin but layers and places).
std::string run_text(const Twin& twin);
/// @throws nlohmann::json::exception if the text is damaged
void read_run_text(const std::string& text, Twin& twin);

std::string places_text(const std::vector<Place>& places);
std::vector<Place> read_places_text(const std::string& text);

/// Declarations of the variables of a file.
struct Variables {
  std::vector<ResultField> fields;
  std::vector<TableInfo> tables;
};
std::string variables_text(const Variables& variables);
Variables read_variables_text(const std::string& text);

std::string ledger_text(const State& state);
std::string events_text(const State& state);
std::string summary_text(const RunSummary& summary);

std::string names_text(const std::vector<std::string>& names);
std::vector<std::string> read_names_text(const std::string& text);

}  // namespace dvinis

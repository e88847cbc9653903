#pragma once
/// A twin from a scenario's settings and the files they name.

#include <string>

#include "core/base/log.hpp"
#include "core/base/settings.hpp"
#include "core/twin/twin.hpp"

namespace dvinis {

/// Grid, layers, series, places and provenance (inputs with checksums; version, compiler and threads are the
/// app's) of a validated scenario.
///
/// @param scenario_folder  where the paths of the scenario start
/// @param scenario_text    the file as it was read, for the provenance
/// @throws ScenarioError, DataError or IoError with a sentence, before anything is computed.
Twin build_twin(const Setting& settings, const std::string& scenario_folder, const std::string& scenario_text,
                const Log& log);

}  // namespace dvinis

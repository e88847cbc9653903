#pragma once
/// `run --set key=value`: one more word about a scenario, from the command line.

#include <string>

#include "core/base/settings.hpp"

namespace dvinis {

/// Applies `assignment` of the form "models.flood.courant=0.4" or "places[2].x=12 m"; the value is YAML.
///
/// Maps on the way that do not exist yet are made, items of lists must exist. The node that is set carries
/// `command_line_place`; whether its key is known is for validation to say.
/// @throws UsageError if the assignment cannot be read or leads through a value that is no map or list.
void apply_override(Setting& root, const std::string& assignment);

}  // namespace dvinis

#pragma once
/// The one table of what a scenario may say; `dvinis schema` and the reference page come from it too.

#include <vector>

#include "core/base/settings.hpp"
#include "core/model/model.hpp"

namespace dvinis {

/// Keys of a scenario whose section `models` knows the models of a catalogue.
KeyTable scenario_keys(const std::vector<CatalogueEntry>& models);

}  // namespace dvinis

#pragma once
/// Every model the engine knows, in the order they run.

#include <vector>

#include "core/model/model.hpp"

namespace dvinis {

const std::vector<CatalogueEntry>& catalogue();

}  // namespace dvinis

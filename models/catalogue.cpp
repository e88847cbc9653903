#include "models/catalogue.hpp"

#include "models/flood/flood.hpp"

namespace dvinis {

const std::vector<CatalogueEntry>& catalogue() {
  static const std::vector<CatalogueEntry> entries = {
      {"flood", "two-dimensional shallow water: river, rain and coastal floods", flood::keys, flood::make},
  };
  return entries;
}

}  // namespace dvinis

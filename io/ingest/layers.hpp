#pragma once
/// The section `layers` of a scenario: static rasters from values, files, formulas and areas.

#include <string>

#include "io/ingest/domain.hpp"

namespace dvinis {

/// Adds `bed_elevation` and every layer of the section to the twin.
///
/// `domain_crs` is the CRS that the scenario declares ("local", "EPSG:32756" or empty).
/// A layer starts from `value`, then takes `raster` (or `formula`), then the `areas` in their order; a later
/// one overrides. `bed_elevation` starts from the domain's ground.
/// @throws ScenarioError for an unknown layer without unit, cells left without a value, areas that cover
/// nothing.
void build_layers(const Setting* settings, const std::string& domain_crs, const Domain& domain,
                  IngestContext& context, Twin& twin);

}  // namespace dvinis

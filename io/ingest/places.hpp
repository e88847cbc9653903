#pragma once
/// The section `places` of a scenario: gauges, marks, sources, sections, buildings and areas.

#include <vector>

#include "io/ingest/domain.hpp"

namespace dvinis {

/// Places of one entry, in the file's order, with the cells they cover.
///
///   gauge, mark   the cell that holds the point
///   source        cells whose centre lies within `radius`, or inside the polygon; the point's cell without
///   radius section       the cells that the line crosses building,     cells whose centre lies inside
///   (geometry.hpp); the cell under the middle if the polygon is area          smaller than a cell
///
/// Buildings and areas are cut at the grid's edge; those wholly outside are left out, counted in a warning.
/// Every other place outside is an error, as is a repeated id of one kind.
/// @throws ScenarioError
std::vector<Place> build_places(const Setting& entry, const Domain& domain, IngestContext& context);

/// @throws ScenarioError at the entry whose id was there before.
void require_new_ids(const Setting& entry, const std::vector<Place>& before, const std::vector<Place>& added);

}  // namespace dvinis

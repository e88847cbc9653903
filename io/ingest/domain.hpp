#pragma once
/// The section `domain` of a scenario: grid and ground.

#include <string>
#include <vector>

#include "io/ingest/ingest_context.hpp"

namespace dvinis {

struct Domain {
  Grid grid;
  std::vector<double> bed;  ///< [m], row by row from the south-west; NaN: a wall
  std::string vertical_datum;
  bool nodata_is_wall = false;
  std::string source;  ///< the file or "plain"
};

/// Grid and ground from terrain rasters (cropped to `extent`, resampled to `spacing`) or a plain.
/// @throws ScenarioError for every misfit, nodata without `nodata: wall` among them.
Domain build_domain(const Setting& settings, IngestContext& context);

/// The same ground on the finer cells that the key `subgrid` asks for.
/// @throws ScenarioError unless 2 to 32 of them fill a side of a cell.
Domain finer_domain(const Setting& settings, const Domain& domain, IngestContext& context);

}  // namespace dvinis

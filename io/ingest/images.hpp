#pragma once
/// The section `images` of a scenario: rasters over time on the twin's grid, in SI.

#include <string>

#include "io/ingest/domain.hpp"
#include "io/ingest/ingest_context.hpp"
#include "io/ingest/series.hpp"

namespace dvinis {

/// One series of images: the bands of a raster and a table with the time of each.
/// @throws ScenarioError for another number of times than bands, images that do not cover the domain, a
/// formula that is not understood, images that do not span the run and do not say that they hold.
ImageSeries build_images(const std::string& name, const Setting& settings, const std::string& domain_crs,
                         const Domain& domain, const SeriesFrame& frame, IngestContext& context);

}  // namespace dvinis

#pragma once
/// Ids, geometry and numbers of places as an entry of the scenario or its file gives them.

#include <vector>

#include "io/ingest/domain.hpp"

namespace dvinis {

/// Places of one entry without kind and cells: from a table (.csv, .txt), from features, or written in the
/// entry. Each part of a multi-geometry is a place of its own (id, id/2, ...).
/// @throws ScenarioError naming the word, or file, line and column, that does not fit.
std::vector<Place> read_places(const Setting& entry, const Domain& domain, IngestContext& context);

}  // namespace dvinis

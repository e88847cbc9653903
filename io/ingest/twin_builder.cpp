#include "io/ingest/twin_builder.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "io/ingest/crs.hpp"
#include "io/ingest/images.hpp"
#include "io/ingest/ingest_context.hpp"
#include "io/ingest/layers.hpp"
#include "io/ingest/places.hpp"
#include "io/ingest/series.hpp"

namespace dvinis {

namespace {

void describe_ground(const Domain& domain, const Log& log) {
  double lowest = INFINITY;
  double highest = -INFINITY;
  for (const double elevation : domain.bed) {
    if (std::isnan(elevation)) continue;
    lowest = std::min(lowest, elevation);
    highest = std::max(highest, elevation);
  }
  log.info("domain: {} x {} cells of {} m in {}, {}; ground from {:.3f} to {:.3f} m above {}", domain.grid.nx,
           domain.grid.ny, domain.grid.spacing, crs_name(domain.grid.crs_wkt), extent_text(domain.grid),
           lowest, highest, domain.vertical_datum);
}

SeriesFrame frame_of(const Setting& time, Twin& twin) {
  const Setting& start = time.at("start");
  twin.start_utc = at_place(start, [&] { return parse_utc(start.scalar); });
  const Setting* offset = given(time, "display_offset");
  if (offset != nullptr)
    twin.display_offset_minutes = static_cast<int>(std::lround(quantity_of(*offset, "s") / 60.0));
  return {quantity_of(time.at("duration"), "s"), twin.start_utc, twin.vertical_datum};
}

void fill_provenance(const Setting& settings, const std::string& scenario_text, const IngestContext& context,
                     Provenance& provenance) {
  provenance.scenario_name = text_of(settings, "scenario");
  provenance.about = text_of(settings, "about");
  provenance.scenario_text = scenario_text;
  provenance.attribution = text_of(settings, "attribution");
  provenance.label = text_of(settings, "label");
  const Setting* seed = given(settings, "seed");
  if (seed != nullptr) provenance.seed = static_cast<std::uint64_t>(std::llround(quantity_of(*seed, "1")));
  provenance.inputs = context.inputs();
}

void build_all_places(const Setting& settings, const Domain& domain, IngestContext& context, Twin& twin) {
  const Setting* places = given(settings, "places");
  if (places == nullptr) return;
  for (const Setting& entry : places->items) {
    std::vector<Place> added = build_places(entry, domain, context);
    require_new_ids(entry, twin.places, added);
    twin.places.insert(twin.places.end(), std::make_move_iterator(added.begin()),
                       std::make_move_iterator(added.end()));
  }
}

}  // namespace

Twin build_twin(const Setting& settings, const std::string& scenario_folder, const std::string& scenario_text,
                const Log& log) {
  IngestContext context(scenario_folder, log);
  Twin twin;
  const Setting& domain_settings = settings.at("domain");
  const Domain domain = build_domain(domain_settings, context);
  describe_ground(domain, log);
  twin.grid = domain.grid;
  twin.vertical_datum = domain.vertical_datum;
  const SeriesFrame frame = frame_of(settings.at("time"), twin);

  const std::string declared_crs = domain.grid.crs_wkt.empty() ? "local" : text_of(domain_settings, "crs");
  build_layers(given(settings, "layers"), declared_crs, domain, context, twin);
  if (const Setting* series = given(settings, "series")) {
    for (const auto& [name, entry] : series->members)
      twin.series[name] = build_series(name, entry, frame, context);
  }
  if (const Setting* images = given(settings, "images")) {
    for (const auto& [name, entry] : images->members)
      twin.images[name] = build_images(name, entry, declared_crs, domain, frame, context);
  }
  build_all_places(settings, domain, context, twin);
  if (given(domain_settings, "subgrid") != nullptr) {
    const Domain finer = finer_domain(domain_settings, domain, context);
    auto finer_twin = std::make_shared<Twin>();
    finer_twin->grid = finer.grid;
    finer_twin->vertical_datum = finer.vertical_datum;
    build_layers(given(settings, "layers"), declared_crs, finer, context, *finer_twin);
    build_all_places(settings, finer, context, *finer_twin);
    twin.finer = std::move(finer_twin);
  }
  fill_provenance(settings, scenario_text, context, twin.provenance);
  return twin;
}

}  // namespace dvinis

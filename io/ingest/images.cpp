#include "io/ingest/images.hpp"

#include <algorithm>
#include <cmath>

#include "io/ingest/formula.hpp"
#include "io/ingest/raster.hpp"
#include "io/ingest/units.hpp"

namespace dvinis {

namespace {

/// Values of one band on the grid; where the files have none they are zero if the scenario says so.
std::vector<double> read_band(const Setting& settings, int band, const std::string& domain_crs,
                              const Domain& domain, IngestContext& context, Index& missing) {
  const Setting& raster = settings.at("raster");
  RasterOptions options;
  options.crs = domain_crs;
  options.band = band;
  const Setting* resampling = given(settings, "resampling");
  const bool is_smooth = resampling != nullptr && resampling->scalar == "bilinear";
  options.resampling = is_smooth ? Resampling::bilinear : Resampling::nearest;
  const std::string path = context.path(raster.scalar);
  RasterValues read = at_place(raster, [&] { return read_rasters({path}, domain.grid, options); });
  if (band == 1) context.note_files(read.files);
  missing += read.holes;
  if (read.holes > 0 && given(settings, "no_data") == nullptr) {
    throw raster.error(
        fmt::format("band {}: {}; images must cover the domain; write `no_data: zero` where no "
                    "value means none",
                    band, describe_holes(domain.grid, read)));
  }
  return std::move(read.values);
}

}  // namespace

ImageSeries build_images(const std::string& name, const Setting& settings, const std::string& domain_crs,
                         const Domain& domain, const SeriesFrame& frame, IngestContext& context) {
  ImageSeries series;
  series.name = name;
  const Setting& unit = settings.at("unit");
  series.unit = at_place(unit, [&] { return si_unit(unit.scalar); });
  const UnitConversion to_si = at_place(unit, [&] { return unit_conversion(unit.scalar, series.unit); });
  const Setting& times = settings.at("times");
  const std::string times_path = context.path(times.scalar);
  const CsvTable table = at_place(times, [&] { return read_csv(times_path, dialect_of(settings)); });
  context.note_file(times_path);
  series.seconds = times_of(settings, table, frame);
  required_span(settings, frame, series.seconds, times_path);
  const Setting* between = given(settings, "between");
  series.between = between != nullptr && between->scalar == "step" ? Between::step : Between::line;
  series.source = context.path(settings.at("raster").scalar);
  const int bands = at_place(settings.at("raster"), [&] { return band_count(series.source); });
  if (static_cast<std::size_t>(bands) != series.seconds.size()) {
    throw times.error(fmt::format("has {} times, but {} has {} bands; there must be one for each",
                                  series.seconds.size(), series.source, bands));
  }
  const Setting* formula = given(settings, "formula");
  Index missing = 0;
  for (int band = 1; band <= bands; ++band) {
    std::vector<double> values = read_band(settings, band, domain_crs, domain, context, missing);
    if (formula != nullptr)
      values = at_place(*formula, [&] { return converted_values(formula->scalar, values); });
    Field image(ElementType::float32, domain.grid.nx, domain.grid.ny);
    const View<float> view = image.view<float>();
    for (Index k = 0; k < domain.grid.cells(); ++k) {
      const double value = values[static_cast<std::size_t>(k)];
      view(k % domain.grid.nx, k / domain.grid.nx) =
          std::isnan(value) ? 0.0f : static_cast<float>(to_si(value));
    }
    series.images.push_back(std::move(image));
  }
  if (missing > 0)
    context.log().warn("images {}: {} of {} values are missing and count as zero", name, missing,
                       domain.grid.cells() * bands);
  context.log().info("images {}: {} from {} to {} s", name, bands, series.seconds.front(),
                     series.seconds.back());
  return series;
}

}  // namespace dvinis

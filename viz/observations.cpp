#include "viz/observations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/quantity.hpp"
#include "io/ingest/csv.hpp"

namespace dvinis::viz {
namespace {

/// "ch5_cm" to place and unit.
std::pair<std::string, std::string> split_column(const CsvTable& table, const std::string& name) {
  const std::size_t bar = name.rfind('_');
  if (bar == std::string::npos || bar == 0 || bar + 1 == name.size()) {
    throw DataError(fmt::format("{}: column '{}' names no unit; call it '{}_m' or as its unit is",
                                table.file(), name, name));
  }
  return {name.substr(0, bar), name.substr(bar + 1)};
}

std::size_t time_column(const CsvTable& table) {
  for (std::size_t k = 0; k < table.header().size(); ++k) {
    if (table.header()[k].starts_with("time_")) return k;
  }
  throw DataError(fmt::format("{}: no column is called 'time_' and a unit, such as 'time_s'", table.file()));
}

}  // namespace

std::vector<MeasuredSeries> read_measured(const std::string& path) {
  const CsvTable table = read_csv(path, {});
  const std::size_t time = time_column(table);
  const UnitConversion to_seconds = unit_conversion(split_column(table, table.header()[time]).second, "s");
  std::vector<MeasuredSeries> result;
  for (std::size_t column = 0; column < table.header().size(); ++column) {
    if (column == time) continue;
    const auto [place, unit] = split_column(table, table.header()[column]);
    MeasuredSeries series{place, unit, {}, {}};
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.text(row, column).empty()) continue;
      series.times.push_back(table.number(row, time) * to_seconds.factor + to_seconds.offset);
      series.values.push_back(table.number(row, column));
    }
    result.push_back(std::move(series));
  }
  return result;
}

void lay_over(PlotSheet& sheet, const std::vector<MeasuredSeries>& measured, const std::string& file) {
  for (const MeasuredSeries& series : measured) {
    const auto curve = std::find_if(sheet.curves.begin(), sheet.curves.end(),
                                    [&series](const Curve& each) { return each.id == series.place; });
    if (curve == sheet.curves.end()) {
      std::string known;
      for (const Curve& each : sheet.curves) known += (known.empty() ? "" : ", ") + each.id;
      throw DataError(fmt::format("{}: column '{}_{}' belongs to no place of this plot; there are {}", file,
                                  series.place, series.unit, known));
    }
    const UnitConversion conversion = unit_conversion(series.unit, sheet.unit);
    curve->observed_times = series.times;
    curve->observed_values.clear();
    for (const double value : series.values)
      curve->observed_values.push_back(value * conversion.factor + conversion.offset);
  }
}

}  // namespace dvinis::viz

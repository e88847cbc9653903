#include "io/ingest/series.hpp"

#include <utility>

#include "core/base/quantity.hpp"
#include "io/ingest/units.hpp"

namespace dvinis {

namespace {

Series constant_series(const std::string& name, const Setting& value) {
  const SiQuantity quantity = at_place(value, [&] { return quantity_in_si(value.scalar); });
  Series series;
  series.name = name;
  series.unit = quantity.unit;
  series.seconds = {0.0};
  series.values = {quantity.value};
  series.holds_after_end = true;
  series.holds_before_start = true;
  series.source = value.scalar;
  return series;
}

const Setting& needed(const Setting& settings, const char* key, const char* advice) {
  const Setting* member = given(settings, key);
  if (member == nullptr) throw settings.error(fmt::format("`{}` is missing: {}", key, advice));
  return *member;
}

/// An instant as agencies write it, "2026.10.07 23:00:00", as ISO 8601 in a zone.
std::string zoned(std::string text, const std::string& zone) {
  if (zone.empty()) return text;
  if (text.size() < 16) return text;
  for (const std::size_t k : {std::size_t{4}, std::size_t{7}}) {
    if (text[k] == '.') text[k] = '-';
  }
  if (text[10] == ' ') text[10] = 'T';
  if (text.size() == 16) text += ":00";
  return text + (zone == "UTC" ? "Z" : zone);
}

/// Seconds since the start of the run for instants, those without a zone of their own in `zone`.
std::vector<double> seconds_of_instants(const CsvTable& table, std::size_t column, std::int64_t start_utc,
                                        const std::string& zone) {
  std::vector<double> seconds;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    try {
      seconds.push_back(static_cast<double>(parse_utc(zoned(table.text(row, column), zone)) - start_utc));
    } catch (const DataError& error) {
      throw DataError(
          fmt::format("{}: {}; for times as numbers write `time_unit: s`, for a zone that the table does "
                      "not name `time_zone: UTC`",
                      table.place(row, column), error.what()));
    }
    if (row > 0 && !(seconds[row] > seconds[row - 1])) {
      throw DataError(fmt::format("{}: {} does not come after {} in the row before; times must increase",
                                  table.place(row, column), table.text(row, column),
                                  table.text(row - 1, column)));
    }
  }
  return seconds;
}

bool is_held(const Setting& settings, const char* key) {
  const Setting* member = given(settings, key);
  if (member == nullptr || member->scalar == "error") return false;
  if (member->scalar == "hold") return true;
  throw member->error(fmt::format("'{}' is not known; allowed is hold", member->scalar));
}

}  // namespace

std::vector<double> times_of(const Setting& settings, const CsvTable& table, const SeriesFrame& frame) {
  const Setting& time = needed(settings, "time", "the name of the column of times");
  return at_place(time, [&] {
    const std::size_t column = table.column(time.scalar);
    const Setting* time_unit = given(settings, "time_unit");
    const Setting* zone = given(settings, "time_zone");
    if (time_unit != nullptr && zone != nullptr)
      throw zone->error("belongs to instants; these times count from the start of the run");
    if (time_unit == nullptr)
      return seconds_of_instants(table, column, frame.start_utc, zone == nullptr ? "" : zone->scalar);
    return increasing_numbers(table, column, unit_conversion(time_unit->scalar, "s"));
  });
}

Holds required_span(const Setting& settings, const SeriesFrame& frame, const std::vector<double>& seconds,
                    const std::string& source) {
  // A run may end a rounding error after its series: a microsecond is the clock's own unit.
  constexpr double slack = 1e-6;
  const Holds holds = {is_held(settings, "before_start"), is_held(settings, "after_end")};
  if (!holds.before_start && seconds.front() > slack) {
    throw settings.error(
        fmt::format("the series in {} starts {} s after the run does; give it a value at the start, or write "
                    "`before_start: hold`",
                    source, seconds.front()));
  }
  if (!holds.after_end && seconds.back() < frame.run_seconds - slack) {
    throw settings.error(
        fmt::format("the series in {} ends at {} s but the run lasts {} s; lengthen the series, shorten the "
                    "run, or write "
                    "`after_end: hold` to keep its last value",
                    source, seconds.back(), frame.run_seconds));
  }
  return holds;
}

namespace {

/// Turns sums over intervals into the rates of these intervals. `is_before`: a sum belongs to the interval
/// that ends at its time, else to the one that begins there; the interval without a second end is as long as
/// the next one. After the last of them nothing comes.
void spread_sums(const Setting& sums, bool is_before, Series& series) {
  std::vector<double>& seconds = series.seconds;
  if (seconds.size() < 2) throw sums.error("sums need at least two times, which say how long they last");
  if (is_before) {
    seconds.insert(seconds.begin(), seconds[0] - (seconds[1] - seconds[0]));
  } else {
    seconds.push_back(seconds.back() + (seconds.back() - seconds[seconds.size() - 2]));
  }
  for (std::size_t k = 0; k < series.values.size(); ++k) series.values[k] /= seconds[k + 1] - seconds[k];
  series.values.push_back(0.0);
  series.unit += " s-1";
  series.between = Between::step;
}

/// Keeps the rows that `where` asks for.
void keep_wanted_rows(const Setting& settings, CsvTable& table) {
  const Setting* where = given(settings, "where");
  if (where == nullptr) return;
  for (const Setting& condition : where->items) {
    const std::size_t equals = condition.scalar.find('=');
    if (equals == std::string::npos || equals == 0)
      throw condition.error(fmt::format("'{}' is not of the form column=value", condition.scalar));
    at_place(condition, [&] {
      table.keep_rows(condition.scalar.substr(0, equals), condition.scalar.substr(equals + 1));
    });
  }
}

/// Levels become discharges, in a line between the points of the curve. @throws beyond its ends
void rate(const Setting& rating, Series& series) {
  if (series.unit != "m")
    throw rating.error(fmt::format("a rating curve takes levels, not '{}'", series.unit));
  std::vector<std::pair<double, double>> curve;
  for (const Setting& point : rating.items) {
    const double level = quantity_of(point.at("level"), "m");
    const double discharge = quantity_of(point.at("discharge"), "m3 s-1");
    if (!curve.empty() && !(level > curve.back().first && discharge >= curve.back().second))
      throw point.error("a rating curve rises: write its points upward");
    curve.emplace_back(level, discharge);
  }
  if (curve.size() < 2) throw rating.error("a rating curve needs at least two points");
  for (double& value : series.values) {
    if (value < curve.front().first || value > curve.back().first) {
      throw rating.error(fmt::format("a level of {} m in {} lies outside the curve, {} m to {} m", value,
                                     series.source, curve.front().first, curve.back().first));
    }
    std::size_t k = 1;
    while (k + 1 < curve.size() && value > curve[k].first) ++k;
    const auto& [level, discharge] = curve[k - 1];
    const auto& [next_level, next_discharge] = curve[k];
    value = discharge + (value - level) / (next_level - level) * (next_discharge - discharge);
  }
  series.unit = "m3 s-1";
}

Series column_series(const std::string& name, const Setting& settings, const SeriesFrame& frame,
                     IngestContext& context) {
  const Setting& file = settings.at("file");
  const Setting& value = needed(settings, "value", "the name of the column of values");
  const Setting& unit = needed(settings, "unit", "the unit of the values, e.g. `unit: m3/s`");
  const std::string path = context.path(file.scalar);
  const CsvDialect dialect = dialect_of(settings);
  CsvTable table = at_place(file, [&] { return read_csv(path, dialect); });
  context.note_file(path);
  keep_wanted_rows(settings, table);

  Series series;
  series.name = name;
  series.source = path;
  series.unit = at_place(unit, [&] { return si_unit(unit.scalar); });
  const UnitConversion to_si = at_place(unit, [&] { return unit_conversion(unit.scalar, series.unit); });
  series.seconds = times_of(settings, table, frame);
  at_place(value, [&] {
    const std::size_t column = table.column(value.scalar);
    for (std::size_t row = 0; row < table.rows(); ++row)
      series.values.push_back(to_si(table.number(row, column)));
  });
  if (const Setting* zero = given(settings, "zero")) {
    const double level = quantity_of(*zero, "m");
    if (series.unit != "m")
      throw zero->error(fmt::format("only levels count from a zero, not '{}'", series.unit));
    for (double& each : series.values) each += level;
  }
  if (const Setting* rating = given(settings, "rating")) rate(*rating, series);
  if (const Setting* sums = given(settings, "sums")) spread_sums(*sums, sums->scalar == "before", series);
  const Holds holds = required_span(settings, frame, series.seconds, series.source);
  series.holds_before_start = holds.before_start;
  series.holds_after_end = holds.after_end;
  return series;
}

}  // namespace

Series build_series(const std::string& name, const Setting& settings, const SeriesFrame& frame,
                    IngestContext& context) {
  if (settings.is_scalar()) return constant_series(name, settings);
  require_datum(settings, frame.vertical_datum);
  if (given(settings, "file") != nullptr) return column_series(name, settings, frame, context);
  for (const char* key : {"time", "time_unit", "time_zone", "where", "unit", "zero", "rating", "sums",
                          "after_end", "before_start", "delimiter", "decimal", "encoding"}) {
    const Setting* unused = given(settings, key);
    if (unused != nullptr)
      throw unused->error("belongs to a series from a file; a constant has only `value: 19.7 m3/s`");
  }
  return constant_series(
      name, needed(settings, "value", "a constant such as `value: 19.7 m3/s`, or a file's column"));
}

}  // namespace dvinis

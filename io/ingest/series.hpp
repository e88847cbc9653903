#pragma once
/// The section `series` of a scenario: constants and columns of tables, in SI.

#include <cstdint>
#include <string>
#include <vector>

#include "io/ingest/ingest_context.hpp"

namespace dvinis {

/// The span that series must cover and the datum their levels stand on.
struct SeriesFrame {
  double run_seconds = 0.0;    ///< length of the run
  std::int64_t start_utc = 0;  ///< seconds since 1970 at its start
  std::string vertical_datum;
};

/// Seconds since the start of the run, from the column `time` of a table and its `time_unit`.
std::vector<double> times_of(const Setting& settings, const CsvTable& table, const SeriesFrame& frame);

/// Whether the nearest value holds beyond the first and the last time.
struct Holds {
  bool before_start = false;
  bool after_end = false;
};
/// `before_start` and `after_end` of a series. @throws ScenarioError if it does not span the run without.
Holds required_span(const Setting& settings, const SeriesFrame& frame, const std::vector<double>& seconds,
                    const std::string& source);

/// One series. A constant is `value: 19.7 m3/s`; a column is `file`, `value` (its name), `unit`, `time` (a
/// column) and `time_unit`, without which the times are instants such as 2007-06-08T04:00:00Z (or without a
/// zone, which `time_zone` names then). `where` picks rows, `zero` is added to levels, `rating` makes
/// discharges of them. With `sums` the values are sums over intervals and become rates.
/// @throws ScenarioError for a column that is not there, a text that is no number, times that do not
/// increase, a series that does not span the run and does not say `before_start: hold` or `after_end: hold`.
Series build_series(const std::string& name, const Setting& settings, const SeriesFrame& frame,
                    IngestContext& context);

}  // namespace dvinis

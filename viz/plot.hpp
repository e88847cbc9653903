#pragma once
/// Curves over time and comparisons with what was observed. Needs no display.

#include <optional>
#include <string>
#include <vector>

#include "viz/page.hpp"
#include "viz/scale.hpp"

namespace dvinis::viz {

/// One station: its curve and, where there is one, the value observed there.
struct Curve {
  std::string name;
  std::vector<double> values;               ///< per time, NaN where unknown
  std::optional<double> observed;           ///< a surveyed level, drawn as a dashed line
  std::vector<double> observed_times = {};  ///< a measured series, drawn as points
  std::vector<double> observed_values = {};
  std::string id = {};  ///< of the place
};

/// What a plot shows, all in SI.
struct PlotSheet {
  PageText text;
  std::string quantity;       ///< "water level"
  std::string unit;           ///< udunits spelling
  std::string time_origin;    ///< "2007-06-08 14:00 (UTC+10:00)"
  std::vector<double> times;  ///< [s]
  std::vector<Curve> curves;
  std::string column;  ///< name of the table's column
  std::string remark;  ///< small text in the legend, may be empty
};

Canvas draw_plot(const PlotSheet& sheet, int pixels);

/// One row per station with an observed value: computed and observed on one axis, their difference in words.
struct ComparisonSheet {
  PageText text;
  std::string quantity;
  std::string unit;
  struct Row {
    std::string name;
    double computed = 0.0;
    double observed = 0.0;
  };
  std::vector<Row> rows;
};

Canvas draw_comparison(const ComparisonSheet& sheet, int pixels);

}  // namespace dvinis::viz

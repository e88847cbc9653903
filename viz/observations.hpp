#pragma once
/// Measured series laid over computed ones.

#include <string>
#include <vector>

#include "viz/plot.hpp"

namespace dvinis::viz {

/// One column of a file of measurements.
struct MeasuredSeries {
  std::string place;           ///< id of the place
  std::string unit;            ///< of the values, as the header says
  std::vector<double> times;   ///< [s since the start of the run]
  std::vector<double> values;  ///< in `unit`
};

/// Reads a CSV file whose header names units: `time_s,ch5_cm,ch7_cm`; empty fields are gaps.
/// @throws DataError for a column without a known unit, or a file without a time column.
std::vector<MeasuredSeries> read_measured(const std::string& path);

/// Gives each measured series to the curve of its place. @throws DataError for a place that has no curve.
void lay_over(PlotSheet& sheet, const std::vector<MeasuredSeries>& measured, const std::string& file);

}  // namespace dvinis::viz

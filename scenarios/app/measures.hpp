#pragma once
/// Numbers that compare a run with what was observed. Pure functions; NaN in gives NaN out.

#include <cstddef>
#include <vector>

namespace dvinis::app {

/// Values over time, both of the same length, times strictly increasing [s].
struct Record {
  std::vector<double> times;
  std::vector<double> values;
};

/// Root of the mean of squared differences. @return NaN for empty input or any NaN.
double root_mean_square(const std::vector<double>& differences);
double mean_absolute(const std::vector<double>& differences);
/// Largest absolute value.
double largest_absolute(const std::vector<double>& differences);

/// Linear between the record's times; NaN outside them.
double interpolated(const Record& record, double time);

/// computed(t) - observed(t) at every observed time within the computed record.
std::vector<double> differences(const Record& computed, const Record& observed);

struct Crest {
  double value = 0.0;
  double time = 0.0;
};

/// Highest value and its time (the first, where several are equal). @return NaNs if the record holds no
/// number.
Crest crest(const Record& record);

/// The part of a record with from <= time <= to.
Record within(const Record& record, double from, double to);

/// Place of one value among all from the smallest, counting from 1; equal values share the better place.
/// @return NaN if the value itself is NaN; other NaNs count as larger than everything.
double rank(const std::vector<double>& values, std::size_t which);

}  // namespace dvinis::app

#include "scenarios/app/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/grid/parallel.hpp"

namespace dvinis::app {

namespace {
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
}

double root_mean_square(const std::vector<double>& differences) {
  if (differences.empty()) return nothing;
  Sum squares;
  for (const double difference : differences) squares.add(difference * difference);
  return std::sqrt(squares.value() / static_cast<double>(differences.size()));
}

double mean_absolute(const std::vector<double>& differences) {
  if (differences.empty()) return nothing;
  Sum sum;
  for (const double difference : differences) sum.add(std::abs(difference));
  return sum.value() / static_cast<double>(differences.size());
}

double largest_absolute(const std::vector<double>& differences) {
  if (differences.empty()) return nothing;
  double largest = 0.0;
  for (const double difference : differences) {
    if (std::isnan(difference)) return nothing;
    largest = std::max(largest, std::abs(difference));
  }
  return largest;
}

double interpolated(const Record& record, double time) {
  if (record.times.empty() || time < record.times.front() || time > record.times.back()) return nothing;
  const auto after = std::upper_bound(record.times.begin(), record.times.end(), time);
  const auto k = static_cast<std::size_t>(after - record.times.begin());
  if (k == record.times.size()) return record.values.back();
  const double share = (time - record.times[k - 1]) / (record.times[k] - record.times[k - 1]);
  return share == 0.0 ? record.values[k - 1]
                      : record.values[k - 1] + share * (record.values[k] - record.values[k - 1]);
}

std::vector<double> differences(const Record& computed, const Record& observed) {
  std::vector<double> result;
  if (computed.times.empty()) return result;
  for (std::size_t k = 0; k < observed.times.size(); ++k) {
    const double time = observed.times[k];
    if (time < computed.times.front() || time > computed.times.back()) continue;
    result.push_back(interpolated(computed, time) - observed.values[k]);
  }
  return result;
}

Crest crest(const Record& record) {
  Crest best{nothing, nothing};
  for (std::size_t k = 0; k < record.values.size(); ++k) {
    if (std::isnan(record.values[k]) || best.value >= record.values[k]) continue;
    best = {record.values[k], record.times[k]};
  }
  return best;
}

Record within(const Record& record, double from, double to) {
  Record part;
  for (std::size_t k = 0; k < record.times.size(); ++k) {
    if (record.times[k] < from || record.times[k] > to) continue;
    part.times.push_back(record.times[k]);
    part.values.push_back(record.values[k]);
  }
  return part;
}

double rank(const std::vector<double>& values, std::size_t which) {
  if (std::isnan(values[which])) return nothing;
  const auto smaller =
      std::count_if(values.begin(), values.end(), [&](double value) { return value < values[which]; });
  return static_cast<double>(smaller + 1);
}

}  // namespace dvinis::app

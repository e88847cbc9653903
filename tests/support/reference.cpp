#include "tests/support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <sstream>
#include <stdexcept>

namespace dvinis::test {

namespace {
constexpr double g = 9.81;
}

const std::vector<double>& ReferenceTable::column(const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::runtime_error("reference table has no column " + name);
  return columns[static_cast<std::size_t>(found - names.begin())];
}

double ReferenceTable::at(const std::string& name, double first) const {
  const std::vector<double>& x = columns.front();
  const std::vector<double>& y = column(name);
  auto after = std::upper_bound(x.begin(), x.end(), first);
  after = std::clamp(after, x.begin() + 1, x.end() - 1);
  const auto k = static_cast<std::size_t>(after - x.begin());
  return y[k - 1] + (first - x[k - 1]) / (x[k] - x[k - 1]) * (y[k] - y[k - 1]);
}

ReferenceTable read_reference(const std::string& path) {
  const char* root = std::getenv("DVINIS_SOURCE_DIR");
  const std::string full = std::string(root == nullptr ? "." : root) + "/tests/reference/" + path;
  std::ifstream file(full);
  if (!file) throw std::runtime_error("cannot read " + full);
  ReferenceTable table;
  std::string line;
  std::getline(file, line);
  std::stringstream header(line);
  for (std::string cell; std::getline(header, cell, ',');) table.names.push_back(cell);
  table.columns.resize(table.names.size());
  while (std::getline(file, line)) {
    std::stringstream row(line);
    std::string cell;
    for (std::vector<double>& column : table.columns) {
      if (!std::getline(row, cell, ',')) throw std::runtime_error("short line in " + full);
      column.push_back(std::stod(cell));
    }
  }
  return table;
}

double ritter_depth(double distance, double depth_left, double time) {
  const double c = std::sqrt(g * depth_left);
  if (distance <= -c * time) return depth_left;
  if (distance >= 2.0 * c * time) return 0.0;
  const double part = c - distance / (2.0 * time);
  return 4.0 / (9.0 * g) * part * part;
}

double stoker_depth(double distance, double depth_left, double depth_right, double time) {
  const double c_left = std::sqrt(g * depth_left);
  const auto residual = [&](double c) {
    const double c2 = c * c;
    const double right = g * depth_right;
    return -8.0 * right * c2 * (c_left - c) * (c_left - c) + (c2 - right) * (c2 - right) * (c2 + right);
  };
  double low = std::sqrt(g * depth_right);
  double high = c_left;
  for (int k = 0; k < 200; ++k) {
    const double middle = 0.5 * (low + high);
    (residual(low) * residual(middle) <= 0.0 ? high : low) = middle;
  }
  const double c = low;
  const double shock = 2.0 * c * c * (c_left - c) / (c * c - g * depth_right);
  if (distance <= -c_left * time) return depth_left;
  if (distance <= time * (2.0 * c_left - 3.0 * c)) {
    const double part = c_left - distance / (2.0 * time);
    return 4.0 / (9.0 * g) * part * part;
  }
  return distance <= shock * time ? c * c / g : depth_right;
}

namespace {
constexpr double bowl_depth = 0.1;
constexpr double bowl_shift = 0.5;
const double bowl_rate = std::sqrt(2.0 * g * bowl_depth);
}  // namespace

double thacker_bed(double x, double y) {
  return -bowl_depth * (1.0 - (x - 2.0) * (x - 2.0) - (y - 2.0) * (y - 2.0));
}

double thacker_planar_depth(double x, double y, double time) {
  const double phase = bowl_rate * time;
  const double level = bowl_shift * bowl_depth *
                       (2.0 * (x - 2.0) * std::cos(phase) + 2.0 * (y - 2.0) * std::sin(phase) - bowl_shift);
  return std::max(0.0, level - thacker_bed(x, y));
}

double thacker_planar_period() { return 2.0 * std::numbers::pi / bowl_rate; }
double thacker_planar_velocity_y_at_start() { return bowl_shift * bowl_rate; }

}  // namespace dvinis::test

#pragma once
/// Reference numbers: tables shipped in tests/reference and the closed forms behind them.

#include <string>
#include <vector>

namespace dvinis::test {

/// A numeric CSV with one header line.
struct ReferenceTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;

  const std::vector<double>& column(const std::string& name) const;
  /// Linear in the first column, extended beyond its ends.
  double at(const std::string& name, double first) const;
};

/// Reads tests/reference/<path>. @throws std::runtime_error if it is missing or malformed.
ReferenceTable read_reference(const std::string& path);

/// Depth of Ritter's dam break on a dry bed, see tests/reference/flood-analytic/PROVENANCE.md.
double ritter_depth(double distance, double depth_left, double time);

/// Depth of Stoker's dam break on a wet bed.
double stoker_depth(double distance, double depth_left, double depth_right, double time);

/// Depth of Thacker's planar surface rotating in a paraboloid (a = 1, h0 = 0.1, eta = 0.5, centre (2, 2)).
double thacker_planar_depth(double x, double y, double time);
double thacker_bed(double x, double y);
double thacker_planar_period();
double thacker_planar_velocity_y_at_start();

}  // namespace dvinis::test

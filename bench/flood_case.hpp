#pragma once
/// Cases of the flood's speed figures, set up through the public seam: catalogue, settings, simulation.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"

namespace dvinis::bench {

using Shape = std::function<double(double x, double y)>;

struct FloodCase {
  Index nx = 0;
  Index ny = 0;
  double spacing = 1.0;  ///< [m]
  double west = 0.0;     ///< [m]
  double south = 0.0;    ///< [m]
  Shape bed;             ///< [m]
  Shape level;           ///< initial water level [m]; below the bed means dry
  double roughness = 0.0;
  std::vector<std::string> wanted;                            ///< running maxima to keep
  std::vector<std::pair<std::string, std::string>> settings;  ///< keys of models.flood, as in a scenario
  int tracers = 0;                                            ///< how many go with the water
};

/// Radial dam break on a square of 10 km: 10 m of water within 2500 m, 2 m around.
FloodCase radial_dam_break(Index cells_a_side, const std::string& precision);

/// Dam break over three mounds, 75 m by 30 m at 0.075 m: 1.875 m of water for x < 16 m, dry elsewhere.
FloodCase three_mounds(const std::string& precision);

/// The six running fields of a full forecast.
std::vector<std::string> all_maxima();

/// A case bound to the engine; `run_to` may be called again and again.
class FloodRun {
 public:
  explicit FloodRun(const FloodCase& definition);
  ~FloodRun();
  /// Totals of this stretch alone.
  RunSummary run_to(double seconds);
  const State& state() const;
  const Grid& grid() const;
  const Schema& schema() const;
  /// Depth of one cell [m].
  double depth(Index i, Index j) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// CPU seconds of `steps` sweeps of the kernel over a fully wet run's state in single precision, without
/// tiles that sleep, time steps, ledger or reports read: whole columns of windows from south to north, one
/// thread.
double bare_sweep_seconds(const FloodRun& run, int steps);

}  // namespace dvinis::bench

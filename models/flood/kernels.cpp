// Compiled once per instruction set (DVINIS_KERNEL_LEVEL = v2, v3, v4). Only internal linkage here except the
// one table at the end; see physics.hpp for the reason.

#include "models/flood/inertial_sweep.hpp"
#include "models/flood/window_sweep.hpp"

#define DVINIS_JOIN_(a, b) a##b
#define DVINIS_JOIN(a, b) DVINIS_JOIN_(a, b)

namespace dvinis::flood {
namespace {

template <class Real>
void advance(const Sweep<Real>& sweep, const Window& window) {
  WindowSweep<Real>(sweep, window).run();
}

template <class Real>
void advance_inertial(const Sweep<Real>& sweep, const Window& window) {
  InertialSweep<Real>(sweep, window).run();
}

template <class Real>
void record(const Arrays<Real>& arrays, Real film, const RecordNumbers& numbers, const Window& window) {
  using Pack = Lanes<Real>;
  const Tiling tiling{arrays.nx, arrays.ny};
  for (Index row = window.row; row < window.row + window.rows; ++row) {
    for (Index column = window.column; column < window.column + window.columns; ++column) {
      const Tile tile = tiling.tile(row * tiling.columns() + column);
      for (Index j = tile.j0; j < tile.j1; ++j) {
        for (Index i = tile.i0; i < tile.i1; i += Pack::size) {
          const Index k = j * arrays.pitch + i;
          Pack depth = Pack::load(arrays.depth + k);
          depth.clear_from(tile.i1 - i);
          if (!any(depth > Pack(0))) continue;
          const Pack per_depth = inverse_depth(depth, Pack(film));
          const Pack u = Pack::load(arrays.discharge_x + k) * per_depth;
          const Pack v = Pack::load(arrays.discharge_y + k) * per_depth;
          record_cells(arrays.running, numbers, j * arrays.running.pitch + i, narrowed(depth),
                       narrowed(speed_of(u, v)));
        }
      }
    }
  }
}

}  // namespace

extern const Kernels<float> DVINIS_JOIN(kernels_float_, DVINIS_KERNEL_LEVEL);
extern const Kernels<double> DVINIS_JOIN(kernels_double_, DVINIS_KERNEL_LEVEL);
const Kernels<float> DVINIS_JOIN(kernels_float_, DVINIS_KERNEL_LEVEL) = {
    window_columns<float>, fast_window_columns<float>, advance<float>, advance_inertial<float>,
    record<float>};
const Kernels<double> DVINIS_JOIN(kernels_double_, DVINIS_KERNEL_LEVEL) = {
    window_columns<double>, fast_window_columns<double>, advance<double>, advance_inertial<double>,
    record<double>};

}  // namespace dvinis::flood

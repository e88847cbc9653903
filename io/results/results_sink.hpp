#pragma once
/// Writes the results of a run as one HDF5 file in netCDF-4/CF layout (`run.nc`).

#include <memory>
#include <string>

#include "core/engine/ports.hpp"

namespace dvinis {

/// A sink that writes `path`.
///
/// A fresh run takes the place of an older file of that name only once its own header is complete. Every call
/// reserves the room it needs, writes, and flushes: a run killed at any moment, or met by a full disk, leaves
/// a file that opens with every step written before. The root attribute `complete` says "yes" only after
/// `finish` of a run that reached its end. Ignores SIGXFSZ, so that `ulimit -f` gives a sentence too.
/// All methods @throw IoError naming the path and the way out.
std::unique_ptr<ResultSink> make_results_sink(const std::string& path);

}  // namespace dvinis

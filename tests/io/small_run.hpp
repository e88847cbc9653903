#pragma once
/// A small odd-sized run made by hand, for the tests of everything that writes and reads files.

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/ports.hpp"

namespace dvinis::test {

/// A folder of its own that vanishes with the object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// The sentence of the error that `work` throws, "no error" if it throws none; one of another kind goes on
/// up.
template <class Trouble = IoError, class Work>
std::string sentence_of(const Work& work) {
  try {
    work();
  } catch (const Trouble& error) {
    return error.what();
  }
  return "no error";
}

/// What a run is made of; fields and tables hold values that follow from cell, row and step alone.
struct SmallRun {
  Twin twin;
  Schema schema;
  OutputPlan plan;

  SmallRun(Index nx, Index ny, bool is_projected = true);

  State initial_state() const;
  /// Moves `state` to `step` (60 s each) and fills everything; a pure function of the step.
  void fill(State& state, int step) const;
  /// Depth that `fill` gives a cell.
  static double depth(Index i, Index j, int step);
  static double level_at_gauge(std::size_t row, int step);
};

/// Calls the sink as the engine does, for steps first..last; returns the state after the last one.
State write_steps(const SmallRun& run, ResultSink& sink, State state, int first, int last);

/// WKT1 of EPSG:32756.
std::string utm_56_south();

/// Standard output and error of a command; a nonzero exit fails the test.
std::string output_of(const std::string& command);

}  // namespace dvinis::test

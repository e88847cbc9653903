#pragma once
/// Results of a small finished run, opened, and a folder for products.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "io/export/export.hpp"
#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis::test {

struct FinishedRun {
  explicit FinishedRun(const SmallRun& run) : results(written(run, folder.file("run.nc"))) {}

  ScratchFolder folder;
  ResultsFile results;

  std::string text_of(const std::string& name) const {
    std::ifstream file(folder.file(name), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  /// Only the results and the named product are there: nothing half-written.
  void expect_only(const std::vector<std::string>& products) const {
    const auto count = std::distance(std::filesystem::directory_iterator(folder.path()), {});
    EXPECT_EQ(static_cast<std::size_t>(count), products.size() + 1);
    for (const std::string& name : products) EXPECT_TRUE(std::filesystem::exists(folder.file(name))) << name;
  }

 private:
  static ResultsFile written(const SmallRun& run, const std::string& path) {
    const auto sink = make_results_sink(path);
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    state = write_steps(run, *sink, std::move(state), 0, 3);
    RunSummary summary;
    summary.completed = true;
    sink->finish(state, summary);
    return ResultsFile(path);
  }
};

}  // namespace dvinis::test

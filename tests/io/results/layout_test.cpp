#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "core/grid/parallel.hpp"
#include "io/results/results_file.hpp"
#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

using test::ScratchFolder;
using test::sentence_of;
using test::SmallRun;

/// Steps 0..last written and finished.
State whole_run(const SmallRun& run, const std::string& path, int last) {
  const auto sink = make_results_sink(path);
  State state = run.initial_state();
  sink->begin(run.twin, run.schema, state, run.plan);
  state = test::write_steps(run, *sink, std::move(state), 0, last);
  RunSummary summary;
  summary.completed = true;
  sink->finish(state, summary);
  return state;
}

void expect_maps(const SmallRun& run, const ResultsFile& results, int steps) {
  const Grid& grid = run.twin.grid;
  ASSERT_EQ(results.times().size(), static_cast<std::size_t>(steps));
  for (int step = 0; step < steps; ++step) {
    const auto k = static_cast<std::size_t>(step);
    EXPECT_EQ(results.times()[k], 60.0 * step);
    const std::vector<double> depth = results.read("water_depth", k);
    const std::vector<double> level = results.read("water_level", k);
    for (Index j = 0; j < grid.ny; ++j) {
      for (Index i = 0; i < grid.nx; ++i) {
        const auto cell = static_cast<std::size_t>(j * grid.nx + i);
        if (cell == 0) continue;
        ASSERT_EQ(depth[cell], SmallRun::depth(i, j, step)) << i << " " << j << " " << step;
        ASSERT_EQ(level[cell], 1000.0 + SmallRun::depth(i, j, step));
      }
    }
    EXPECT_TRUE(std::isnan(depth[0])) << "the cell without terrain has no depth";
  }
}

TEST(ResultsFile, gives_back_every_value_of_a_small_odd_grid) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 3);

  const ResultsFile results(folder.file("run.nc"));

  expect_maps(run, results, 4);
  EXPECT_TRUE(results.is_complete());
  const std::vector<double> highest = results.read("maximum_depth");
  EXPECT_EQ(highest[5 * 37 + 11], SmallRun::depth(11, 5, 3) + 3);
  const std::vector<double> bed = results.read("bed_elevation");
  EXPECT_TRUE(std::isnan(bed[0]));
  EXPECT_FLOAT_EQ(static_cast<float>(bed[22 * 37 + 36]), 2.56f);
}

TEST(ResultsFile, gives_back_every_value_of_a_grid_of_several_chunks) {
  const ScratchFolder folder;
  const SmallRun run(513, 700);
  whole_run(run, folder.file("run.nc"), 0);

  expect_maps(run, ResultsFile(folder.file("run.nc")), 1);
}

TEST(ResultsFile, gives_back_the_declarations_of_fields) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 0);

  const ResultsFile results(folder.file("run.nc"));

  ASSERT_EQ(results.fields().size(), 5u);
  EXPECT_EQ(results.fields()[0].info.name, "bed_elevation");
  const ResultField* depth = results.find_field("water_depth");
  ASSERT_NE(depth, nullptr);
  EXPECT_TRUE(depth->has_time);
  EXPECT_EQ(depth->info.unit, "m");
  EXPECT_EQ(depth->info.standard_name, "flood_water_thickness");
  EXPECT_EQ(depth->info.minimum, 0.0);
  EXPECT_TRUE(std::isinf(depth->info.maximum));
  const ResultField* hazard = results.find_field("hazard_class");
  ASSERT_NE(hazard, nullptr);
  EXPECT_FALSE(hazard->has_time);
  EXPECT_EQ(hazard->info.role, Role::running);
  EXPECT_EQ(hazard->info.classes, run.schema.fields[3].classes);
  EXPECT_EQ(results.find_field("nothing"), nullptr);
}

TEST(ResultsFile, gives_back_tables_with_places_series_and_unicode_labels) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 3);

  const ResultsFile results(folder.file("run.nc"));

  const ResultTable* gauges = results.find_table("gauges");
  ASSERT_NE(gauges, nullptr);
  EXPECT_EQ(gauges->ids, (std::vector<std::string>{"g1", "g2", "g3"}));
  EXPECT_EQ(gauges->labels, (std::vector<std::string>{"upper gauge", "g2", "Tiltiņš, lower"}));
  EXPECT_EQ(gauges->points[1].x, 382270.0);
  ASSERT_EQ(results.series_times().size(), 4u);
  ASSERT_EQ(gauges->series[0].size(), 3u);
  EXPECT_EQ(gauges->series[0][2][3], SmallRun::level_at_gauge(2, 3));
  EXPECT_EQ(gauges->columns[1][0], SmallRun::level_at_gauge(0, 3) + 10.0);
  EXPECT_TRUE(gauges->columns[0].empty());
  const ResultTable* buildings = results.find_table("buildings");
  ASSERT_NE(buildings, nullptr);
  EXPECT_EQ(buildings->points[0].x, 382264.0);
  EXPECT_EQ(buildings->columns[0][0], 97.5);
  const ResultTable* breaches = results.find_table("breaches");
  ASSERT_NE(breaches, nullptr);
  EXPECT_EQ(breaches->ids, std::vector<std::string>{"42"});
  EXPECT_EQ(breaches->labels, std::vector<std::string>{"west dyke"});
  EXPECT_EQ(breaches->columns[0], std::vector<double>{12.5});
  ASSERT_NE(results.find_table("sections"), nullptr);
  EXPECT_TRUE(results.find_table("sections")->ids.empty()) << "a table without places has no rows";
}

TEST(ResultsFile, gives_back_where_the_run_came_from) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 2);

  const ResultsFile results(folder.file("run.nc"));

  const Twin& twin = results.twin();
  EXPECT_EQ(twin.grid.crs_wkt, run.twin.grid.crs_wkt);
  EXPECT_EQ(twin.grid.south, 6354265.0);
  EXPECT_EQ(twin.start_utc, run.twin.start_utc);
  EXPECT_EQ(twin.display_offset_minutes, 600);
  EXPECT_EQ(twin.vertical_datum, "AHD");
  EXPECT_EQ(twin.provenance.scenario_text, "scenario: small\n");
  EXPECT_EQ(twin.provenance.seed, 18446744073709551615u);
  EXPECT_EQ(twin.provenance.inputs.at(0).sha256, "00ff");
  EXPECT_EQ(twin.provenance.label, "generated terrain");
  ASSERT_EQ(twin.places.size(), 4u);
  EXPECT_EQ(twin.places[3].points.size(), 4u);
  EXPECT_EQ(twin.places[0].numbers.at("observed_level"), 1.5);
  EXPECT_NE(results.meta_text("events").find("building wet"), std::string::npos);
  EXPECT_NE(results.meta_text("ledger").find("rain"), std::string::npos);
  EXPECT_NE(results.meta_text("summary").find("\"completed\": true"), std::string::npos);
}

TEST(ResultsFile, decodes_to_the_same_values_after_a_stop_and_a_resume) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("through.nc"), 6);
  const std::string path = folder.file("resumed.nc");
  State kept;
  {
    const auto sink = make_results_sink(path);
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    kept = test::write_steps(run, *sink, std::move(state), 0, 2);
    test::write_steps(run, *sink, kept, 3, 5);  // steps after the checkpoint, lost to the State
  }
  {
    const auto sink = make_results_sink(path);
    sink->begin(run.twin, run.schema, kept, run.plan);
    const State state = test::write_steps(run, *sink, kept, 3, 6);
    RunSummary summary;
    summary.completed = true;
    sink->finish(state, summary);
  }

  EXPECT_EQ(ResultsFile(path).checksum(), ResultsFile(folder.file("through.nc")).checksum());
  expect_maps(run, ResultsFile(path), 7);
}

TEST(ResultsFile, has_another_checksum_when_one_value_differs) {
  const ScratchFolder folder;
  SmallRun run(37, 23);
  whole_run(run, folder.file("one.nc"), 1);
  run.twin.layers.at("bed_elevation").values.set(36, 22, 2.57);
  whole_run(run, folder.file("other.nc"), 1);

  EXPECT_NE(ResultsFile(folder.file("one.nc")).checksum(), ResultsFile(folder.file("other.nc")).checksum());
}

TEST(ResultsFile, of_a_stopped_run_is_not_complete) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const auto sink = make_results_sink(folder.file("run.nc"));
  State state = run.initial_state();
  sink->begin(run.twin, run.schema, state, run.plan);
  state = test::write_steps(run, *sink, std::move(state), 0, 1);
  sink->finish(state, RunSummary{});

  EXPECT_FALSE(ResultsFile(folder.file("run.nc")).is_complete());
}

TEST(ResultsFile, is_the_same_for_every_thread_count) {
  const ScratchFolder folder;
  const SmallRun run(1030, 37);
  set_thread_count(1);
  whole_run(run, folder.file("one.nc"), 1);
  set_thread_count(3);
  whole_run(run, folder.file("three.nc"), 1);
  set_thread_count(1);

  EXPECT_EQ(ResultsFile(folder.file("one.nc")).checksum(), ResultsFile(folder.file("three.nc")).checksum());
}

TEST(ResultsFile, says_what_is_wrong_with_a_file_that_is_none) {
  const ScratchFolder folder;
  EXPECT_NE(sentence_of([&] { ResultsFile(folder.file("absent.nc")); }).find("no such file"),
            std::string::npos);
  std::ofstream(folder.file("empty.nc"));
  EXPECT_NE(sentence_of([&] { ResultsFile(folder.file("empty.nc")); }).find("it is empty"),
            std::string::npos);
  std::ofstream(folder.file("text.nc")) << "not a results file at all, but long enough to look at";
  EXPECT_NE(sentence_of([&] { ResultsFile(folder.file("text.nc")); }).find("no results file of dvinis"),
            std::string::npos);
}

TEST(ResultsFile, says_what_is_wrong_with_a_truncated_file) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 1);
  std::filesystem::resize_file(folder.file("run.nc"), std::filesystem::file_size(folder.file("run.nc")) / 2);

  EXPECT_NE(sentence_of([&] { ResultsFile(folder.file("run.nc")); }).find("damaged"), std::string::npos);
}

TEST(ResultsFile, names_the_fields_it_holds_when_asked_for_another) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  whole_run(run, folder.file("run.nc"), 1);
  const ResultsFile results(folder.file("run.nc"));

  EXPECT_NE(sentence_of([&] { results.read("salinity"); }).find("it holds bed_elevation, water_depth"),
            std::string::npos);
  EXPECT_NE(sentence_of([&] { results.read("water_depth", 2); }).find("holds 2 steps"), std::string::npos);
}

}  // namespace
}  // namespace dvinis

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "core/grid/parallel.hpp"
#include "io/results/results_file.hpp"
#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

using test::ScratchFolder;
using test::sentence_of;
using test::SmallRun;

/// Everything that the file holds is as `fill` made it.
void expect_intact(const SmallRun& run, const ResultsFile& results, std::size_t least_steps) {
  const Grid& grid = run.twin.grid;
  ASSERT_GE(results.times().size(), least_steps);
  for (std::size_t step = 0; step < results.times().size(); ++step) {
    ASSERT_EQ(results.times()[step], 60.0 * static_cast<double>(step));
    if (step >= least_steps) continue;
    const std::vector<double> depth = results.read("water_depth", step);
    for (Index j = 0; j < grid.ny; ++j) {
      for (Index i = j == 0 ? 1 : 0; i < grid.nx; ++i) {
        ASSERT_EQ(depth[static_cast<std::size_t>(j * grid.nx + i)],
                  SmallRun::depth(i, j, static_cast<int>(step)));
      }
    }
  }
  const ResultTable* gauges = results.find_table("gauges");
  ASSERT_NE(gauges, nullptr);
  for (std::size_t step = 0; step < std::min(least_steps, results.series_times().size()); ++step) {
    ASSERT_EQ(gauges->series[0][1][step], SmallRun::level_at_gauge(1, static_cast<int>(step)));
  }
  const std::vector<double> highest = results.read("maximum_depth");
  for (std::size_t cell = 1; cell < highest.size(); ++cell) {
    ASSERT_FALSE(least_steps > 0 && std::isnan(highest[cell])) << cell;
  }
}

/// Writes steps until killed; tells through the pipe when each is flushed.
[[noreturn]] void write_until_killed(const SmallRun& run, const std::string& path, int pipe_end) {
  set_thread_count(1);
  const auto sink = make_results_sink(path);
  State state = run.initial_state();
  sink->begin(run.twin, run.schema, state, run.plan);
  for (int step = 0; step < 100000; ++step) {
    state = test::write_steps(run, *sink, std::move(state), step, step);
    const char mark = '.';
    if (write(pipe_end, &mark, 1) != 1) _exit(1);
  }
  _exit(2);
}

/// Steps that a child flushed before it was killed `delay` after its first one.
std::size_t steps_of_killed_child(const SmallRun& run, const std::string& path,
                                  std::chrono::microseconds delay) {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) write_until_killed(run, path, ends[1]);
  close(ends[1]);
  char mark = 0;
  std::size_t steps = read(ends[0], &mark, 1) == 1 ? 1 : 0;
  std::this_thread::sleep_for(delay);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (read(ends[0], &mark, 1) == 1) ++steps;
  close(ends[0]);
  return steps;
}

TEST(ResultsSink, killed_at_any_moment_leaves_every_flushed_step) {
  const SmallRun run(37, 23);
  std::mt19937 random(20240917);
  std::uniform_int_distribution<int> delays(0, 60000);
  for (int attempt = 0; attempt < 12; ++attempt) {
    const ScratchFolder folder;
    const std::string path = folder.file("run.nc");

    const std::size_t steps = steps_of_killed_child(run, path, std::chrono::microseconds(delays(random)));

    ASSERT_GE(steps, 1u);
    const ResultsFile results(path);
    expect_intact(run, results, steps);
    EXPECT_FALSE(results.is_complete());
  }
}

TEST(ResultsSink, resumes_into_the_file_of_a_killed_run) {
  const SmallRun run(37, 23);
  const ScratchFolder folder;
  const std::string path = folder.file("run.nc");
  const std::size_t steps = steps_of_killed_child(run, path, std::chrono::milliseconds(40));
  ASSERT_GE(steps, 2u);
  State state = run.initial_state();
  run.fill(state, 1);
  state.map_count = 2;
  state.series_count = 2;

  {
    const auto sink = make_results_sink(path);
    sink->begin(run.twin, run.schema, state, run.plan);
    state = test::write_steps(run, *sink, std::move(state), 2, 4);
    RunSummary summary;
    summary.completed = true;
    sink->finish(state, summary);
  }

  const ResultsFile results(path);
  EXPECT_EQ(results.times().size(), 5u);
  EXPECT_EQ(results.series_times().size(), 5u);
  EXPECT_TRUE(results.is_complete());
  expect_intact(run, results, 5);
}

TEST(ResultsSink, refuses_a_file_that_another_run_is_writing) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const std::string path = folder.file("run.nc");
  State state = run.initial_state();
  const auto first = make_results_sink(path);
  first->begin(run.twin, run.schema, state, run.plan);
  const auto second = make_results_sink(path);

  const std::string sentence = sentence_of([&] { second->begin(run.twin, run.schema, state, run.plan); });

  EXPECT_NE(sentence.find("another run is writing to it"), std::string::npos) << sentence;
  test::write_steps(run, *first, std::move(state), 0, 1);
  expect_intact(run, ResultsFile(path), 2);
}

TEST(ResultsSink, leaves_one_file_and_nothing_beside_it) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  {
    const auto sink = make_results_sink(folder.file("run.nc"));
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    test::write_steps(run, *sink, std::move(state), 0, 1);
  }

  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(ResultsSink, takes_the_place_of_an_older_file_only_when_its_header_is_written) {
  const ScratchFolder folder;
  const std::string path = folder.file("run.nc");
  std::ofstream(path) << "an older file";
  SmallRun run(37, 23);
  run.twin.grid.crs_wkt = "PROJCS[\"broken\"";
  State state = run.initial_state();

  const auto sink = make_results_sink(path);
  EXPECT_THROW(sink->begin(run.twin, run.schema, state, run.plan), DataError);

  EXPECT_EQ(std::filesystem::file_size(path), 13u);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(ResultsSink, says_so_when_a_part_of_its_path_is_a_file) {
  const ScratchFolder folder;
  std::ofstream(folder.file("out")) << "a file";
  const SmallRun run(37, 23);
  const State state = run.initial_state();
  const auto sink = make_results_sink(folder.file("out/run.nc"));

  const std::string sentence = sentence_of([&] { sink->begin(run.twin, run.schema, state, run.plan); });

  EXPECT_NE(sentence.find("out/run.nc': a part of the path is a file where a folder is needed"),
            std::string::npos)
      << sentence;
  EXPECT_NE(sentence.find("name another folder"), std::string::npos);
}

TEST(ResultsSink, says_so_when_its_name_is_a_folder) {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder.file("run.nc/inside"));
  const SmallRun run(37, 23);
  const State state = run.initial_state();
  const auto sink = make_results_sink(folder.file("run.nc"));

  const std::string sentence = sentence_of([&] { sink->begin(run.twin, run.schema, state, run.plan); });

  EXPECT_NE(sentence.find("there is a folder of that name"), std::string::npos) << sentence;
  EXPECT_FALSE(std::filesystem::exists(folder.file("run.nc.new")));
}

/// In a child with `ulimit -f`: how many steps went through, or -1 if the sentence was not the right one.
int steps_under_limit(const SmallRun& run, const std::string& path, rlim_t limit) {
  const pid_t child = fork();
  if (child == 0) {
    set_thread_count(1);
    const rlimit sizes{limit, limit};
    setrlimit(RLIMIT_FSIZE, &sizes);
    int steps = 0;
    std::string sentence;
    {
      const auto sink = make_results_sink(path);
      State state = run.initial_state();
      sentence = sentence_of([&] {
        sink->begin(run.twin, run.schema, state, run.plan);
        for (; steps < 200; ++steps) state = test::write_steps(run, *sink, std::move(state), steps, steps);
      });
      const std::string again = sentence_of([&] { sink->write_maps(run.initial_state()); });
      if (again.find("an earlier write to it failed") == std::string::npos) _exit(254);
    }
    std::exit(sentence.find("size limit of this session") != std::string::npos ? steps : 255);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(ResultsSink, says_so_when_the_file_may_not_grow_and_keeps_what_was_written) {
  const ScratchFolder folder;
  const SmallRun run(67, 53);
  const std::string path = folder.file("run.nc");

  const int steps = steps_under_limit(run, path, 700000);

  ASSERT_GE(steps, 1) << "exit status of the child";
  ASSERT_LT(steps, 200) << "exit status of the child";
  const ResultsFile results(path);
  EXPECT_EQ(results.times().size(), static_cast<std::size_t>(steps));
  EXPECT_FALSE(results.is_complete());
  expect_intact(run, results, static_cast<std::size_t>(steps));
}

TEST(ResultsSink, leaves_nothing_when_even_the_header_does_not_fit) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);

  EXPECT_EQ(steps_under_limit(run, folder.file("run.nc"), 20000), 0);

  EXPECT_FALSE(std::filesystem::exists(folder.file("run.nc")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("run.nc.new")));
}

TEST(ResultsSink, refuses_to_resume_into_a_file_with_too_few_steps) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const std::string path = folder.file("run.nc");
  State state = run.initial_state();
  {
    const auto sink = make_results_sink(path);
    sink->begin(run.twin, run.schema, state, run.plan);
    state = test::write_steps(run, *sink, std::move(state), 0, 1);
  }
  state.map_count = 7;

  const auto sink = make_results_sink(path);
  const std::string sentence = sentence_of([&] { sink->begin(run.twin, run.schema, state, run.plan); });

  EXPECT_NE(sentence.find("it holds 2 map steps, but the checkpoint was written after 7"), std::string::npos)
      << sentence;
}

TEST(ResultsSink, refuses_to_resume_into_a_file_of_another_grid_or_none) {
  const ScratchFolder folder;
  const std::string path = folder.file("run.nc");
  const SmallRun run(37, 23);
  State state = run.initial_state();
  state.map_count = 1;
  const auto sink = make_results_sink(path);
  EXPECT_NE(sentence_of([&] { sink->begin(run.twin, run.schema, state, run.plan); }).find("the file is gone"),
            std::string::npos);
  {
    const SmallRun other(23, 37);
    State first = other.initial_state();
    const auto writer = make_results_sink(path);
    writer->begin(other.twin, other.schema, first, other.plan);
    test::write_steps(other, *writer, std::move(first), 0, 1);
  }

  const auto second = make_results_sink(path);
  EXPECT_NE(sentence_of([&] { second->begin(run.twin, run.schema, state, run.plan); }).find("23 x 37 cells"),
            std::string::npos);
}

}  // namespace
}  // namespace dvinis

/// The program dvinis-render as a user meets it: with and without a display, with good and bad words.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGReader.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"
#include "viz/observations.hpp"
#include "viz/pictures.hpp"
#include "viz/program.hpp"

namespace dvinis {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = -1;
  std::string words;
};

/// Runs dvinis-render through the shell with `before` (environment settings) in front.
Outcome render(const std::string& arguments, const std::string& before = "env -u DISPLAY") {
  const std::string command = before + " " + DVINIS_RENDER + " " + arguments + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  Outcome outcome;
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    outcome.words.append(buffer.data(), got);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

/// Width, height and number of different colours of a PNG.
struct Look {
  int width = 0;
  int height = 0;
  std::size_t colours = 0;
};

Look look_at(const std::string& path) {
  vtkNew<vtkPNGReader> reader;
  reader->SetFileName(path.c_str());
  reader->Update();
  vtkImageData* image = reader->GetOutput();
  const int* size = image->GetDimensions();
  const auto* bytes = static_cast<const unsigned char*>(image->GetScalarPointer());
  std::set<int> colours;
  for (int k = 0; k < size[0] * size[1]; ++k)
    colours.insert(bytes[3 * k] << 16 | bytes[3 * k + 1] << 8 | bytes[3 * k + 2]);
  return {size[0], size[1], colours.size()};
}

class Render : public testing::Test {
 protected:
  void SetUp() override { write(2); }

  void write(int last_step) {
    const test::SmallRun run(37, 23);
    const auto sink = make_results_sink(folder_.file("run.nc"));
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    test::write_steps(run, *sink, std::move(state), 0, last_step);
  }

  std::string run() const { return folder_.file("run.nc"); }
  std::string out() const { return folder_.file("out"); }

  test::ScratchFolder folder_;
};

TEST_F(Render, makes_the_standard_set_without_display_or_lender) {
  const Outcome outcome =
      render(run() + " --all --width 600 --out " + out(), "env -u DISPLAY PATH=/nonexistent");
  EXPECT_EQ(outcome.status, 0) << outcome.words;
  for (const char* name : {"map_maximum_depth.png", "map_hazard_class.png", "map_water_depth_t120s.png",
                           "series_gauges_water_level.png", "comparison_gauges_water_level.png"}) {
    ASSERT_TRUE(fs::exists(out() + "/" + name)) << name << "\n" << outcome.words;
    const Look look = look_at(out() + "/" + name);
    EXPECT_EQ(look.width, 600);
    EXPECT_GT(look.colours, 60U) << name;
  }
  EXPECT_NE(outcome.words.find("apt-get install xvfb xauth libgl1-mesa-dri"), std::string::npos)
      << outcome.words;
  EXPECT_FALSE(fs::exists(out() + "/scene_maximum_depth.png"));
}

TEST_F(Render, three_dimensions_without_any_display_are_an_error_sentence_not_an_abort) {
  const Outcome outcome = render(run() + " --kind 3d --out " + out(), "env -u DISPLAY PATH=/nonexistent");
  EXPECT_EQ(outcome.status, 5) << outcome.words;
  EXPECT_NE(outcome.words.find("xvfb"), std::string::npos);
}

TEST_F(Render, a_display_that_does_not_answer_does_not_abort_either) {
  const Outcome outcome = render(run() + " --kind 3d --out " + out(), "env DISPLAY=:4711 PATH=/nonexistent");
  EXPECT_EQ(outcome.status, 5) << outcome.words;
}

TEST_F(Render, borrows_a_display_for_three_dimensions) {
  if (!viz::program_on_path("xvfb-run") || !viz::program_on_path("xauth"))
    GTEST_SKIP() << "no xvfb-run on this machine";
  const Outcome outcome = render(run() + " --kind 3d --width 500 --out " + out());
  ASSERT_EQ(outcome.status, 0) << outcome.words;
  EXPECT_GT(look_at(out() + "/scene_water_depth_t120s.png").colours, 300U);
}

TEST_F(Render, the_same_run_gives_the_same_bytes) {
  ASSERT_EQ(render(run() + " --field water_depth --width 500 --out " + out()).status, 0);
  ASSERT_EQ(render(run() + " --field water_depth --width 500 --out " + folder_.file("again")).status, 0);
  const auto bytes = [](const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  const std::string first = bytes(out() + "/map_water_depth_t120s.png");
  EXPECT_GT(first.size(), 5000U);
  EXPECT_TRUE(first == bytes(folder_.file("again") + "/map_water_depth_t120s.png"));
}

TEST_F(Render, takes_the_nearest_step_and_refuses_a_time_beyond_the_run) {
  ASSERT_EQ(render(run() + " --field water_depth --time '1.1 min' --width 400 --out " + out()).status, 0);
  EXPECT_TRUE(fs::exists(out() + "/map_water_depth_t60s.png"));
  const Outcome late = render(run() + " --field water_depth --time '2 h' --out " + out());
  EXPECT_EQ(late.status, 2);
  EXPECT_NE(late.words.find("reach from 0 s to 2 min"), std::string::npos) << late.words;
}

TEST_F(Render, the_maximum_of_a_field_over_time_is_its_running_field) {
  ASSERT_EQ(render(run() + " --field water_depth --time maximum --width 400 --out " + out()).status, 0);
  EXPECT_TRUE(fs::exists(out() + "/map_maximum_depth.png"));
  ASSERT_EQ(render(run() + " --field water_level --time maximum --width 400 --out " + out()).status, 0);
  EXPECT_TRUE(fs::exists(out() + "/map_water_level_maximum.png"));
}

TEST_F(Render, wrong_words_are_sentences_with_a_way_out) {
  const Outcome field = render(run() + " --field water_dept");
  EXPECT_EQ(field.status, 2);
  EXPECT_NE(field.words.find("did you mean 'water_depth'"), std::string::npos) << field.words;
  const Outcome time = render(run() + " --field water_depth --time 600");
  EXPECT_EQ(time.status, 2);
  EXPECT_NE(time.words.find("'600 s'"), std::string::npos) << time.words;
  EXPECT_EQ(render(run() + " --all --kind map").status, 2);
  EXPECT_EQ(render(run() + " --kind film").status, 2);
  EXPECT_EQ(render(run() + " --field maximum_depth --time '60 s'").status, 2);
  EXPECT_EQ(render(folder_.file("none.nc") + " --all").status, 5);
  EXPECT_EQ(render(run() + " --all --out " + run() + "/below").status, 5);
}

TEST_F(Render, an_animation_drops_frames_of_an_older_run) {
  ASSERT_EQ(render(run() + " --kind animation --width 400 --out " + out(), "env -u DISPLAY PATH=/nonexistent")
                .status,
            0);
  EXPECT_TRUE(fs::exists(out() + "/frames_water_depth/0002.png"));
  write(1);
  const Outcome outcome =
      render(run() + " --kind animation --width 400 --out " + out(), "env -u DISPLAY PATH=/nonexistent");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(fs::exists(out() + "/frames_water_depth/0001.png"));
  EXPECT_FALSE(fs::exists(out() + "/frames_water_depth/0002.png"));
  EXPECT_NE(outcome.words.find("ffmpeg is not on PATH"), std::string::npos) << outcome.words;
}

TEST_F(Render, a_film_is_made_where_ffmpeg_is) {
  if (!viz::program_on_path("ffmpeg")) GTEST_SKIP() << "no ffmpeg on this machine";
  ASSERT_EQ(render(run() + " --kind animation --width 401 --out " + out()).status, 0);
  EXPECT_GT(fs::file_size(out() + "/animation_water_depth.mp4"), 1000U);
}

TEST_F(Render, shallow_floods_lower_the_limit_of_what_counts_as_dry) {
  const viz::Pictures pictures(run());
  EXPECT_EQ(pictures.dry_below(), 0.01);
  EXPECT_EQ(viz::Pictures(run(), 0.25).dry_below(), 0.25);
  const viz::Shot shot = viz::Pictures(run(), 0.25).shot("water_level", std::size_t{1});
  for (Index i = 0; i < 37; ++i) {
    EXPECT_EQ(std::isnan(shot.values[static_cast<std::size_t>(i)]), test::SmallRun::depth(i, 0, 1) < 0.25)
        << i;
  }
}

TEST_F(Render, measured_series_lie_over_the_curve_of_their_place) {
  std::ofstream(folder_.file("measured.csv")) << "time_min,g1_cm,g3_cm\n0,110,\n1,125,330\n";
  EXPECT_EQ(render(run() + " --kind series --width 500 --observed " + folder_.file("measured.csv") +
                   " --out " + out())
                .status,
            0);
  const std::vector<viz::MeasuredSeries> measured = viz::read_measured(folder_.file("measured.csv"));
  ASSERT_EQ(measured.size(), 2U);
  EXPECT_EQ(measured[0].times, (std::vector<double>{0.0, 60.0}));
  ASSERT_EQ(measured[1].values.size(), 1U);
  viz::PlotSheet sheet = viz::Pictures(run()).plots().front().first;
  viz::lay_over(sheet, measured, "measured.csv");
  EXPECT_DOUBLE_EQ(sheet.curves[2].observed_values[0], 3.3);
  EXPECT_TRUE(sheet.curves[1].observed_values.empty());
}

TEST_F(Render, measured_series_of_nobody_or_without_unit_are_sentences) {
  std::ofstream(folder_.file("stranger.csv")) << "time_s,g9_cm\n0,110\n";
  const Outcome stranger =
      render(run() + " --kind series --observed " + folder_.file("stranger.csv") + " --out " + out());
  EXPECT_EQ(stranger.status, 3);
  EXPECT_NE(stranger.words.find("g1, g2, g3"), std::string::npos) << stranger.words;
  std::ofstream(folder_.file("bare.csv")) << "time_s,g1\n0,110\n";
  const Outcome bare =
      render(run() + " --kind series --observed " + folder_.file("bare.csv") + " --out " + out());
  EXPECT_EQ(bare.status, 3);
  EXPECT_NE(bare.words.find("names no unit"), std::string::npos) << bare.words;
  EXPECT_EQ(render(run() + " --observed " + folder_.file("bare.csv")).status, 2);
}

TEST_F(Render, a_comparison_pairs_computed_peaks_with_observed_levels) {
  const viz::Pictures pictures(run());
  const auto sheets = pictures.comparisons();
  ASSERT_FALSE(sheets.empty());
  EXPECT_EQ(sheets[0].second, "comparison_gauges_water_level");
  ASSERT_EQ(sheets[0].first.rows.size(), 3U);
  EXPECT_EQ(sheets[0].first.rows[1].name, "g2");
  EXPECT_DOUBLE_EQ(sheets[0].first.rows[1].computed, test::SmallRun::level_at_gauge(1, 2));
  EXPECT_DOUBLE_EQ(sheets[0].first.rows[1].observed, 1.5);
}

}  // namespace
}  // namespace dvinis

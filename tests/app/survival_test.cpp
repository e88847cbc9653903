/// Runs that are stopped, killed and resumed, through the built command.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <thread>

#include "io/results/results_file.hpp"
#include "tests/app/program.hpp"
#include "tests/app/scenarios.hpp"
#include "tests/support/figures.hpp"

namespace dvinis::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

json report_of(const std::string& folder) { return json::parse(text_of(folder + "/run.json")); }

/// State and decoded results of a finished run.
struct End {
  std::string state;
  std::string results;
  bool operator==(const End&) const = default;
};

End end_of(const std::string& folder) {
  return {report_of(folder).at("state_sha256"), ResultsFile(folder + "/run.nc").checksum()};
}

/// A scenario beside the results of one run through it.
class Survival : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("scenario.yaml", longer_dam_break());
    const auto start = std::chrono::steady_clock::now();
    const Ending ending =
        dvinis({"run", folder_.path(), "--out", through_, "--progress", "off", "--threads", "1"});
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ASSERT_EQ(ending.code, 0) << ending.err;
  }

  std::vector<std::string> run_words() const {
    return {"run", folder_.path(), "--progress", "json", "--threads", "1"};
  }
  std::vector<std::string> resume_words() const {
    return {"resume", out_, "--progress", "json", "--threads", "1"};
  }

  TemporaryFolder folder_;
  std::string through_ = folder_ / "through";
  std::string out_ = folder_ / "out";
  double seconds_ = 0.0;  ///< wall time of the run through
};

TEST_F(Survival, AStopBySignalLeavesACheckpointAndResumesToTheSameBytes) {
  for (const int signal : {SIGTERM, SIGUSR1, SIGINT}) {
    fs::remove_all(out_);
    Program program(run_words());
    ASSERT_TRUE(program.wait_for("\"time\""));
    program.send(signal);
    const Ending stopped = program.wait();
    ASSERT_EQ(stopped.code, 75) << signal << ": " << stopped.err;
    EXPECT_THAT(stopped.err, AllOf(HasSubstr("stopped at"), HasSubstr("dvinis resume")));
    EXPECT_EQ(report_of(out_).at("status"), "stopped");
    EXPECT_FALSE(ResultsFile(out_ + "/run.nc").is_complete());
    const Ending resumed = dvinis(resume_words());
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(report_of(out_).at("resumed"), 1);
    EXPECT_EQ(end_of(out_), end_of(through_));
  }
}

TEST_F(Survival, AWallTimeLimitIsAStopToo) {
  Ending ending = dvinis({"run", folder_.path(), "--max-walltime", "1 ms"});
  EXPECT_EQ(ending.code, 75) << ending.err;
  EXPECT_THAT(ending.err, HasSubstr("the wall-time limit"));
  EXPECT_EQ(dvinis({"resume", folder_.path()}).code, 0);
  EXPECT_EQ(end_of(out_), end_of(through_));
  EXPECT_THAT(dvinis({"resume", folder_.path()}).err, HasSubstr("complete already"));
}

TEST_F(Survival, ASecondInterruptLeavesAtOnce) {
  // One tick as long as the run: the first interrupt cannot be met before its end.
  Program program({"run", folder_.path(), "--progress", "json", "--set", "time.exchange=400 s", "--set",
                   "outputs.maps.every=400 s", "--set", "outputs.series.every=400 s"});
  ASSERT_TRUE(program.wait_for("\"time\""));
  program.send(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  program.send(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
}

TEST_F(Survival, AChangedScenarioIsNotResumed) {
  ASSERT_EQ(dvinis({"run", folder_.path(), "--max-walltime", "1 ms"}).code, 75);
  std::string text = longer_dam_break();
  folder_.write("scenario.yaml", text.replace(text.find("0.03 s"), 6, "0.04 s"));
  const Ending ending = dvinis(resume_words());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.err, AllOf(HasSubstr("has changed since"), HasSubstr("--overwrite")));
  EXPECT_EQ(dvinis({"resume", out_, "--set", "seed=4"}).code, 2);
  EXPECT_EQ(dvinis({"resume", folder_ / "nothing"}).code, 2);
}

TEST_F(Survival, TheThreadsAndTheInstructionSetChangeNoBytes) {
  const auto end_with = [&](const std::string& option, const std::string& value) -> std::optional<End> {
    const Ending ending =
        dvinis({"run", folder_.path(), "--overwrite", "--set", "time.duration=100 s", option, value});
    if (ending.code == 2)
      return std::nullopt;  // this processor does not carry the instruction set, and says so
    EXPECT_EQ(ending.code, 0) << ending.err;
    return end_of(out_);
  };
  const std::optional<End> one_thread = end_with("--threads", "1");
  for (const char* threads : {"2", "3", "7"})
    EXPECT_EQ(end_with("--threads", threads), one_thread) << threads;
  for (const char* level : {"v2", "v3", "v4"}) {
    const std::optional<End> end = end_with("--isa", level);
    if (!end) continue;
    EXPECT_EQ(report_of(out_).at("provenance").at("instruction_set"), std::string("x86-64-") + level);
    EXPECT_EQ(end, one_thread) << level;
  }
}

TEST_F(Survival, ASecondRunInTheSameFolderIsKeptOut) {
  Program program(run_words());
  ASSERT_TRUE(program.wait_for("\"time\""));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run", folder_.path(), "--overwrite"}, resume_words()}) {
    const Ending second = dvinis(words);
    EXPECT_EQ(second.code, 5);
    EXPECT_THAT(second.err, HasSubstr("another dvinis is writing"));
  }
  ASSERT_EQ(program.wait().code, 0);
  EXPECT_EQ(end_of(out_), end_of(through_));
}

/// Model time of the last whole progress line: everything due until then had been flushed.
double last_time_shown(const std::string& lines) {
  const std::size_t end = lines.rfind('\n');
  if (end == std::string::npos) return -1.0;
  const std::size_t start = end == 0 ? 0 : lines.rfind('\n', end - 1);
  return json::parse(lines.substr(start == std::string::npos ? 0 : start, end - start))
      .at("time")
      .get<double>();
}

/// Flushed map steps of a killed run that are gone or differ from those of the run through.
int lost_steps(const std::string& killed, const ResultsFile& through, double shown) {
  const ResultsFile results(killed);
  int lost = 0;
  for (std::size_t step = 0; step < through.times().size() && through.times()[step] <= shown; ++step) {
    bool is_there = step < results.times().size() && results.times()[step] == through.times()[step];
    for (const ResultField& field : through.fields()) {
      if (!is_there || !field.has_time) continue;
      const std::vector<double> found = results.read(field.info.name, step);
      const std::vector<double> expected = through.read(field.info.name, step);
      is_there = std::memcmp(found.data(), expected.data(), expected.size() * sizeof(double)) == 0;
    }
    if (!is_there) ++lost;
  }
  return lost;
}

int kill_count() {
  const char* wish = std::getenv("DVINIS_KILLS");
  return wish == nullptr ? 8 : std::atoi(wish);
}

TEST_F(Survival, KillsAtRandomMomentsLoseNoFlushedStepAndEndInTheSameBytes) {
  const ResultsFile through(through_ + "/run.nc");
  std::mt19937 random(20260601);
  std::uniform_real_distribution<double> moment(0.0, 0.6 * seconds_);
  int lost = 0;
  int looked_at = 0;
  const int kills = kill_count();
  for (int kill = 0; kill < kills; ++kill) {
    const bool can_resume = fs::exists(out_ + "/run.json") && report_of(out_).at("status") != "completed";
    if (!can_resume) fs::remove_all(out_);
    Program program(can_resume ? resume_words() : run_words());
    std::this_thread::sleep_for(std::chrono::duration<double>(moment(random)));
    program.send(SIGKILL);
    const Ending ending = program.wait();
    ASSERT_TRUE(ending.code == 128 + SIGKILL || ending.code == 0) << ending.err;
    if (!fs::exists(out_ + "/run.nc")) continue;
    ++looked_at;
    lost += lost_steps(out_ + "/run.nc", through, last_time_shown(ending.out));
  }
  EXPECT_EQ(lost, 0);
  EXPECT_GT(looked_at, 0);
  if (!fs::exists(out_ + "/run.json")) {
    fs::remove_all(out_);
    ASSERT_EQ(dvinis(run_words()).code, 0);
  } else {
    const Ending last = dvinis(resume_words());
    ASSERT_EQ(last.code, 0) << last.err;
  }
  EXPECT_EQ(end_of(out_), end_of(through_));
  test::record_figure("flood.kill9.lost_steps", lost, "count",
                      fmt::format("{} kills at random moments of runs and resumed runs", kills));
}

}  // namespace
}  // namespace dvinis::app

#include "scenarios/app/console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "scenarios/app/expectations.hpp"
#include "scenarios/app/run_monitor.hpp"
#include "scenarios/app/setting_text.hpp"
#include "tests/app/program.hpp"

namespace dvinis::app {
namespace {

using testing::HasSubstr;
using testing::Not;

Progress halfway() {
  Progress progress;
  progress.time = 500'000'000;
  progress.end = 1'000'000'000;
  progress.step_seconds = 0.0812345;
  progress.limiter = "flood, cell 201, 88";
  progress.busy_cells = 12345;
  progress.budgets = {{"water", "m3", 10.0, 8.0, 20.0, -4e-14}};
  return progress;
}

TEST(ProgressLine, TellsShareTimeStepLimiterWetCellsErrorAndTimeLeft) {
  const std::string text = progress_text(halfway(), 125.0);
  EXPECT_EQ(text,
            " 50 %  0:08:20 of 0:16:40  dt 0.0812 s (flood, cell 201, 88)  12345 wet  mass error 2.0e-15  2 "
            "min 05 s left");
}

TEST(ProgressLine, NeverSaysHundredPercentBeforeTheEnd) {
  Progress progress = halfway();
  progress.time = 999'999'999;
  EXPECT_THAT(progress_text(progress, 0.0), HasSubstr(" 99 %"));
}

TEST(ProgressLine, LeavesUnknownTimeOut) {
  EXPECT_THAT(progress_text(halfway(), std::numeric_limits<double>::infinity()), Not(HasSubstr("left")));
}

TEST(ProgressJson, IsOneObjectWithNumbersAndNullForTheUnknown) {
  const auto json = nlohmann::json::parse(progress_json(halfway(), std::numeric_limits<double>::infinity()));
  EXPECT_EQ(json.at("fraction"), 0.5);
  EXPECT_EQ(json.at("busy_cells"), 12345);
  EXPECT_DOUBLE_EQ(json.at("mass_error").get<double>(), 2e-15);
  EXPECT_TRUE(json.at("seconds_left").is_null());
}

TEST(BudgetError, OfNothingThatErredIsZeroAndOfADryDomainThatErredIsNot) {
  EXPECT_EQ(worst_budget_error({{"water", "m3", 0.0, 0.0, 0.0, 0.0}}), 0.0);
  EXPECT_GT(worst_budget_error({{"water", "m3", 1.0, 0.0, 0.0, 1.0}}), 1e300);
}

TEST(DurationText, ReadsLikeSpeech) {
  EXPECT_EQ(duration_text(0.4), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(3599.0), "59 min 59 s");
  EXPECT_EQ(duration_text(7500.0), "2 h 05 min");
}

TEST(Console, KeepsLinesFromBeforeTheLogFileWasKnown) {
  const TemporaryFolder folder;
  {
    Console console({.rewrites = false, .colours = false, .width = 80});
    testing::internal::CaptureStderr();
    console.line(LogLevel::warning, "early");
    console.keep_in(folder / "run.log", false);
    console.line(LogLevel::debug, "for the file only");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "warning: early\n");
  }
  const std::string log = text_of(folder / "run.log");
  EXPECT_THAT(log, HasSubstr("warning early"));
  EXPECT_THAT(log, HasSubstr("debug   for the file only"));
}

TEST(Console, NamesALogThatCannotBeWritten) {
  Console console({.rewrites = false, .colours = false, .width = 80});
  EXPECT_THROW(console.keep_in("/dev/null/run.log", false), IoError);
}

TEST(Console, ClearsTheProgressLineBeforeALineAndCutsItToTheTerminal) {
  testing::internal::CaptureStderr();
  {
    Console console({.rewrites = true, .colours = false, .width = 11});
    console.progress("0123456789ABCDEF");
    console.line(LogLevel::info, "done");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "\r0123456789\r          \rdone\n");
}

TEST(Outcome, IsMetWithinItsBoundsAndNeverByNan) {
  Outcome outcome;
  outcome.below = 0.16;
  outcome.value = 0.15;
  EXPECT_TRUE(outcome.is_met());
  outcome.value = 0.16;
  EXPECT_FALSE(outcome.is_met());
  outcome.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(outcome.is_met());
  Outcome between;
  between.at_least = 1.0;
  between.at_most = 2.0;
  between.unit = "m";
  between.value = 2.0;
  EXPECT_TRUE(between.is_met());
  EXPECT_EQ(between.bound_text(), "1 m to 2 m");
  between.value = 0.999;
  EXPECT_FALSE(between.is_met());
}

Setting scalar(const std::string& text) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = text;
  return setting;
}

TEST(YamlText, QuotesWhatYamlWouldReadDifferently) {
  Setting root;
  for (const char* text : {"0.03 s/m^(1/3)", "x < 60 ? 3 : 0.2", "a: b", "# no comment",
                           "Kirche \"Sankt Jürgen\"", "", "2026-01-01T00:00:00Z", "yes"}) {
    root.members.emplace_back("key", scalar(text));
  }
  EXPECT_EQ(yaml_text(root), R"(key: 0.03 s/m^(1/3)
key: "x < 60 ? 3 : 0.2"
key: "a: b"
key: "# no comment"
key: "Kirche \"Sankt Jürgen\""
key: ""
key: 2026-01-01T00:00:00Z
key: yes
)");
}

TEST(YamlText, NestsMapsAndLists) {
  Setting list;
  list.kind = Setting::Kind::list;
  Setting place;
  place.members = {{"kind", scalar("gauge")}, {"id", scalar("g1")}};
  list.items = {place, scalar("two")};
  Setting empty;
  Setting root;
  root.members = {{"places", list}, {"models", empty}};
  EXPECT_EQ(yaml_text(root), "places:\n  -\n    kind: gauge\n    id: g1\n  - two\nmodels: {}\n");
}

}  // namespace
}  // namespace dvinis::app

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/app/program.hpp"
#include "tests/app/scenarios.hpp"

namespace dvinis::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Command, ExplainsItselfLikeAManPage) {
  const Ending help = dvinis({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("EXAMPLES"), HasSubstr("EXIT STATUS"), HasSubstr("SIGNALS"),
                              HasSubstr("ENVIRONMENT"), HasSubstr("run"), HasSubstr("resume")));
  const Ending run = dvinis({"run", "--help"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.out, AllOf(HasSubstr("--max-walltime"), HasSubstr("--overwrite"), HasSubstr("--set")));
}

TEST(Command, CallsAWrongCommandLineAWrongCommandLine) {
  EXPECT_EQ(dvinis({}).code, 2);
  EXPECT_EQ(dvinis({"walk"}).code, 2);
  EXPECT_EQ(dvinis({"run"}).code, 2);
  EXPECT_EQ(dvinis({"run", "somewhere", "--colour"}).code, 2);
  const Ending missing = dvinis({"run", "/nowhere/at/all"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no scenario '/nowhere/at/all'"));
  const Ending walltime = dvinis({"run", "/nowhere", "--max-walltime", "2 parsecs"});
  EXPECT_EQ(walltime.code, 2);
  EXPECT_THAT(walltime.err, HasSubstr("--max-walltime"));
}

TEST(Command, TellsItsVersionForPeopleAndForPrograms) {
  EXPECT_THAT(dvinis({"--version"}).out, HasSubstr("dvinis 0."));
  const json version = json::parse(dvinis({"--version", "--json"}).out);
  EXPECT_EQ(version.at("name"), "dvinis");
  EXPECT_EQ(version.at("models").at(0), "flood");
}

TEST(Command, PrintsASchemaThatIsJsonAndAReferenceOfEveryKey) {
  const json schema = json::parse(dvinis({"schema"}).out);
  EXPECT_TRUE(schema.contains("$schema"));
  EXPECT_TRUE(schema.at("properties").contains("models"));
  EXPECT_THAT(dvinis({"reference"}).out, AllOf(HasSubstr("vertical_datum"), HasSubstr("exchange")));
}

TEST(Command, DescribesAModelAndSuggestsTheNearOne) {
  EXPECT_THAT(dvinis({"describe", "flood"}).out,
              AllOf(HasSubstr("water_depth"), HasSubstr("PARAMETERS"), HasSubstr("courant")));
  const Ending wrong = dvinis({"describe", "flod"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'flood'?"));
}

TEST(Command, StartsAScenarioThatPassesItsOwnCheck) {
  const TemporaryFolder folder;
  EXPECT_EQ(dvinis({"init", "dam-break", folder / "mine"}).code, 0);
  EXPECT_TRUE(fs::exists(folder / "mine/scenario.schema.json"));
  const Ending check = dvinis({"check", folder / "mine"});
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_THAT(check.out, AllOf(HasSubstr("the scenario is good"), HasSubstr("MiB"), HasSubstr("first step")));
  EXPECT_EQ(dvinis({"init", folder / "mine"}).code, 2);
}

TEST(Command, NamesFileLineKeyAndTheNearKeyForATypo) {
  const TemporaryFolder folder;
  std::string text = small_dam_break();
  text.replace(text.find("duration"), 8, "durration");
  folder.write("scenario.yaml", text);
  const Ending ending = dvinis({"check", folder.path()});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.err, AllOf(HasSubstr("scenario.yaml:8"), HasSubstr("durration"),
                                HasSubstr("did you mean"), HasSubstr("duration")));
}

TEST(Command, RefusesAFieldThatNoModelProvides) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  const Ending ending = dvinis({"check", folder.path(), "--set", "outputs.maps.fields=[water_dept]"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.err, HasSubstr("did you mean 'water_depth'?"));
}

TEST(Command, LeavesNothingBehindWhenItOnlyChecks) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break("", "deep/er/out"));
  EXPECT_EQ(dvinis({"check", folder.path()}).code, 0);
  EXPECT_FALSE(fs::exists(folder / "deep"));
}

TEST(Command, RunsAndLeavesResultsReportLogAndTheScenarioUsed) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  const Ending ending = dvinis({"run", folder.path(), "--threads", "1", "--set", "seed=7"});
  ASSERT_EQ(ending.code, 0) << ending.err;
  EXPECT_THAT(ending.err, AllOf(HasSubstr("100 %"), HasSubstr("unaccounted")));
  for (const char* name : {"run.nc", "run.json", "run.log", "scenario.used.yaml"}) {
    EXPECT_TRUE(fs::exists(folder / (std::string("out/") + name))) << name;
  }
  const json report = json::parse(text_of(folder / "out/run.json"));
  EXPECT_EQ(report.at("status"), "completed");
  EXPECT_EQ(report.at("provenance").at("seed"), 7);
  EXPECT_EQ(report.at("provenance").at("threads"), 1);
  EXPECT_EQ(report.at("state_sha256").get<std::string>().size(), 64u);
  // The scenario used, defaults and overrides written out, is a scenario again and gives the same result.
  folder.write("again/scenario.yaml", text_of(folder / "out/scenario.used.yaml"));
  ASSERT_EQ(dvinis({"run", folder / "again"}).code, 0);
  EXPECT_EQ(json::parse(text_of(folder / "again/out/run.json")).at("state_sha256"),
            report.at("state_sha256"));
}

TEST(Command, RefusesToReplaceResultsUnlessToldTo) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  ASSERT_EQ(dvinis({"run", folder.path()}).code, 0);
  const auto first = fs::last_write_time(folder / "out/run.nc");
  const Ending second = dvinis({"run", folder.path()});
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.err, AllOf(HasSubstr("--overwrite"), HasSubstr("--out")));
  EXPECT_EQ(fs::last_write_time(folder / "out/run.nc"), first);
  EXPECT_EQ(dvinis({"run", folder.path(), "--overwrite"}).code, 0);
  EXPECT_EQ(dvinis({"run", folder.path(), "--out", folder / "elsewhere"}).code, 0);
}

TEST(Command, FindsAnOutputFolderThatCannotBeBeforeStepOne) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a-file", "not a folder");
  folder.write("scenario.yaml", small_dam_break("", "a-file/out"));
  for (const char* command : {"run", "check"}) {
    const Ending ending = dvinis({command, folder.path()});
    EXPECT_EQ(ending.code, 5) << command;
    EXPECT_THAT(ending.err, AllOf(HasSubstr("cannot write into the output folder"),
                                  HasSubstr("is not a folder"), HasSubstr("--out")));
  }
  EXPECT_EQ(text_of(file), "not a folder");
}

TEST(Command, SaysThatTheFileGrewTooLargeAndLeavesNothingThatLooksWhole) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  Program program({"run", folder.path()}, 100'000);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 5) << ending.err;
  EXPECT_THAT(ending.err, HasSubstr("run.nc"));
  if (fs::exists(folder / "out/run.nc")) {
    EXPECT_THAT(dvinis({"info", folder / "out/run.nc"}).out, HasSubstr("INCOMPLETE"));
  }
  EXPECT_EQ(json::parse(text_of(folder / "out/run.json")).at("status"), "failed");
}

TEST(Command, FailsWhenAnExpectationFailsAndSaysByHowMuch) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml",
               small_dam_break(
                   "expect:\n"
                   "  - { what: budget_error, quantity: water, below: 1e-12 }\n"
                   "  - { what: value, table: gauges, place: downstream, column: water_depth, below: 1 cm, "
                   "figure: test.depth }\n"));
  setenv("DVINIS_FIGURES", (folder / "figures.jsonl").c_str(), 1);
  const Ending ending = dvinis({"run", folder.path()});
  unsetenv("DVINIS_FIGURES");
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.err,
              AllOf(HasSubstr("met  budget error of water"),
                    HasSubstr("FAIL gauges.water_depth of downstream"), HasSubstr("expected < 0.01 m")));
  const json figure = json::parse(text_of(folder / "figures.jsonl"));
  EXPECT_EQ(figure.at("id"), "test.depth");
  EXPECT_EQ(figure.at("unit"), "m");
  EXPECT_GT(figure.at("value").get<double>(), 0.01);
}

TEST(Command, RefusesAnExpectationAboutAPlaceThatIsNotThereBeforeTheRun) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml",
               small_dam_break("expect:\n  - { what: value, table: gauges, place: downstraem, column: "
                               "water_depth, below: 1 m }\n"));
  const Ending ending = dvinis({"check", folder.path()});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.err, AllOf(HasSubstr("scenario.yaml:23"), HasSubstr("did you mean 'downstream'?")));
}

TEST(Command, PrintsProgressAsJsonLinesOnRequest) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  const Ending ending = dvinis({"run", folder.path(), "--progress", "json"});
  ASSERT_EQ(ending.code, 0);
  std::istringstream lines(ending.out);
  std::string line;
  json last;
  while (std::getline(lines, line)) last = json::parse(line);
  EXPECT_EQ(last.at("fraction"), 1.0);
  EXPECT_EQ(last.at("time"), 60.0);
  EXPECT_LT(last.at("mass_error").get<double>(), 1e-12);
}

TEST(Command, ReportsOnAResultsFile) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  ASSERT_EQ(dvinis({"run", folder.path(), "--progress", "off"}).code, 0);
  const Ending info = dvinis({"info", folder / "out"});
  EXPECT_EQ(info.code, 0) << info.err;
  EXPECT_THAT(info.out, AllOf(HasSubstr("A dam bursts."), HasSubstr("maximum_depth"), HasSubstr("ledger"),
                              HasSubstr("downstream"), Not(HasSubstr("INCOMPLETE"))));
  const Ending missing = dvinis({"info", folder / "nothing.nc"});
  EXPECT_EQ(missing.code, 5);
  EXPECT_THAT(missing.err, HasSubstr("nothing.nc"));
}

TEST(Command, BranchesFromAStateOfAnEarlierRun) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  ASSERT_EQ(dvinis({"run", folder.path(), "--progress", "off", "--set", "outputs.checkpoint.keep=all"}).code,
            0);
  const auto report = [&](const std::string& name) {
    return json::parse(text_of(folder / (name + "/run.json")));
  };
  const auto branch = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words = {"branch", folder / "out", "--progress", "off", "--out", folder / name};
    words.insert(words.end(), more.begin(), more.end());
    return dvinis(words);
  };
  // Nothing changed: the same end, to the bit.
  const Ending same = branch("same", {"--at", "35 s"});
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_THAT(same.err + same.out, HasSubstr("at 0:00:30"));
  EXPECT_EQ(report("same").at("state_sha256"), report("out").at("state_sha256"));
  // Its results begin where it branched off.
  const Ending info = dvinis({"info", folder / "same"});
  EXPECT_THAT(info.out, HasSubstr("maps        4 from 0:00:30"));
  const Ending other = branch("other", {"--at", "30 s", "--set", "models.flood.courant=0.2"});
  ASSERT_EQ(other.code, 0) << other.err;
  EXPECT_NE(report("other").at("state_sha256"), report("out").at("state_sha256"));
  // What cannot be.
  EXPECT_THAT(branch("never", {"--at", "5 s"}).err, HasSubstr("no state from before"));
  EXPECT_THAT(branch("late", {}).err, HasSubstr("is the end of the run"));
  EXPECT_THAT(dvinis({"branch", folder / "out", "--progress", "off"}).err, HasSubstr("--out FOLDER"));
  EXPECT_THAT(branch("out", {"--at", "30 s"}).err, HasSubstr("own trunk"));
  EXPECT_THAT(branch("same", {"--at", "30 s"}).err, HasSubstr("--overwrite"));
  EXPECT_THAT(dvinis({"branch", folder.path(), "--out", folder / "x"}).err, HasSubstr("no folder of a run"));
  EXPECT_EQ(branch("finer", {"--at", "30 s", "--set", "domain.plain.spacing=2.5 m"}).code, 5)
      << "other cells";
}

TEST(Command, ComparesTwoResults) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  const auto run = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"run", folder.path(), "--progress", "off", "--out", folder / name};
    words.insert(words.end(), more.begin(), more.end());
    return dvinis(words).code;
  };
  ASSERT_EQ(run("one", {}), 0);
  ASSERT_EQ(run("same", {}), 0);
  ASSERT_EQ(run("rough", {"--set", "layers.roughness.value=0.08 s/m^(1/3)"}), 0);
  ASSERT_EQ(run("coarse", {"--set", "domain.plain.spacing=2.5 m"}), 0);
  const auto compared = [&](const std::string& a, const std::string& b) {
    return json::parse(dvinis({"compare", folder / a, folder / (b + "/run.nc"), "--json"}).out);
  };
  const auto depth_of = [](const json& comparison) {
    for (const json& line : comparison.at("fields")) {
      if (line.at("field") == "maximum_depth") return line;
    }
    return json();
  };
  EXPECT_EQ(depth_of(compared("one", "same")).at("rmse"), 0.0);
  const json rough = depth_of(compared("one", "rough"));
  EXPECT_GT(rough.at("rmse").get<double>(), 0.01);
  EXPECT_EQ(rough.at("count"), 41 * 23);
  EXPECT_THAT(rough.at("where").get<std::string>(), HasSubstr("x "));
  EXPECT_EQ(depth_of(compared("rough", "one")).at("bias").get<double>(), -rough.at("bias").get<double>());
  const json coarse = compared("one", "coarse");
  EXPECT_TRUE(coarse.at("fields").empty()) << "other cells: tables only";
  EXPECT_FALSE(coarse.at("columns").empty());
  const Ending table = dvinis({"compare", folder / "one", folder / "rough"});
  EXPECT_EQ(table.code, 0);
  EXPECT_THAT(table.out, AllOf(HasSubstr("maximum_depth"), HasSubstr("gauges: maximum_water_level")));
  EXPECT_EQ(dvinis({"compare", folder / "one", folder / "nowhere"}).code, 5);
}

TEST(Command, RefusesAFastModeThatCannotBe) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  const Ending tables = dvinis({"check", folder.path(), "--set", "domain.subgrid=1 m"});
  EXPECT_EQ(tables.code, 3);
  EXPECT_THAT(tables.err, AllOf(HasSubstr("subgrid"), HasSubstr("mode: fast")));
  const Ending misfit =
      dvinis({"check", folder.path(), "--set", "models.flood.mode=fast", "--set", "domain.subgrid=2 m"});
  EXPECT_EQ(misfit.code, 3);
  EXPECT_THAT(misfit.err, HasSubstr("must fill the side of a cell"));
  EXPECT_EQ(dvinis({"run", folder.path(), "--progress", "off", "--set", "models.flood.mode=fast", "--set",
                    "domain.subgrid=1 m"})
                .code,
            0);
}

TEST(Command, ExportsForGisAndSpreadsheets) {
  const TemporaryFolder folder;
  folder.write("scenario.yaml", small_dam_break());
  ASSERT_EQ(dvinis({"run", folder.path(), "--progress", "off"}).code, 0);
  const std::string results = folder / "out/run.nc";
  const Ending ending = dvinis({"export", results, "--geotiff", "--geojson", "--csv", "--vti"});
  ASSERT_EQ(ending.code, 0) << ending.err;
  for (const char* name : {"water_depth_000010s.tif", "maximum_depth.tif", "maximum_depth.geojson",
                           "gauges.geojson", "gauges.csv", "gauges_series.csv", "run.pvd"}) {
    EXPECT_TRUE(fs::exists(folder / (std::string("out/export/") + name))) << name;
  }
  EXPECT_EQ(
      dvinis({"export", results, "--geotiff", "--field", "maximum_depth", "--out", folder / "one"}).code, 0);
  EXPECT_TRUE(fs::exists(folder / "one/maximum_depth.tif"));
  EXPECT_FALSE(fs::exists(folder / "one/water_depth_000010s.tif"));
  EXPECT_EQ(dvinis({"export", results}).code, 2);
  const Ending wrong = dvinis({"export", results, "--csv", "--field", "maximum_dept"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'maximum_depth'?"));
}

}  // namespace
}  // namespace dvinis::app

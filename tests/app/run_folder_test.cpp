#include "scenarios/app/run_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/app/program.hpp"

namespace dvinis::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(RunFolder, IsMadeWithItsParentsAndLeftWithoutATrace) {
  const TemporaryFolder base;
  const RunFolder folder(base / "a/b/c");
  folder.test_writing(false);
  EXPECT_FALSE(fs::exists(base / "a"));
  folder.test_writing(true);
  EXPECT_TRUE(fs::is_directory(base / "a/b/c"));
  EXPECT_TRUE(fs::is_empty(base / "a/b/c"));
}

TEST(RunFolder, NamesTheFileThatIsInTheWay) {
  const TemporaryFolder base;
  base.write("file", "");
  try {
    RunFolder(base / "file/out").test_writing(true);
    FAIL() << "a folder inside a file";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("file' is not a folder"));
    EXPECT_THAT(error.what(), HasSubstr("--out"));
  }
}

TEST(RunFolder, ClearsItsOwnFilesAndNoOthers) {
  const TemporaryFolder base;
  for (const char* name : {"run.nc", "run.json", "run.log", "scenario.used.yaml", "checkpoint-12.h5",
                           "run.nc.journal", "run.nc.new", "checkpoint-13.h5.tmp", "notes.txt"}) {
    base.write(name, "x");
  }
  const RunFolder folder(base.path());
  EXPECT_TRUE(folder.holds_a_run());
  folder.clear();
  EXPECT_FALSE(folder.holds_a_run());
  EXPECT_TRUE(fs::exists(base / "notes.txt"));
}

TEST(WriteWhole, ReplacesTheOldTextAndLeavesNoHalfFile) {
  const TemporaryFolder base;
  write_whole(base / "run.json", "first and longer");
  write_whole(base / "run.json", "second");
  EXPECT_EQ(read_whole(base / "run.json"), "second");
  EXPECT_FALSE(fs::exists(base / "run.json.tmp"));
  EXPECT_THROW(write_whole("/dev/null/run.json", "x"), IoError);
}

}  // namespace
}  // namespace dvinis::app

#include "io/hdf5/file_space.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

TEST(WriteError, names_path_cause_and_way_out) {
  const std::string full = write_error("out/run.nc", FileTrouble("write", ENOSPC)).what();
  EXPECT_EQ(full,
            "cannot write 'out/run.nc': the disk is full; free some space or name another folder in "
            "outputs.folder, "
            "then continue with 'dvinis resume'");
  const std::string product =
      write_error("a.tif", FileTrouble("write", ENOENT), {"name another place", "again"}).what();
  EXPECT_EQ(product,
            "cannot write 'a.tif': its folder does not exist; make the folder or name another place");
}

TEST(FileSpace, reserves_blocks_without_changing_the_length) {
  const test::ScratchFolder folder;
  const std::string path = folder.file("data");
  std::ofstream(path) << "seven b";
  FileSpace space(path);

  space.reserve(7, 1 << 20);
  EXPECT_EQ(std::filesystem::file_size(path), 7u);
  space.release();

  EXPECT_EQ(std::filesystem::file_size(path), 7u);
}

TEST(FileSpace, refuses_more_than_any_disk_holds) {
  const test::ScratchFolder folder;
  const std::string path = folder.file("data");
  std::ofstream(path) << "seven b";
  const FileSpace space(path);

  EXPECT_THROW(space.reserve(7, std::uint64_t{1} << 53), FileTrouble);
}

}  // namespace
}  // namespace dvinis

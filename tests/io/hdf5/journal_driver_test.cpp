#include "io/hdf5/journal_driver.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "io/hdf5/hdf5.hpp"
#include "io/hdf5/journal.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

using hdf5::Handle;

std::vector<double> counted(std::size_t count, double from) {
  std::vector<double> values(count);
  std::iota(values.begin(), values.end(), from);
  return values;
}

TEST(JournalDriver, shows_others_only_what_was_flushed) {
  const test::ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  const Handle file = hdf5::create_file(path, path);
  hdf5::write_list(file.get(), "first", std::span<const double>(counted(1000, 0.0)));
  hdf5::flush(file);
  hdf5::write_list(file.get(), "second", std::span<const double>(counted(1000, 7.0)));

  const Handle seen = hdf5::open_file(path);

  EXPECT_TRUE(hdf5::has_link(seen.get(), "first"));
  EXPECT_FALSE(hdf5::has_link(seen.get(), "second"));
  EXPECT_EQ(hdf5::read_doubles(seen.get(), "first"), counted(1000, 0.0));
}

TEST(JournalDriver, gives_back_everything_after_closing_and_reopening) {
  const test::ScratchFolder folder;
  const std::string path = folder.file("a.h5");
  for (int part = 0; part < 3; ++part) {
    const Handle file = part == 0 ? hdf5::create_file(path, path) : hdf5::open_file_to_write(path);
    for (int k = 0; k < 40; ++k) {
      hdf5::write_list(file.get(), "list" + std::to_string(100 * part + k),
                       std::span<const double>(counted(static_cast<std::size_t>(37 * k + 1), k)));
      hdf5::write_attribute(file.get(), "last", static_cast<double>(100 * part + k));
      if (k % 3 == 0) hdf5::flush(file);
    }
    hdf5::write_text(file.get(), "text", std::string(static_cast<std::size_t>(5000 * (part + 1)), 'x'));
  }

  const Handle file = hdf5::open_file(path);

  for (int part = 0; part < 3; ++part) {
    for (int k = 0; k < 40; ++k) {
      ASSERT_EQ(hdf5::read_doubles(file.get(), "list" + std::to_string(100 * part + k)),
                counted(static_cast<std::size_t>(37 * k + 1), k));
    }
  }
  EXPECT_EQ(hdf5::number_attribute(file.get(), "last"), std::vector<double>{239.0});
  EXPECT_EQ(hdf5::read_text(file.get(), "text").size(), 15000u);
  EXPECT_FALSE(std::filesystem::exists(journal_path(path)));
}

/// In a child whose files may not grow beyond `limit`: 0 if the trouble was told and the program ended in
/// order.
int status_under_limit(const std::string& path, rlim_t limit) {
  const pid_t child = fork();
  if (child == 0) {
    ignore_file_size_signal();
    Handle file = hdf5::create_file(path, path);
    hdf5::write_list(file.get(), "first", std::span<const double>(counted(1000, 0.0)));
    hdf5::flush(file);
    const rlimit sizes{limit, limit};
    setrlimit(RLIMIT_FSIZE, &sizes);
    int status = 1;
    try {
      for (int k = 0; k < 100; ++k) {
        hdf5::write_list(file.get(), "more" + std::to_string(k), std::span<const double>(counted(500, 0.0)));
      }
      hdf5::flush(file);
    } catch (const FileTrouble& trouble) {
      status = trouble.error_number == EFBIG ? 0 : 2;
    }
    file.reset();
    std::exit(status);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST(JournalDriver, keeps_the_last_flush_when_the_file_may_not_grow) {
  for (const rlim_t limit : {12000u, 40000u, 100000u, 300000u}) {
    const test::ScratchFolder folder;
    const std::string path = folder.file("a.h5");

    ASSERT_EQ(status_under_limit(path, limit), 0) << limit;

    const Handle file = hdf5::open_file(path);
    EXPECT_EQ(hdf5::link_names(file.get()), std::vector<std::string>{"first"}) << limit;
    EXPECT_EQ(hdf5::read_doubles(file.get(), "first"), counted(1000, 0.0));
    EXPECT_FALSE(std::filesystem::exists(journal_path(path)));
  }
}

}  // namespace
}  // namespace dvinis

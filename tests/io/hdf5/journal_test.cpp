#include "io/hdf5/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/hdf5/file_space.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Page page_of(char letter) {
  Page page;
  page.fill(static_cast<std::byte>(letter));
  return page;
}

/// A file of three pages of 'o' and the changes that make it "new, old, new".
class JournalTest : public testing::Test {
 protected:
  JournalTest() { std::ofstream(path_, std::ios::binary) << old_; }

  /// Commits through a descriptor that cannot be written: as if killed when the journal was complete.
  void commit_half() {
    Journal journal(journal_path(path_));
    const int readable = open(path_.c_str(), O_RDONLY);
    EXPECT_THROW(journal.commit(changes_, readable), FileTrouble);
    close(readable);
  }

  test::ScratchFolder folder_;
  std::string path_ = folder_.file("data");
  std::string old_ = std::string(3 * page_size, 'o');
  std::string new_ = std::string(page_size, 'n') + std::string(page_size, 'o') + std::string(page_size, 'm');
  Pages changes_ = {{0, page_of('n')}, {2, page_of('m')}};
};

TEST_F(JournalTest, writes_all_pages_and_leaves_no_journal_when_removed) {
  {
    Journal journal(journal_path(path_));
    const int descriptor = open(path_.c_str(), O_RDWR);
    journal.commit(changes_, descriptor);
    close(descriptor);
    EXPECT_EQ(fs::file_size(journal_path(path_)), 0u);
    journal.remove();
  }

  EXPECT_EQ(text_of(path_), new_);
  EXPECT_FALSE(fs::exists(journal_path(path_)));
}

TEST_F(JournalTest, is_completed_by_recovery_after_a_kill) {
  commit_half();
  EXPECT_EQ(text_of(path_), old_);

  recover(path_);

  EXPECT_EQ(text_of(path_), new_);
  EXPECT_FALSE(fs::exists(journal_path(path_)));
}

TEST_F(JournalTest, that_was_torn_itself_changes_nothing) {
  commit_half();
  const std::uintmax_t whole = fs::file_size(journal_path(path_));
  for (const std::uintmax_t length : {whole - 1, whole / 2, std::uintmax_t{20}, std::uintmax_t{0}}) {
    commit_half();
    fs::resize_file(journal_path(path_), length);

    recover(path_);

    EXPECT_EQ(text_of(path_), old_) << length;
  }
}

TEST_F(JournalTest, of_another_file_of_that_name_changes_nothing) {
  commit_half();
  std::ofstream(folder_.file("other"), std::ios::binary) << old_;
  fs::rename(folder_.file("other"), path_);

  recover(path_);

  EXPECT_EQ(text_of(path_), old_);
}

TEST_F(JournalTest, is_left_alone_while_its_writer_lives) {
  const Journal living(journal_path(path_));
  EXPECT_THROW(Journal(journal_path(path_)), FileTrouble);

  recover(path_);

  EXPECT_TRUE(fs::exists(journal_path(path_)));
  EXPECT_EQ(text_of(path_), old_);
}

TEST_F(JournalTest, recovery_without_a_journal_changes_nothing) {
  recover(path_);
  recover(folder_.file("absent"));

  EXPECT_EQ(text_of(path_), old_);
}

}  // namespace
}  // namespace dvinis

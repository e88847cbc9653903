#include "core/base/checksum.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/base/error.hpp"

namespace dvinis {
namespace {

std::string hex_of(std::string_view text) {
  Sha256 digest;
  digest.add(text);
  return digest.hex();
}

TEST(Checksum, gives_the_known_answers_of_the_standard) {
  EXPECT_EQ(hex_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Checksum, does_not_depend_on_how_bytes_are_cut) {
  Sha256 digest;
  digest.add("a");
  digest.add("");
  digest.add("bc");
  EXPECT_EQ(digest.hex(), hex_of("abc"));
}

TEST(Checksum, is_spent_after_use) {
  Sha256 digest;
  digest.hex();
  EXPECT_THROW(digest.add("x"), InternalError);
  EXPECT_THROW(digest.hex(), InternalError);
}

TEST(Checksum, reads_files_larger_than_one_block) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "dvinis-checksum-test.bin";
  std::string bytes(700001, '\0');
  for (std::size_t n = 0; n < bytes.size(); ++n) bytes[n] = static_cast<char>(n * 7);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(file_sha256(path.string()), hex_of(bytes));
  std::filesystem::remove(path);
}

TEST(Checksum, names_the_file_it_cannot_read) {
  try {
    file_sha256("/nowhere/terrain.tif");
    FAIL();
  } catch (const IoError& error) {
    EXPECT_STREQ(error.what(), "/nowhere/terrain.tif: cannot be opened: No such file or directory");
  }
  EXPECT_THROW(file_sha256(testing::TempDir()), IoError);  // a folder
}

}  // namespace
}  // namespace dvinis

#include "io/checkpoint/seal.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/checksum.hpp"
#include "io/hdf5/file_space.hpp"

namespace dvinis {

namespace {

constexpr std::string_view seal_word = "\ndvinis sha256 ";
constexpr std::size_t digits = 64;
constexpr std::size_t seal_length = seal_word.size() + digits;

std::string checksum_of_first(std::ifstream& file, std::uintmax_t bytes) {
  Sha256 hash;
  std::vector<char> block(1 << 20);
  while (bytes > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uintmax_t>(block.size(), bytes));
    if (!file.read(block.data(), static_cast<std::streamsize>(wanted)))
      throw FileTrouble("it cannot be read", EIO);
    hash.add(block.data(), wanted);
    bytes -= wanted;
  }
  return hash.hex();
}

}  // namespace

void seal_file(const std::string& path) {
  std::ifstream written(path, std::ios::binary);
  const std::string seal =
      std::string(seal_word) + checksum_of_first(written, std::filesystem::file_size(path));
  FileSpace space(path);
  space.reserve(std::filesystem::file_size(path), seal_length);
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << seal;
  file.close();
  if (!file) throw FileTrouble("appending the seal", errno);
  space.synchronise();
}

void expect_seal(const std::string& path) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed || size < seal_length) throw FileTrouble("it has no mark of completeness", 0);
  std::ifstream file(path, std::ios::binary);
  const std::string checksum = checksum_of_first(file, size - seal_length);
  std::string seal(seal_length, '\0');
  file.read(seal.data(), static_cast<std::streamsize>(seal_length));
  if (!file || !seal.starts_with(seal_word)) throw FileTrouble("it has no mark of completeness", 0);
  if (seal.substr(seal_word.size()) != checksum)
    throw FileTrouble("its content does not fit its checksum", 0);
}

}  // namespace dvinis

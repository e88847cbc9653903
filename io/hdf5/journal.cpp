#include "io/hdf5/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/checksum.hpp"
#include "io/hdf5/file_space.hpp"

namespace dvinis {

namespace {

constexpr std::size_t digits = 64;

/// First bytes of a journal with content.
struct Head {
  std::array<char, 8> word = {'d', 'v', 'i', 'n', 'i', 's', 'J', '1'};
  std::uint64_t inode = 0;  ///< of the file it belongs to: a file of the same name may have taken its place
  std::uint64_t count = 0;  ///< pages that follow, each led by its number
};

constexpr std::size_t entry_size = sizeof(std::uint64_t) + page_size;

FileTrouble trouble_of_call(const char* call, int number) {
  return FileTrouble(fmt::format("{}: {}", call, std::strerror(number)), number);
}

std::uint64_t inode_of(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

std::string checksum_of(const std::vector<std::byte>& bytes, std::size_t count) {
  Sha256 hash;
  hash.add(bytes.data(), count);
  return hash.hex();
}

std::vector<std::byte> packed(const Pages& pages, std::uint64_t inode) {
  std::vector<std::byte> bytes(sizeof(Head) + pages.size() * entry_size + digits);
  const Head head{.inode = inode, .count = pages.size()};
  std::memcpy(bytes.data(), &head, sizeof head);
  std::byte* entry = bytes.data() + sizeof head;
  for (const auto& [number, page] : pages) {
    std::memcpy(entry, &number, sizeof number);
    std::memcpy(entry + sizeof number, page.data(), page_size);
    entry += entry_size;
  }
  const std::string checksum = checksum_of(bytes, bytes.size() - digits);
  std::memcpy(entry, checksum.data(), digits);
  return bytes;
}

/// Pages of a whole journal that belongs to the file, else none.
Pages unpacked(const std::vector<std::byte>& bytes, std::uint64_t inode) {
  Head head;
  const Head expected;
  if (bytes.size() < sizeof head + digits) return {};
  std::memcpy(&head, bytes.data(), sizeof head);
  const bool is_ours = head.word == expected.word && head.inode == inode;
  if (!is_ours || bytes.size() != sizeof head + head.count * entry_size + digits) return {};
  const std::string checksum = checksum_of(bytes, bytes.size() - digits);
  if (std::memcmp(bytes.data() + bytes.size() - digits, checksum.data(), digits) != 0) return {};
  Pages pages;
  for (std::uint64_t k = 0; k < head.count; ++k) {
    const std::byte* entry = bytes.data() + sizeof head + k * entry_size;
    std::uint64_t number = 0;
    std::memcpy(&number, entry, sizeof number);
    std::memcpy(pages[number].data(), entry + sizeof number, page_size);
  }
  return pages;
}

std::vector<std::byte> content_of(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return {};
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t part = pread(descriptor, bytes.data() + got, bytes.size() - got, static_cast<off_t>(got));
    if (part <= 0) return {};
    got += static_cast<std::size_t>(part);
  }
  return bytes;
}

/// A descriptor that closes itself.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

}  // namespace

void write_fully(int descriptor, const void* bytes, std::size_t count, std::uint64_t offset) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = pwrite(descriptor, next, count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw trouble_of_call("write", errno);
    next += written;
    count -= static_cast<std::size_t>(written);
    offset += static_cast<std::uint64_t>(written);
  }
}

Journal::Journal(const std::string& path)
    : path_(path), descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) throw trouble_of_call("open", errno);
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int failed = errno;
    close(std::exchange(descriptor_, -1));
    if (failed == EWOULDBLOCK) throw FileTrouble("another run is writing to it", 0);
    throw trouble_of_call("lock", failed);
  }
  if (ftruncate(descriptor_, 0) != 0) throw trouble_of_call("truncate", errno);
}

Journal::~Journal() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Journal::commit(const Pages& pages, int descriptor) {
  if (pages.empty()) return;
  const std::vector<std::byte> bytes = packed(pages, inode_of(descriptor));
  write_fully(descriptor_, bytes.data(), bytes.size(), 0);
  is_needed_ = true;
  for (const auto& [number, page] : pages)
    write_fully(descriptor, page.data(), page_size, number * page_size);
  if (ftruncate(descriptor_, 0) != 0) throw trouble_of_call("truncate", errno);
  is_needed_ = false;
}

void Journal::remove() {
  if (!is_needed_) unlink(path_.c_str());
}

std::string journal_path(const std::string& path) { return path + ".journal"; }

void recover(const std::string& path) {
  const Descriptor journal(open(journal_path(path).c_str(), O_RDWR | O_CLOEXEC));
  if (journal.number < 0 || flock(journal.number, LOCK_EX | LOCK_NB) != 0) return;
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.number < 0) return;
  for (const auto& [number, page] : unpacked(content_of(journal.number), inode_of(file.number))) {
    write_fully(file.number, page.data(), page_size, number * page_size);
  }
  unlink(journal_path(path).c_str());
}

}  // namespace dvinis

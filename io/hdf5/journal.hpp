#pragma once
/// Pages of a file that change together or not at all, even if the process is killed in between.
///
/// A commit first writes the changed pages beside the file, then over it, then empties the journal. Who finds
/// a journal with content and no living writer repeats the second part: `recover`. The writer's life shows in
/// a lock that the system takes back with the process.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace dvinis {

constexpr std::size_t page_size = 4096;
using Page = std::array<std::byte, page_size>;
/// Pages by their number in the file.
using Pages = std::map<std::uint64_t, Page>;

/// The journal of one open file, locked while it lives.
class Journal {
 public:
  /// Makes or empties `path`. @throws FileTrouble
  explicit Journal(const std::string& path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Writes `pages` over the file behind `descriptor`, all or none. @throws FileTrouble
  void commit(const Pages& pages, int descriptor);
  /// The file is closed: removes the journal, unless a commit stopped half-way and is left to `recover`.
  void remove();

 private:
  std::string path_;
  bool is_needed_ = false;
  int descriptor_ = -1;
};

/// Name of the journal of a file.
std::string journal_path(const std::string& path);

/// Completes a commit that a killed writer of `path` began; does nothing while a writer lives.
void recover(const std::string& path);

/// Writes all of `count` bytes at `offset`. @throws FileTrouble
void write_fully(int descriptor, const void* bytes, std::size_t count, std::uint64_t offset);

}  // namespace dvinis

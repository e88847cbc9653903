#pragma once
/// Room on the disk, asked for before it is needed, and the sentences for when there is none.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "core/base/error.hpp"

namespace dvinis {

/// A system call on a file failed; `error_number` is its errno, 0 where unknown.
struct FileTrouble : std::runtime_error {
  FileTrouble(const std::string& what, int number) : std::runtime_error(what), error_number(number) {}
  int error_number = 0;
};

/// What a user can do about a file that cannot be written.
struct WayOut {
  std::string elsewhere = "name another folder in outputs.folder";
  std::string afterwards = "continue with 'dvinis resume'";
};

/// "cannot write 'out/run.nc': the disk is full; free some space ...": what happened and the way out.
IoError write_error(const std::string& path, const FileTrouble& trouble, const WayOut& way_out = {});

/// Lets a write beyond `ulimit -f` fail with an error instead of killing the process by SIGXFSZ.
void ignore_file_size_signal();

/// A second descriptor on a file that another library writes: reserves blocks ahead of a group of writes, so
/// that a full disk is met before the first byte of the group and the file keeps its last good content.
class FileSpace {
 public:
  FileSpace() = default;
  explicit FileSpace(const std::string& path);
  ~FileSpace();
  FileSpace(FileSpace&& other) noexcept;
  FileSpace& operator=(FileSpace&& other) noexcept;

  /// Secures `bytes` beyond `end`. File systems that cannot reserve are taken at their word.
  /// @throws FileTrouble with ENOSPC, EDQUOT or EFBIG.
  void reserve(std::uint64_t end, std::uint64_t bytes) const;
  /// Gives reserved blocks beyond the file's end back and closes.
  void release();
  /// Waits until the content is on the disk. @throws FileTrouble
  void synchronise() const;

 private:
  int descriptor_ = -1;
};

/// Renames and makes the new name durable. @throws FileTrouble
void rename_durably(const std::string& from, const std::string& to);

/// Makes the folder that will hold `path`, with its parents. @throws FileTrouble
void make_parent_folder(const std::string& path);

}  // namespace dvinis

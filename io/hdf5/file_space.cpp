#include "io/hdf5/file_space.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dvinis {

namespace {

FileTrouble trouble_of_call(const char* call, int number) {
  return FileTrouble(fmt::format("{}: {}", call, std::strerror(number)), number);
}

std::string reason_and_way_out(const FileTrouble& trouble, const WayOut& way_out) {
  switch (trouble.error_number) {
    case ENOSPC:
    case EDQUOT:
      return fmt::format("the disk is full; free some space or {}, then {}", way_out.elsewhere,
                         way_out.afterwards);
    case EFBIG:
      return fmt::format(
          "the file would grow beyond the size limit of this session; raise it with 'ulimit -f unlimited', "
          "then {}",
          way_out.afterwards);
    case ENOTDIR:
      return fmt::format("a part of the path is a file where a folder is needed; {}", way_out.elsewhere);
    case ENOENT:
      return fmt::format("its folder does not exist; make the folder or {}", way_out.elsewhere);
    case EACCES:
    case EPERM:
    case EROFS:
      return fmt::format("{}; make the folder writable for you or {}", std::strerror(trouble.error_number),
                         way_out.elsewhere);
    case EISDIR:
      return fmt::format("there is a folder of that name; remove it or {}", way_out.elsewhere);
    default:
      return fmt::format("{}; check the disk and the path, or {}", trouble.what(), way_out.elsewhere);
  }
}

}  // namespace

IoError write_error(const std::string& path, const FileTrouble& trouble, const WayOut& way_out) {
  return IoError(fmt::format("cannot write '{}': {}", path, reason_and_way_out(trouble, way_out)));
}

void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

FileSpace::FileSpace(const std::string& path) : descriptor_(open(path.c_str(), O_WRONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw trouble_of_call("open", errno);
}

FileSpace::~FileSpace() { release(); }

FileSpace::FileSpace(FileSpace&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileSpace& FileSpace::operator=(FileSpace&& other) noexcept {
  if (this != &other) {
    release();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void FileSpace::reserve(std::uint64_t end, std::uint64_t bytes) const {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      end + bytes > limit.rlim_cur) {
    throw trouble_of_call("reserve", EFBIG);
  }
  int failed = 0;
  do {
    const int result =
        fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(end), static_cast<off_t>(bytes));
    failed = result == 0 ? 0 : errno;
  } while (failed == EINTR);
  if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG) throw trouble_of_call("reserve", failed);
}

void FileSpace::release() {
  if (descriptor_ < 0) return;
  struct stat status {};
  // Truncating to the present size drops the blocks reserved beyond it; failing to costs only disk space.
  if (fstat(descriptor_, &status) == 0 && ftruncate(descriptor_, status.st_size) != 0) errno = 0;
  close(std::exchange(descriptor_, -1));
}

void FileSpace::synchronise() const {
  if (fsync(descriptor_) != 0) throw trouble_of_call("fsync", errno);
}

void rename_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) throw trouble_of_call("rename", errno);
  const std::filesystem::path folder = std::filesystem::path(to).parent_path();
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw trouble_of_call("open folder", errno);
  const int failed = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  // Some file systems cannot sync a folder; the rename itself has happened.
  if (failed != 0 && failed != EINVAL && failed != EROFS) throw trouble_of_call("fsync folder", failed);
}

void make_parent_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw FileTrouble(fmt::format("make folder: {}", failed.message()), failed.value());
}

}  // namespace dvinis

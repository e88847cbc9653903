#include "io/hdf5/journal_driver.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <memory>

#include "io/hdf5/hdf5.hpp"
#include "io/hdf5/journal.hpp"

namespace dvinis::hdf5 {

namespace {

constexpr haddr_t largest_address = (haddr_t{1} << 62) - 1;

/// What an access list carries to `open_file_of_list`.
struct DriverInfo {
  std::array<char, 4096> journal{};
};

hid_t driver();

/// Puts a failure with its errno on the library's error stack, in the words that its own drivers use.
void push_error(const char* what, int error_number) {
  if (error_number == 0) {
    H5Epush2(H5E_DEFAULT, __FILE__, "journal driver", __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_WRITEERROR, "%s",
             what);
    return;
  }
  H5Epush2(H5E_DEFAULT, __FILE__, "journal driver", __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_WRITEERROR,
           "%s, errno = %d, error message = '%s'", what, error_number, std::strerror(error_number));
}

/// One open file. The base is what the library sees; it must stay the first member of the layout.
class JournalledFile : public H5FD_t {
 public:
  JournalledFile(int descriptor, const std::string& journal)
      : H5FD_t(), descriptor_(descriptor), journal_(journal) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) throw FileTrouble("fstat", errno);
    device_ = status.st_dev;
    inode_ = status.st_ino;
    committed_end_ = end_ = static_cast<haddr_t>(status.st_size);
  }

  ~JournalledFile() {
    journal_.remove();
    ::close(descriptor_);
  }
  JournalledFile(const JournalledFile&) = delete;
  JournalledFile& operator=(const JournalledFile&) = delete;

  haddr_t allocated_end() const { return allocated_end_; }
  void set_allocated_end(haddr_t address) { allocated_end_ = address; }
  haddr_t end() const { return end_; }
  int* descriptor() { return &descriptor_; }
  int compare(const JournalledFile& other) const {
    if (device_ != other.device_) return device_ < other.device_ ? -1 : 1;
    return inode_ < other.inode_ ? -1 : inode_ > other.inode_ ? 1 : 0;
  }

  void read(haddr_t address, std::size_t count, std::byte* bytes) const {
    read_file(address, count, bytes);
    for_pages(address, count,
              [&](std::uint64_t number, std::size_t within, std::size_t part, std::size_t done) {
                const auto found = waiting_.find(number);
                if (found != waiting_.end()) std::memcpy(bytes + done, found->second.data() + within, part);
              });
  }

  void write(bool is_metadata, haddr_t address, std::size_t count, const std::byte* bytes) {
    if (!is_metadata && !has_failed_) write_fully(descriptor_, bytes, count, address);
    for_pages(address, count,
              [&](std::uint64_t number, std::size_t within, std::size_t part, std::size_t done) {
                auto found = waiting_.find(number);
                if (found == waiting_.end() && !is_metadata) return;
                if (found == waiting_.end()) {
                  found = waiting_.emplace(number, Page{}).first;
                  read_file(number * page_size, page_size, found->second.data());
                }
                std::memcpy(found->second.data() + within, bytes + done, part);
              });
    end_ = std::max(end_, address + count);
  }

  /// Makes the file on disk what the library thinks it is.
  ///
  /// After a failure nothing reaches the file any more, which so keeps its last commit. Every later commit
  /// tells it again, since the library may have swallowed the first one.
  void commit() {
    if (has_failed_) throw FileTrouble("an earlier write failed", failure_);
    has_failed_ = true;
    Pages known;
    for (auto& [number, page] : waiting_) {
      // Nothing on disk refers to what lies behind the last commit's end.
      if (number * page_size >= committed_end_) {
        write_fully(descriptor_, page.data(), page_size, number * page_size);
      } else {
        known.emplace(number, page);
      }
    }
    struct stat status {};
    const auto wanted = static_cast<off_t>(end_);
    if (fstat(descriptor_, &status) != 0) throw FileTrouble("fstat", errno);
    if (status.st_size < wanted && ftruncate(descriptor_, wanted) != 0) throw FileTrouble("ftruncate", errno);
    journal_.commit(known, descriptor_);
    if (ftruncate(descriptor_, wanted) != 0) throw FileTrouble("ftruncate", errno);
    waiting_.clear();
    committed_end_ = end_;
    has_failed_ = false;
  }

  void truncate() { end_ = allocated_end_; }
  void mark_failed(int error_number) {
    if (failure_ == 0) failure_ = error_number;
    has_failed_ = true;
  }

 private:
  void read_file(haddr_t address, std::size_t count, std::byte* bytes) const {
    while (count > 0) {
      const ssize_t got = pread(descriptor_, bytes, count, static_cast<off_t>(address));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw FileTrouble("read", errno);
      if (got == 0) break;
      bytes += got;
      address += static_cast<haddr_t>(got);
      count -= static_cast<std::size_t>(got);
    }
    std::memset(bytes, 0, count);
  }

  template <class Work>
  static void for_pages(haddr_t address, std::size_t count, const Work& work) {
    std::size_t done = 0;
    while (done < count) {
      const std::uint64_t number = (address + done) / page_size;
      const std::size_t within = (address + done) % page_size;
      const std::size_t part = std::min(page_size - within, count - done);
      work(number, within, part, done);
      done += part;
    }
  }

  int descriptor_;
  Journal journal_;
  Pages waiting_;
  haddr_t allocated_end_ = 0;
  haddr_t end_ = 0;
  haddr_t committed_end_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool has_failed_ = false;
  int failure_ = 0;  ///< errno of the first failure
};

JournalledFile& of(H5FD_t* file) { return *static_cast<JournalledFile*>(file); }
const JournalledFile& of(const H5FD_t* file) { return *static_cast<const JournalledFile*>(file); }

/// Runs a callback's work; no exception may cross the C library.
template <class Work>
herr_t guarded(H5FD_t* file, const char* what, const Work& work) {
  try {
    work();
    return 0;
  } catch (const FileTrouble& trouble) {
    push_error(what, trouble.error_number);
    of(file).mark_failed(trouble.error_number);
  } catch (const std::exception&) {
    push_error(what, ENOMEM);
    of(file).mark_failed(ENOMEM);
  }
  return -1;
}

H5FD_t* open_file_of_list(const char* name, unsigned flags, hid_t access_list, haddr_t) {
  const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access_list));
  int mode = (flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY;
  if ((flags & H5F_ACC_TRUNC) != 0) mode |= O_TRUNC;
  if ((flags & H5F_ACC_CREAT) != 0) mode |= O_CREAT;
  if ((flags & H5F_ACC_EXCL) != 0) mode |= O_EXCL;
  const int descriptor = ::open(name, mode | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    push_error("opening the file", errno);
    return nullptr;
  }
  try {
    return new JournalledFile(descriptor, info->journal.data());
  } catch (const FileTrouble& trouble) {
    push_error(trouble.what(), trouble.error_number);
  } catch (const std::exception&) {
    push_error("opening the file", ENOMEM);
  }
  ::close(descriptor);
  return nullptr;
}

herr_t close_file(H5FD_t* file) {
  delete &of(file);
  return 0;
}

int compare_files(const H5FD_t* one, const H5FD_t* other) { return of(one).compare(of(other)); }

herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA |
           H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated_end(const H5FD_t* file, H5FD_mem_t) { return of(file).allocated_end(); }

herr_t set_allocated_end(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  of(file).set_allocated_end(address);
  return 0;
}

haddr_t end_of(const H5FD_t* file, H5FD_mem_t) { return of(file).end(); }

herr_t descriptor_of(H5FD_t* file, hid_t, void** handle) {
  *handle = of(file).descriptor();
  return 0;
}

herr_t read_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t count, void* bytes) {
  return guarded(file, "reading", [&] { of(file).read(address, count, static_cast<std::byte*>(bytes)); });
}

herr_t write_file(H5FD_t* file, H5FD_mem_t type, hid_t, haddr_t address, std::size_t count,
                  const void* bytes) {
  return guarded(file, "writing", [&] {
    of(file).write(type != H5FD_MEM_DRAW, address, count, static_cast<const std::byte*>(bytes));
  });
}

/// What must be in the file is flushed before it is closed; trouble in closing is not told, since the library
/// crashes at exit over a file that does not close.
herr_t flush_file(H5FD_t* file, hid_t, hbool_t is_closing) {
  const herr_t status = guarded(file, "committing", [&] { of(file).commit(); });
  return is_closing ? 0 : status;
}

herr_t truncate_file(H5FD_t* file, hid_t, hbool_t) {
  of(file).truncate();
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t made{};
  made.name = "dvinis_journal";
  made.maxaddr = largest_address;
  made.fc_degree = H5F_CLOSE_WEAK;
  made.fapl_size = sizeof(DriverInfo);
  made.open = open_file_of_list;
  made.close = close_file;
  made.cmp = compare_files;
  made.query = query;
  made.get_eoa = allocated_end;
  made.set_eoa = set_allocated_end;
  made.get_eof = end_of;
  made.get_handle = descriptor_of;
  made.read = read_file;
  made.write = write_file;
  made.flush = flush_file;
  made.truncate = truncate_file;
  const H5FD_mem_t kinds[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(kinds), std::end(kinds), made.fl_map);
  return made;
}

hid_t driver() {
  static const H5FD_class_t kept = driver_class();
  static const hid_t identifier = H5FDregister(&kept);
  return identifier;
}

}  // namespace

void set_journal_driver(hid_t access_list, const std::string& journal) {
  DriverInfo info;
  expects(journal.size() < info.journal.size(), "a path of at most 4095 characters");
  std::copy(journal.begin(), journal.end(), info.journal.begin());
  check(H5Pset_driver(access_list, driver(), &info), "choosing the file driver");
}

}  // namespace dvinis::hdf5

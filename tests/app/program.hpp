#pragma once
/// The built command as a person meets it: words in, exit code and printed text out.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dvinis::app {

/// What an ended program left behind.
struct Ending {
  int code = -1;  ///< exit code, or 128 + signal
  std::string out;
  std::string err;
};

/// One running `dvinis`; killed if it is still there at the end of its life.
class Program {
 public:
  /// @param file_limit  RLIMIT_FSIZE [bytes]
  explicit Program(const std::vector<std::string>& words, std::optional<unsigned long> file_limit = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  bool is_running();
  /// Waits until the standard output holds `text` or the program has ended; whether it does.
  bool wait_for(const std::string& text);
  Ending wait();
  /// Standard output so far.
  std::string out() const;

 private:
  pid_t child_ = -1;
  std::string out_path_;
  std::string err_path_;
  std::optional<int> status_;
};

/// Runs `dvinis` with these words to its end.
Ending dvinis(const std::vector<std::string>& words);

/// A fresh folder that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

std::string text_of(const std::string& path);

}  // namespace dvinis::app

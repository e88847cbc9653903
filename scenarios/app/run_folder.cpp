#include "scenarios/app/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "core/base/error.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

/// Files of a run and what a killed run left of them: journals and half-written ones.
bool is_ours(std::string name) {
  for (const char* ending : {".journal", ".new", ".tmp"}) {
    if (name.ends_with(ending)) name.resize(name.size() - std::strlen(ending));
  }
  if (name == "run.nc" || name == "run.log" || name == "run.json" || name == "scenario.used.yaml")
    return true;
  return name.starts_with("checkpoint-");
}

std::vector<fs::path> our_files(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code trouble;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, trouble)) {
    if (is_ours(entry.path().filename().string())) found.push_back(entry.path());
  }
  return found;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw IoError(fmt::format(
      "cannot write into the output folder '{}': {}; choose another with 'outputs: {{ folder: … }}' or --out",
      path.string(), reason));
}

/// Folders of `path` that do not exist yet, outermost first. @throws IoError if one is in the way.
std::vector<fs::path> missing_folders(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code trouble;
  fs::path folder = fs::absolute(path).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();
  while (!fs::is_directory(folder, trouble)) {
    if (fs::exists(folder, trouble)) refuse(path, fmt::format("'{}' is not a folder", folder.string()));
    if (trouble && trouble.value() != ENOENT) refuse(path, trouble.message());
    missing.insert(missing.begin(), folder);
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return missing;
}

}  // namespace

bool RunFolder::holds_a_run() const { return !our_files(path_).empty(); }

void RunFolder::test_writing(bool keep) const {
  const std::vector<fs::path> missing = missing_folders(path_);
  std::error_code trouble;
  for (const fs::path& folder : missing) {
    if (!fs::create_directory(folder, trouble) && trouble) refuse(path_, trouble.message());
  }
  std::string probe = (path_ / ".writable-XXXXXX").string();
  const int descriptor = mkstemp(probe.data());
  const int reason = errno;
  if (descriptor >= 0) {
    close(descriptor);
    unlink(probe.c_str());
  }
  if (!keep || descriptor < 0) {
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) fs::remove(*folder, trouble);
  }
  if (descriptor < 0) refuse(path_, std::strerror(reason));
}

void RunFolder::clear() const {
  for (const fs::path& file : our_files(path_)) {
    std::error_code trouble;
    if (!fs::remove(file, trouble) && trouble) {
      throw IoError(fmt::format("cannot replace '{}': {}", file.string(), trouble.message()));
    }
  }
}

void write_whole(const std::string& path, const std::string& text) {
  const std::string aside = path + ".tmp";
  const int descriptor = open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool is_good = descriptor >= 0;
  std::size_t written = 0;
  while (is_good && written < text.size()) {
    const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    is_good = count > 0;
    written += is_good ? static_cast<std::size_t>(count) : 0;
  }
  is_good = is_good && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  if (is_good && std::rename(aside.c_str(), path.c_str()) == 0) return;
  const int last_reason = is_good ? errno : reason;
  unlink(aside.c_str());
  throw IoError(fmt::format("cannot write '{}': {}", path, std::strerror(last_reason)));
}

std::string read_whole(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw IoError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  return text.str();
}

}  // namespace dvinis::app

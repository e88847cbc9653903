#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "core/base/error.hpp"
#include "scenarios/app/options.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

/// Where this program lies: its folder, or nothing.
fs::path own_folder() {
  std::error_code trouble;
  return fs::read_symlink("/proc/self/exe", trouble).parent_path();
}

bool is_program(const fs::path& path) { return fs::is_regular_file(path) && access(path.c_str(), X_OK) == 0; }

/// A program of PATH, or an empty path.
fs::path on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, end)) / name;
    if (is_program(candidate)) return candidate;
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return {};
}

/// A program of the pictures beside this one, in the build folder's viz, or on PATH. @throws UsageError
fs::path find_program(const std::string& name) {
  const fs::path here = own_folder();
  for (const fs::path& candidate : {here / name, here / "../../viz" / name}) {
    if (is_program(candidate)) return candidate;
  }
  const fs::path found = on_path(name);
  if (!found.empty()) return found;
  throw UsageError(
      fmt::format("{} is not installed: it needs VTK; build with -DDVINIS_VIZ=ON (preset 'release'), or open "
                  "run.nc in QGIS or ParaView",
                  name));
}

[[noreturn]] void replace_by(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  throw IoError(fmt::format("cannot start '{}': {}", words.front(), std::strerror(errno)));
}

}  // namespace

int hand_over_command(const HandOverOptions& options) {
  std::vector<std::string> words = {find_program(options.program).string()};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  replace_by(words);
}

}  // namespace dvinis::app

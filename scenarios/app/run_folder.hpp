#pragma once
/// The folder of one run: run.nc, run.log, run.json, scenario.used.yaml, checkpoint-*.h5.

#include <filesystem>
#include <string>

namespace dvinis::app {

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::string results() const { return (path_ / "run.nc").string(); }
  std::string log() const { return (path_ / "run.log").string(); }
  std::string report() const { return (path_ / "run.json").string(); }
  std::string used_scenario() const { return (path_ / "scenario.used.yaml").string(); }

  /// Whether an earlier run left something that a new one would replace.
  bool holds_a_run() const;

  /// Proves that files can be made here, by making one; folders made for the proof are kept only if `keep`.
  /// @throws IoError with the reason and the way out.
  void test_writing(bool keep) const;

  /// Removes what an earlier run left and nothing else. @throws IoError
  void clear() const;

 private:
  std::filesystem::path path_;
};

/// Writes a small text file aside and renames it, so that a reader sees the old or the new text, never half.
/// @throws IoError
void write_whole(const std::string& path, const std::string& text);

/// The bytes of a small file. @throws IoError
std::string read_whole(const std::string& path);

}  // namespace dvinis::app

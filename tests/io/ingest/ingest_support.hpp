#pragma once
/// Files and settings made by the tests of io/ingest.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/settings.hpp"
#include "core/twin/twin.hpp"

namespace dvinis::test {

/// A folder that vanishes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& text() const { return folder_; }
  /// Writes a file; returns its path.
  std::string write(const std::string& name, const std::string& bytes) const;

 private:
  std::string folder_;
};

/// A GeoTIFF in the making; values row by row from the NORTH-west, as in the file.
struct Tiff {
  int columns = 0;
  int rows = 0;
  std::vector<double> values;
  double west = 0.0;
  double north = 0.0;
  double dx = 1.0;
  double dy = -1.0;
  double rotation = 0.0;
  std::string crs;  ///< "EPSG:32634", empty: none
  double nodata = 0.0;
  bool has_nodata = false;
  std::string unit;
  int bands = 1;  ///< all alike, unless there are values for each
  std::string type = "Float64";
};

/// Writes it and returns the path.
std::string write_tiff(const std::string& path, const Tiff& tiff);

/// Settings as written, unvalidated: numbers stay text.
Setting settings_from_yaml(const std::string& text);

/// Sentence of the Error that `work` throws; empty if it throws none.
std::string sentence_of(const std::function<void()>& work);

/// Twin of a scenario text in a folder; warnings are kept if asked for.
Twin twin_of(const std::string& yaml, const std::string& folder, std::vector<std::string>* lines = nullptr);

/// Matches if the sentence holds every one of the pieces.
::testing::AssertionResult says(const std::string& sentence, const std::vector<std::string>& pieces);

/// Root of the project's sources.
std::string source_folder();

}  // namespace dvinis::test

#pragma once
/// Opening files with GDAL: what it says is kept for our own sentence, nothing goes to the terminal.

#include <string>
#include <vector>

namespace dvinis {

/// Collects GDAL's messages of this thread while it lives. The first one also registers the drivers and
/// forbids PROJ the network.
class GdalMessages {
 public:
  GdalMessages();
  ~GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;

  bool is_empty() const { return messages_.empty(); }
  bool has_failure() const { return has_failure_; }
  /// Distinct messages joined by "; ", "no reason given" if there are none.
  std::string text() const;

  /// For GDAL's callback only.
  void keep(bool is_failure, const std::string& message);

 private:
  std::vector<std::string> messages_;
  bool has_failure_ = false;
};

enum class DatasetKind { raster, vector };

/// A file opened for reading; also understands GDAL's in-memory paths (/vsimem/).
class Dataset {
 public:
  /// @param drivers  GDAL driver names allowed; all if empty
  /// @throws DataError with a sentence for a missing, empty, damaged or foreign file.
  Dataset(const std::string& path, DatasetKind kind, const std::vector<std::string>& drivers = {});
  ~Dataset();
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;

  void* handle() const { return handle_; }  ///< GDALDatasetH
  const std::string& path() const { return path_; }
  /// What GDAL said while it opened the file, empty if nothing: the first sign of damage.
  const std::string& opening_notes() const { return opening_notes_; }

  /// This file and those that belong to it (.prj, .dbf, .aux.xml), as far as they are files on disk.
  std::vector<std::string> files() const;

 private:
  std::string path_;
  std::string opening_notes_;
  void* handle_ = nullptr;
};

}  // namespace dvinis

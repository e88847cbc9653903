#pragma once
/// GDAL's errors collected instead of printed, and its products kept in memory until they are whole: not
/// every driver notices that a disk is full.

#include <string>
#include <string_view>

#include "io/export/aside_file.hpp"

namespace dvinis {

/// While it lives, failures of GDAL on this thread are kept here.
class GdalErrors {
 public:
  GdalErrors();
  ~GdalErrors();
  GdalErrors(const GdalErrors&) = delete;
  GdalErrors& operator=(const GdalErrors&) = delete;

  /// @throws IoError with the first failure so far, if there was one or `is_good` is false
  void expect_none(bool is_good, const AsideFile& file) const;

 private:
  std::string first_;
};

/// A file in GDAL's memory.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& name() const { return name_; }
  /// Its bytes, valid while it lives; close the dataset first.
  std::string_view content() const;

 private:
  std::string name_;
};

}  // namespace dvinis

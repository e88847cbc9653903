#pragma once
/// GDAL's errors collected instead of printed.

#include <string>

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

}  // namespace dvinis

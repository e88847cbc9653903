#pragma once
/// A file that gets its name only when it is complete.

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "io/hdf5/file_space.hpp"
#include "io/results/results_file.hpp"

namespace dvinis {

/// Holds `path`.part until `commit`; without it nothing stays behind.
class AsideFile {
 public:
  /// Makes the folder and proves that the file can be written. @throws IoError
  explicit AsideFile(const std::string& path);
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  /// Replaces the content. @throws IoError
  void write(std::string_view content) const;
  /// Gives the file its name. @throws IoError
  void commit();
  IoError error(const FileTrouble& trouble) const;

 private:
  std::string path_;
  std::string aside_;
};

/// The field or table of that name. @throws IoError listing those there are
const ResultField& field_of(const ResultsFile& results, const std::string& name);
const ResultTable& table_of(const ResultsFile& results, const std::string& name);

/// Instant of a step of the maps, "2007-06-08T04:05:00Z"; fractions of a second are kept.
std::string instant_text(const ResultsFile& results, double seconds);

/// Shortest text that gives the same number back; empty for NaN.
std::string number_text(double value);

}  // namespace dvinis

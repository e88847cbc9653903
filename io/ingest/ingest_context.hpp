#pragma once
/// What the parts of the twin builder share: where files lie, what was read, how errors find their line.

#include <string>
#include <utility>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/settings.hpp"
#include "core/twin/twin.hpp"
#include "io/ingest/csv.hpp"

namespace dvinis {

/// One build of one twin.
class IngestContext {
 public:
  IngestContext(std::string folder, const Log& log) : folder_(std::move(folder)), log_(log) {}

  const Log& log() const { return log_; }
  /// The scenario's path of a file joined to the scenario's folder.
  std::string path(const std::string& file) const;
  /// Paths of a setting that is one file or a list of files.
  std::vector<std::string> paths(const Setting& files) const;
  /// Remembers files for the provenance, each once.
  void note_file(const std::string& path);
  void note_files(const std::vector<std::string>& paths);
  /// Every file noted, relative to the scenario's folder, with its checksum.
  std::vector<InputFile> inputs() const;

 private:
  std::string folder_;
  const Log& log_;
  std::vector<std::string> noted_;
};

/// Runs `work`; a DataError becomes a ScenarioError at the place of `setting`.
template <class Work>
auto at_place(const Setting& setting, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const DataError& error) {
    throw setting.error(error.what());
  }
}

/// Number of a scalar in `unit`. @throws ScenarioError at its place.
double quantity_of(const Setting& setting, const std::string& unit);

/// Text of a member, empty if it is absent.
std::string text_of(const Setting& map, const std::string& key);

/// The member `key`, or nullptr if it is absent or empty.
const Setting* given(const Setting& map, const std::string& key);

/// @throws ScenarioError if the member `vertical_datum` is given and differs from the domain's.
void require_datum(const Setting& map, const std::string& domain_datum);

/// Delimiter, decimal mark and encoding of a table from its setting.
CsvDialect dialect_of(const Setting& map);

/// "x 382249.79 to 382570.77 m, y 6354265.43 to 6354681.41 m".
std::string extent_text(const Grid& grid);

}  // namespace dvinis

#pragma once
/// Reads a results file (`run.nc`) back: for pictures, exports, comparison and `info`.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/grid/grid.hpp"
#include "core/twin/field_info.hpp"
#include "core/twin/twin.hpp"

namespace dvinis {

/// A variable on the grid as the file describes it.
struct ResultField {
  FieldInfo info;
  bool has_time = false;  ///< (time, y, x), else (y, x)
};

/// A table of the file: per-row values and, for series columns, one vector per row over the series times.
struct ResultTable {
  TableInfo info;
  std::vector<std::string> ids;
  std::vector<std::string> labels;
  std::vector<Point> points;                             ///< representative place of each row, grid CRS
  std::vector<std::vector<double>> columns;              ///< [column][row]; empty for series columns
  std::vector<std::vector<std::vector<double>>> series;  ///< [column][row][series time]; empty for others
};

class ResultsFile {
 public:
  /// @throws IoError with a sentence for a missing, truncated or foreign file.
  explicit ResultsFile(const std::string& path);
  ~ResultsFile();
  ResultsFile(ResultsFile&&) noexcept;
  ResultsFile& operator=(ResultsFile&&) noexcept;

  const Grid& grid() const;
  /// Twin without layers' content: places, start, display offset, datum, provenance (title, attribution,
  /// label).
  const Twin& twin() const;
  const std::vector<double>& times() const;         ///< map times [s since start]
  const std::vector<double>& series_times() const;  ///< [s since start]
  const std::vector<ResultField>& fields() const;
  const ResultField* find_field(const std::string& name) const;
  const std::vector<ResultTable>& tables() const;
  const ResultTable* find_table(const std::string& name) const;
  bool is_complete() const;  ///< the run reached its end and the file says so

  /// Interior values row by row from the south-west, nx * ny doubles, NaN for nodata.
  /// `step` is ignored for fields without time. The static layers of the run ("bed_elevation") are fields
  /// too.
  std::vector<double> read(const std::string& field, std::size_t step = 0) const;

  /// SHA-256 over names, shapes and decoded values of every variable outside `/meta`: equal for two runs that
  /// gave the same results, whenever, wherever and in however many pieces they ran.
  std::string checksum() const;

  /// A text of the group `/meta`: "scenario" (YAML), "run", "places", "variables" and, once the run has
  /// ended, "ledger", "events", "summary" (JSON); empty if it is not there.
  std::string meta_text(const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dvinis

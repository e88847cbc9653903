#pragma once
/// CSV tables with a header line, in the dialects that agencies send.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/quantity.hpp"

namespace dvinis {

/// How a table is written. Nothing is guessed; a wrong guess would be a silent error.
struct CsvDialect {
  char delimiter = ',';
  char decimal_mark = '.';
  std::string encoding = "utf-8";
};

/// A table of text; numbers are read on demand so that columns nobody uses may hold anything.
class CsvTable {
 public:
  const std::string& file() const { return file_; }
  const std::vector<std::string>& header() const { return header_; }
  std::size_t rows() const { return rows_.size(); }

  /// Index of a column by its name. @throws DataError with "did you mean" and the names there are.
  std::size_t column(const std::string& name) const;

  /// Text of one field, blanks around it removed.
  const std::string& text(std::size_t row, std::size_t column) const { return rows_[row].fields[column]; }

  /// A finite number written with the dialect's decimal mark. @throws DataError naming line, column and text.
  double number(std::size_t row, std::size_t column) const;

  /// Drops the rows whose field in `column` is not `value`. @throws DataError if none is left.
  void keep_rows(const std::string& column, const std::string& value);

  /// "gauges.csv:7: column 'h_cm'": the start of a sentence about one field.
  std::string place(std::size_t row, std::size_t column) const;

 private:
  friend CsvTable parse_csv(std::string_view bytes, const std::string& file, const CsvDialect& dialect);
  struct Row {
    std::size_t line = 0;  ///< where the row starts, from 1
    std::vector<std::string> fields;
  };
  std::string file_;
  CsvDialect dialect_;
  std::vector<std::string> header_;
  std::vector<Row> rows_;
};

/// Table of the bytes of a CSV file (RFC 4180: quoted fields, doubled quotes, CRLF or LF; blank lines are
/// passed over, a byte order mark is dropped).
/// @throws DataError for no rows, a ragged row, a repeated or empty column name, an open quote, a wrong byte.
CsvTable parse_csv(std::string_view bytes, const std::string& file, const CsvDialect& dialect);

/// As `parse_csv`, from a file.
CsvTable read_csv(const std::string& path, const CsvDialect& dialect);

/// Numbers of a column in another unit; each must exceed the one before. @throws DataError naming the line.
std::vector<double> increasing_numbers(const CsvTable& table, std::size_t column,
                                       const UnitConversion& conversion);

}  // namespace dvinis

#include "io/ingest/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/base/error.hpp"
#include "core/base/settings.hpp"
#include "io/ingest/encoding.hpp"

namespace dvinis {

namespace {

std::string trimmed(const std::string& text) {
  constexpr std::string_view blanks = " \t";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Splits UTF-8 text into records; remembers the line each one starts on.
class Splitter {
 public:
  Splitter(std::string_view text, char delimiter, const std::string& file)
      : text_(text), delimiter_(delimiter), blanks_(delimiter == '\t' ? " " : " \t"), file_(file) {}

  bool at_end() const { return place_ >= text_.size(); }

  /// Fields of the next record; a blank line gives one empty field.
  std::vector<std::string> next(std::size_t& start_line) {
    start_line = line_;
    std::vector<std::string> fields;
    while (true) {
      fields.push_back(field());
      if (at_end()) return fields;
      const char mark = text_[place_++];
      if (mark == delimiter_) continue;
      if (mark == '\r' && !at_end() && text_[place_] == '\n') ++place_;
      ++line_;
      return fields;
    }
  }

 private:
  bool is_field_end(char mark) const { return mark == delimiter_ || mark == '\n' || mark == '\r'; }

  std::string field() {
    const std::size_t first = text_.find_first_not_of(blanks_, place_);
    if (first != std::string_view::npos && text_[first] == '"' && delimiter_ != '"')
      return quoted_field(first + 1);
    const std::size_t begin = place_;
    while (!at_end() && !is_field_end(text_[place_])) ++place_;
    return trimmed(std::string(text_.substr(begin, place_ - begin)));
  }

  std::string quoted_field(std::size_t begin) {
    const std::size_t opened = line_;
    std::string field;
    for (place_ = begin; !at_end(); ++place_) {
      const char mark = text_[place_];
      if (mark == '\n') ++line_;
      if (mark != '"') {
        field += mark;
      } else if (place_ + 1 < text_.size() && text_[place_ + 1] == '"') {
        field += mark;
        ++place_;
      } else {
        return after_quote(field);
      }
    }
    throw DataError(fmt::format("{}:{}: a quoted field is never closed; write a quote inside quotes twice",
                                file_, opened));
  }

  std::string after_quote(const std::string& field) {
    ++place_;
    while (!at_end() && blanks_.find(text_[place_]) != std::string_view::npos) ++place_;
    if (!at_end() && !is_field_end(text_[place_])) {
      throw DataError(
          fmt::format("{}:{}: text follows the closing quote of a field; write a quote inside quotes "
                      "twice",
                      file_, line_));
    }
    return field;
  }

  std::string_view text_;
  char delimiter_;
  std::string_view blanks_;  ///< never the delimiter
  const std::string& file_;
  std::size_t place_ = 0;
  std::size_t line_ = 1;
};

/// ", does the file use ';'? write `delimiter: \";\"`" where the header looks like it; else empty.
std::string delimiter_advice(const std::string& header, char delimiter) {
  for (const char other : {';', ',', '\t', '|'}) {
    if (other == delimiter || header.find(other) == std::string::npos) continue;
    return fmt::format("; the header holds '{0}': is it the delimiter? then write `delimiter: \"{0}\"`",
                       other == '\t' ? std::string("\\t") : std::string(1, other));
  }
  return {};
}

void check_header(const std::vector<std::string>& header, const std::string& file, std::size_t line) {
  std::set<std::string> seen;
  for (std::size_t k = 0; k < header.size(); ++k) {
    if (header[k].empty()) {
      throw DataError(fmt::format("{}:{}: column {} has no name; the first line must name every column", file,
                                  line, k + 1));
    }
    if (!seen.insert(header[k]).second) {
      throw DataError(
          fmt::format("{}:{}: two columns are named '{}'; give each its own name", file, line, header[k]));
    }
  }
}

}  // namespace

std::size_t CsvTable::column(const std::string& name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
  const std::string near = did_you_mean(name, header_);
  throw DataError(
      fmt::format("{}:1: there is no column '{}'{}; the columns are {}{}", file_, name,
                  near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), fmt::join(header_, ", "),
                  header_.size() == 1 ? delimiter_advice(header_.front(), dialect_.delimiter) : ""));
}

std::string CsvTable::place(std::size_t row, std::size_t column) const {
  return fmt::format("{}:{}: column '{}'", file_, rows_[row].line, header_[column]);
}

void CsvTable::keep_rows(const std::string& name, const std::string& value) {
  const std::size_t at = column(name);
  std::erase_if(rows_, [&](const Row& row) { return row.fields[at] != value; });
  if (rows_.empty()) throw DataError(fmt::format("{}: no row has '{}' in column '{}'", file_, value, name));
}

double CsvTable::number(std::size_t row, std::size_t column) const {
  const std::string& written = text(row, column);
  std::string plain = written;
  const bool has_other_mark = dialect_.decimal_mark != '.' && plain.find('.') != std::string::npos;
  std::replace(plain.begin(), plain.end(), dialect_.decimal_mark, '.');
  const char* begin = plain.data() + (plain.starts_with('+') && !plain.starts_with("+-") ? 1 : 0);
  const char* end = plain.data() + plain.size();
  double value = 0.0;
  const auto [stop, problem] = std::from_chars(begin, end, value);
  if (problem == std::errc() && stop == end && begin != end && !has_other_mark && std::isfinite(value))
    return value;

  if (written.empty()) throw DataError(fmt::format("{} is empty; a number is needed", place(row, column)));
  std::string advice = fmt::format("; numbers are written like 1{}5 here", dialect_.decimal_mark);
  if (dialect_.decimal_mark == '.' && written.find(',') != std::string::npos) {
    advice = "; if the comma is the decimal mark, write `decimal: \",\"`";
  } else if (has_other_mark) {
    advice = "; the decimal mark is declared as ',' but the number has a point";
  }
  throw DataError(fmt::format("{}: '{}' is not a finite number{}", place(row, column), written, advice));
}

CsvTable parse_csv(std::string_view bytes, const std::string& file, const CsvDialect& dialect) {
  if (dialect.delimiter == dialect.decimal_mark) {
    throw DataError(fmt::format("{}: delimiter and decimal mark are both '{}'; they must differ", file,
                                dialect.delimiter));
  }
  const std::string text = to_utf8(bytes, dialect.encoding, file);
  CsvTable table;
  table.file_ = file;
  table.dialect_ = dialect;
  Splitter splitter(text, dialect.delimiter, file);
  while (!splitter.at_end()) {
    CsvTable::Row row;
    row.fields = splitter.next(row.line);
    const bool is_blank = row.fields.size() == 1 && row.fields.front().empty();
    if (is_blank) continue;
    if (table.header_.empty()) {
      check_header(row.fields, file, row.line);
      table.header_ = row.fields;
      continue;
    }
    if (row.fields.size() != table.header_.size()) {
      throw DataError(fmt::format("{}:{}: the row has {} fields but the header names {} columns{}", file,
                                  row.line, row.fields.size(), table.header_.size(),
                                  delimiter_advice(table.header_.front(), dialect.delimiter)));
    }
    table.rows_.push_back(std::move(row));
  }
  if (table.header_.empty())
    throw DataError(fmt::format("{}: the file is empty; a header line is needed", file));
  if (table.rows_.empty()) throw DataError(fmt::format("{}: there are no rows below the header", file));
  return table;
}

CsvTable read_csv(const std::string& path, const CsvDialect& dialect) {
  return parse_csv(read_file(path), path, dialect);
}

std::vector<double> increasing_numbers(const CsvTable& table, std::size_t column,
                                       const UnitConversion& conversion) {
  std::vector<double> numbers;
  numbers.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double value = conversion(table.number(row, column));
    if (!numbers.empty() && !(value > numbers.back())) {
      throw DataError(fmt::format("{}: {} does not come after {} in the row before; times must increase",
                                  table.place(row, column), table.text(row, column),
                                  table.text(row - 1, column)));
    }
    numbers.push_back(value);
  }
  return numbers;
}

}  // namespace dvinis

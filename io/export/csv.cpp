#include <fmt/format.h>

#include "io/export/aside_file.hpp"
#include "io/export/export.hpp"

namespace dvinis {

namespace {

/// A cell of a CSV file; quoted only where it must be (RFC 4180).
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char letter : text) result += letter == '"' ? "\"\"" : std::string(1, letter);
  return result + "\"";
}

std::string with_unit(const std::string& name, const std::string& unit) {
  return quoted(unit.empty() || unit == "1" ? name : fmt::format("{} [{}]", name, unit));
}

}  // namespace

void export_csv_table(const ResultsFile& results, const std::string& table_name, const std::string& path) {
  const ResultTable& table = table_of(results, table_name);
  std::string text = "id,label,x [m],y [m]";
  for (const ColumnInfo& column : table.info.columns) {
    if (!column.series) text += "," + with_unit(column.name, column.unit);
  }
  text += "\n";
  for (std::size_t row = 0; row < table.ids.size(); ++row) {
    text += fmt::format("{},{},{},{}", quoted(table.ids[row]), quoted(table.labels[row]),
                        number_text(table.points[row].x), number_text(table.points[row].y));
    for (std::size_t k = 0; k < table.info.columns.size(); ++k) {
      if (!table.info.columns[k].series) text += "," + number_text(table.columns[k].at(row));
    }
    text += "\n";
  }
  AsideFile file(path);
  file.write(text);
  file.commit();
}

void export_csv_series(const ResultsFile& results, const std::string& table_name, const std::string& path) {
  const ResultTable& table = table_of(results, table_name);
  std::string text = "time_utc,time [s]";
  for (const ColumnInfo& column : table.info.columns) {
    if (!column.series) continue;
    for (const std::string& id : table.ids) text += "," + with_unit(column.name + " " + id, column.unit);
  }
  text += "\n";
  for (std::size_t step = 0; step < results.series_times().size(); ++step) {
    const double seconds = results.series_times()[step];
    text += instant_text(results, seconds) + "," + number_text(seconds);
    for (std::size_t k = 0; k < table.info.columns.size(); ++k) {
      if (!table.info.columns[k].series) continue;
      for (const std::vector<double>& row : table.series[k]) text += "," + number_text(row.at(step));
    }
    text += "\n";
  }
  AsideFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace dvinis

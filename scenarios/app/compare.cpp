// dvinis compare: what differs between two results of the same place.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "io/results/results_file.hpp"
#include "scenarios/app/options.hpp"
#include "scenarios/app/outcomes.hpp"

namespace dvinis::app {

namespace {

using Json = nlohmann::json;

/// Differences second minus first, gathered one by one.
class Differences {
 public:
  void add(double first, double second, const std::string& where) {
    const double difference = second - first;
    ++count_;
    sum_ += difference;
    squares_ += difference * difference;
    if (std::abs(difference) <= std::abs(largest_)) return;
    largest_ = difference;
    where_ = where;
  }
  std::size_t count() const { return count_; }

  Json to_json() const {
    const auto n = static_cast<double>(std::max<std::size_t>(count_, 1));
    return {{"count", count_},
            {"rmse", std::sqrt(squares_ / n)},
            {"bias", sum_ / n},
            {"largest", largest_},
            {"where", where_}};
  }

 private:
  std::size_t count_ = 0;
  double sum_ = 0.0;
  double squares_ = 0.0;
  double largest_ = 0.0;
  std::string where_;
};

ResultsFile open_results(const std::string& path) {
  return ResultsFile(std::filesystem::is_directory(path) ? (std::filesystem::path(path) / "run.nc").string()
                                                         : path);
}

bool is_same_grid(const Grid& a, const Grid& b) {
  return a.nx == b.nx && a.ny == b.ny && a.spacing == b.spacing && a.west == b.west && a.south == b.south;
}

/// The last map time that both hold, as a step of each; nothing if they share none.
std::optional<std::pair<std::size_t, std::size_t>> last_common_step(const ResultsFile& a,
                                                                    const ResultsFile& b) {
  for (std::size_t i = a.times().size(); i-- > 0;) {
    const auto found = std::find(b.times().begin(), b.times().end(), a.times()[i]);
    if (found != b.times().end()) return std::pair{i, static_cast<std::size_t>(found - b.times().begin())};
  }
  return std::nullopt;
}

/// Cells where either value is above `least` in size; a cell without a value in one of the two is left out.
Differences of_cells(const Grid& grid, const std::vector<double>& first, const std::vector<double>& second,
                     double least) {
  Differences differences;
  for (std::size_t k = 0; k < first.size(); ++k) {
    if (std::isnan(first[k]) || std::isnan(second[k])) continue;
    if (std::abs(first[k]) <= least && std::abs(second[k]) <= least) continue;
    const auto column = static_cast<Index>(k) % grid.nx;
    const auto row = static_cast<Index>(k) / grid.nx;
    differences.add(first[k], second[k],
                    fmt::format("x {:.1f}, y {:.1f}", grid.x_centre(column), grid.y_centre(row)));
  }
  return differences;
}

Json compare_fields(const ResultsFile& first, const ResultsFile& second, double least) {
  Json fields = Json::array();
  if (!is_same_grid(first.grid(), second.grid())) return fields;
  const auto steps = last_common_step(first, second);
  for (const ResultField& field : first.fields()) {
    const std::string& name = field.info.name;
    const ResultField* other = second.find_field(name);
    if (other == nullptr || other->has_time != field.has_time || (field.has_time && !steps)) continue;
    const Differences differences =
        of_cells(first.grid(), first.read(name, field.has_time ? steps->first : 0),
                 second.read(name, field.has_time ? steps->second : 0), least);
    Json line = differences.to_json();
    line["field"] = name;
    line["unit"] = field.info.unit;
    fields.push_back(std::move(line));
  }
  return fields;
}

Json compare_tables(const ResultsFile& first, const ResultsFile& second) {
  Json columns = Json::array();
  for (const ResultTable& table : first.tables()) {
    const ResultTable* other = second.find_table(table.info.name);
    if (other == nullptr) continue;
    std::map<std::string, std::size_t> row_of;
    for (std::size_t row = 0; row < other->ids.size(); ++row) row_of[other->ids[row]] = row;
    for (std::size_t c = 0; c < table.info.columns.size(); ++c) {
      const ColumnInfo& column = table.info.columns[c];
      const auto& theirs = other->info.columns;
      const auto same = std::find_if(theirs.begin(), theirs.end(), [&](const ColumnInfo& candidate) {
        return candidate.name == column.name;
      });
      if (column.series || same == theirs.end() || same->series) continue;
      const std::vector<double>& numbers = table.columns[c];
      const std::vector<double>& other_numbers =
          other->columns[static_cast<std::size_t>(same - theirs.begin())];
      Differences differences;
      std::size_t only_first = 0;
      std::size_t only_second = 0;
      for (std::size_t row = 0; row < table.ids.size(); ++row) {
        const auto found = row_of.find(table.ids[row]);
        if (found == row_of.end()) continue;
        const double a = numbers[row];
        const double b = other_numbers[found->second];
        if (std::isfinite(a) && std::isfinite(b)) differences.add(a, b, table.ids[row]);
        if (std::isfinite(a) && !std::isfinite(b)) ++only_first;
        if (!std::isfinite(a) && std::isfinite(b)) ++only_second;
      }
      Json line = differences.to_json();
      line["table"] = table.info.name;
      line["column"] = column.name;
      line["unit"] = column.unit;
      line["only_first"] = only_first;
      line["only_second"] = only_second;
      columns.push_back(std::move(line));
    }
  }
  return columns;
}

void print_line(const std::string& name, const Json& line, const std::string& tail) {
  fmt::print("{:34} {:>8} {:>9} {:>11.4g} {:>11.4g} {:>11.4g}  {}{}\n", name, line["unit"].get<std::string>(),
             line["count"].get<std::size_t>(), line["rmse"].get<double>(), line["bias"].get<double>(),
             line["largest"].get<double>(), line["where"].get<std::string>(), tail);
}

}  // namespace

int compare_command(const CompareOptions& options) {
  const ResultsFile first = open_results(options.first);
  const ResultsFile second = open_results(options.second);
  std::vector<ResultsFile> more;
  for (const std::string& path : options.more) more.push_back(open_results(path));
  std::vector<NamedResult> all = {{options.first, &first}, {options.second, &second}};
  for (std::size_t k = 0; k < more.size(); ++k) all.push_back({options.more[k], &more[k]});
  const Json outcomes = outcomes_of(all);
  if (!more.empty()) {
    if (options.json) {
      fmt::print("{}\n", Json{{"outcomes", outcomes}}.dump(1));
    } else {
      print_outcomes(outcomes);
    }
    return 0;
  }
  const Json fields = compare_fields(first, second, options.least);
  const Json columns = compare_tables(first, second);
  if (options.json) {
    fmt::print("{}\n", Json{{"first", options.first},
                            {"second", options.second},
                            {"least", options.least},
                            {"outcomes", outcomes},
                            {"fields", fields},
                            {"columns", columns}}
                           .dump(1));
    return 0;
  }
  print_outcomes(outcomes);
  fmt::print(
      "\nfirst    {}\nsecond   {}\nsecond minus first; cells where one of them is above {} in size\n\n",
      options.first, options.second, options.least);
  fmt::print("{:34} {:>8} {:>9} {:>11} {:>11} {:>11}  {}\n", "field", "unit", "cells", "RMSE", "bias",
             "largest", "where");
  if (fields.empty()) fmt::print("(the two have other cells or no field in common: tables only)\n");
  for (const Json& line : fields) print_line(line["field"], line, "");
  fmt::print("\n{:34} {:>8} {:>9} {:>11} {:>11} {:>11}  {}\n", "table: column", "unit", "rows", "RMSE",
             "bias", "largest", "row");
  for (const Json& line : columns) {
    const auto a = line["only_first"].get<std::size_t>();
    const auto b = line["only_second"].get<std::size_t>();
    print_line(fmt::format("{}: {}", line["table"].get<std::string>(), line["column"].get<std::string>()),
               line, a + b == 0 ? "" : fmt::format("; {} only in the first, {} only in the second", a, b));
  }
  return 0;
}

}  // namespace dvinis::app

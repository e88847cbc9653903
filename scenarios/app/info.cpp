#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "core/base/time.hpp"
#include "io/results/results_file.hpp"
#include "scenarios/app/measures.hpp"
#include "scenarios/app/options.hpp"

namespace dvinis::app {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_list = 20;  ///< rows of a table that are printed

std::string unit_text(const std::string& unit) { return unit == "1" || unit.empty() ? "" : " " + unit; }

/// "-" for nothing, "0:01:11" for the moments of a run, whole numbers whole, else three decimals.
std::string value_text(double value, const ColumnInfo& column) {
  if (std::isnan(value)) return "-";
  if (column.unit == "s" && column.name.starts_with("first_")) return clock_text(from_seconds(value));
  if (value == std::round(value) && std::abs(value) < 1e6) return fmt::format("{:.0f}", value);
  return fmt::format("{:.3f}", value);
}

std::string decimals(double value, const char* format) {
  return std::isnan(value) ? "-" : fmt::format(fmt::runtime(format), value);
}

void print_summary(const ResultsFile& results, const std::string& path) {
  const Twin& twin = results.twin();
  const Grid& grid = results.grid();
  const Provenance& from = twin.provenance;
  fmt::print("{}: {}\n", from.scenario_name, from.about);
  if (!from.label.empty()) fmt::print("label       {}\n", from.label);
  fmt::print("file        {}{}\n", path,
             results.is_complete() ? "" : " (INCOMPLETE: the run did not reach its end)");
  fmt::print("grid        {} x {} cells of {} m, heights in '{}'\n", grid.nx, grid.ny, grid.spacing,
             twin.vertical_datum);
  if (!results.times().empty()) {
    fmt::print("maps        {} from {} to {} after {}\n", results.times().size(),
               clock_text(from_seconds(results.times().front())),
               clock_text(from_seconds(results.times().back())), utc_text(twin.start_utc));
  }
  fmt::print("made by     dvinis {} ({}, {}, {} threads), seed {}\n", from.version, from.compiler,
             from.instruction_set, from.threads, from.seed);
  for (const InputFile& input : from.inputs)
    fmt::print("input       {}  {}\n", input.sha256.substr(0, 12), input.path);
  fmt::print("checksum    {}\n", results.checksum());
  if (!from.attribution.empty()) fmt::print("data        {}\n", from.attribution);
}

void print_fields(const ResultsFile& results) {
  fmt::print("\n{:24} {:8} {:>12} {:>12}  at the end\n", "field", "unit", "lowest", "highest");
  for (const ResultField& field : results.fields()) {
    const std::size_t last = results.times().empty() ? 0 : results.times().size() - 1;
    if (field.has_time && results.times().empty()) continue;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : results.read(field.info.name, last)) {
      if (std::isnan(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    if (low > high) {
      fmt::print("{:24} {:8} {:>12} {:>12}  {}\n", field.info.name, field.info.unit, "-", "-",
                 field.info.long_name);
    } else {
      fmt::print("{:24} {:8} {:12.4g} {:12.4g}  {}\n", field.info.name, field.info.unit, low, high,
                 field.info.long_name);
    }
  }
}

void print_ledger(const ResultsFile& results) {
  const std::string ledger = results.meta_text("ledger");
  if (ledger.empty()) return;
  fmt::print("\nledger\n");
  for (const Json& account : Json::parse(ledger)) {
    fmt::print("  {:9} {:24} {:+18.6f} {}\n", account.at("quantity").get<std::string>(),
               account.at("account").get<std::string>(), account.at("amount").get<double>(),
               account.at("unit").get<std::string>());
  }
  const std::string summary = results.meta_text("summary");
  if (summary.empty()) return;
  for (const Json& line : Json::parse(summary).value("budgets", Json::array())) {
    if (!line.at("error").is_number()) continue;
    fmt::print("  {:9} {:24} {:+18.3e} {}\n", line.at("quantity").get<std::string>(), "unaccounted",
               line.at("error").get<double>(), line.at("unit").get<std::string>());
  }
}

/// The value of one row that stands for a column at the end of the run.
double last_value(const ResultTable& table, std::size_t column, std::size_t row) {
  if (!table.info.columns[column].series) return table.columns[column][row];
  const std::vector<double>& series = table.series[column][row];
  return series.empty() ? std::nan("") : series.back();
}

/// Column "first_..." that ranks the rows of a table, if there is one.
std::optional<std::size_t> ranking_column(const ResultTable& table) {
  for (std::size_t column = 0; column < table.info.columns.size(); ++column) {
    if (table.info.columns[column].name.starts_with("first_")) return column;
  }
  return std::nullopt;
}

/// Rows by rising value of the ranking column, without those that have none; all as they stand if there is
/// none.
std::vector<std::size_t> ranked_rows(const ResultTable& table) {
  std::vector<std::size_t> order(table.ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto column = ranking_column(table);
  if (!column) return order;
  std::erase_if(order, [&](std::size_t row) { return std::isnan(last_value(table, *column, row)); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return last_value(table, *column, a) < last_value(table, *column, b);
  });
  return order;
}

void print_table(const ResultTable& table) {
  const std::vector<std::size_t> order = ranked_rows(table);
  const bool is_ranked = ranking_column(table).has_value();
  fmt::print("\n{}: {}\n", table.info.name, table.info.long_name);
  if (is_ranked)
    fmt::print("{} of {} reached, in the order of the first moment\n", order.size(), table.ids.size());
  fmt::print("  {:20}", "");
  for (const ColumnInfo& column : table.info.columns)
    fmt::print("  {}", column.name + unit_text(column.unit));
  fmt::print("\n");
  for (std::size_t k = 0; k < std::min(order.size(), longest_list); ++k) {
    const std::size_t row = order[k];
    const std::string& label = table.labels[row].empty() ? table.ids[row] : table.labels[row];
    fmt::print("  {:20}", is_ranked ? fmt::format("{:3}. {}", k + 1, label) : label);
    for (std::size_t column = 0; column < table.info.columns.size(); ++column) {
      const ColumnInfo& info = table.info.columns[column];
      fmt::print("  {:>{}}", value_text(last_value(table, column, row), info),
                 (info.name + unit_text(info.unit)).size());
    }
    fmt::print("\n");
  }
  if (order.size() > longest_list) {
    fmt::print("  … and {} more; 'dvinis export --csv' writes all\n", order.size() - longest_list);
  }
}

/// Column that an attribute "observed_level" speaks of: "water_level".
std::optional<std::size_t> observed_column(const ResultTable& table, const std::string& attribute) {
  constexpr std::string_view lead = "observed_";
  if (!attribute.starts_with(lead)) return std::nullopt;
  const std::string wanted = attribute.substr(lead.size());
  for (std::size_t column = 0; column < table.info.columns.size(); ++column) {
    if (table.info.columns[column].name.ends_with(wanted)) return column;
  }
  return std::nullopt;
}

/// Computed against observed, wherever the places carry an observed number.
void print_comparison(const ResultTable& table, const std::vector<const Place*>& places) {
  if (places.empty() || places.size() != table.ids.size()) return;
  for (const auto& [attribute, unused] : places.front()->numbers) {
    const auto column = observed_column(table, attribute);
    if (!column) continue;
    fmt::print("\n{} against {} [{}]\n  {:16} {:>12} {:>12} {:>12}\n", table.info.columns[*column].name,
               attribute, table.info.columns[*column].unit, "", "computed", "observed", "difference");
    std::vector<double> differences;
    for (std::size_t row = 0; row < places.size(); ++row) {
      const auto observed = places[row]->numbers.find(attribute);
      if (observed == places[row]->numbers.end()) continue;
      const double computed = last_value(table, *column, row);
      differences.push_back(computed - observed->second);
      fmt::print("  {:16} {:>12} {:>12} {:>12}\n", table.ids[row], decimals(computed, "{:.3f}"),
                 decimals(observed->second, "{:.3f}"), decimals(differences.back(), "{:+.3f}"));
    }
    fmt::print("  root mean square {}, largest {}\n", decimals(root_mean_square(differences), "{:.3f}"),
               decimals(largest_absolute(differences), "{:.3f}"));
  }
}

}  // namespace

int info_command(const InfoOptions& options) {
  namespace fs = std::filesystem;
  fs::path path = options.results;
  if (fs::is_directory(path)) path /= "run.nc";
  const ResultsFile results(path.string());
  print_summary(results, path.string());
  print_fields(results);
  print_ledger(results);
  for (const ResultTable& table : results.tables()) {
    if (table.ids.empty()) continue;
    print_table(table);
    print_comparison(table, results.twin().places_of(table.info.place_kind));
  }
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app

#include "scenarios/app/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/quantity.hpp"
#include "io/ingest/csv.hpp"
#include "io/ingest/ingest_context.hpp"
#include "io/ingest/units.hpp"
#include "scenarios/app/measures.hpp"
#include "scenarios/app/run_monitor.hpp"

namespace dvinis::app {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// One item of `expect:`, its words resolved against the run's tables and files.
struct Wish {
  std::string what;
  std::string unit = "1";  ///< of the measured value
  std::string quantity;    ///< of budget_error and booked
  std::string account;     ///< of booked
  const TableInfo* table = nullptr;
  TableHandle handle;
  std::size_t column = 0;
  std::string against;
  std::string place;
  std::size_t row = 0;
  Record observed;  ///< of a CSV file, in the column's unit
  Outcome bounds;   ///< below, at_least, at_most, figure
};

const std::vector<std::string> row_measures = {"rmse", "largest_error"};
const std::vector<std::string> series_errors = {"series_rmse", "series_mae"};
const std::vector<std::string> crest_measures = {"crest", "crest_time"};

bool is_one_of(const std::string& what, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), what) != names.end();
}

std::string text_at(const Setting& item, const char* key) {
  const Setting* found = given(item, key);
  if (found == nullptr) throw item.error(fmt::format("'{}' needs the key '{}'", item.at("what").text(), key));
  return found->scalar;
}

template <class Row, class Name>
std::vector<std::string> names_of(const std::vector<Row>& rows, const Name& name) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(name(row));
  return names;
}

/// Index of `wanted` among `names`. @throws ScenarioError at the item with "did you mean".
std::size_t find_or_refuse(const Setting& item, const char* kind, const std::string& wanted,
                           const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string near = did_you_mean(wanted, names);
  if (!near.empty())
    throw item.error(fmt::format("there is no {} '{}'; did you mean '{}'?", kind, wanted, near));
  throw item.error(fmt::format("there is no {} '{}'; there are: {}", kind, wanted,
                               names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
}

/// Resolves expectations; @throws ScenarioError or DataError for whatever can be known before the run.
class Reader {
 public:
  Reader(const Twin& twin, const Schema& schema, const std::string& folder)
      : twin_(twin), schema_(schema), folder_(folder) {}

  Wish read(const Setting& item) const {
    Wish wish;
    wish.what = item.at("what").text();
    if (wish.what == "budget_error") {
      wish.quantity = text_at(item, "quantity");
    } else if (wish.what == "booked") {
      wish.quantity = text_at(item, "quantity");
      wish.account = text_at(item, "account");
      wish.unit = unit_of_bounds(item);
    } else {
      read_column(item, wish);
    }
    read_bounds(item, wish);
    return wish;
  }

 private:
  void read_column(const Setting& item, Wish& wish) const {
    const auto tables = names_of(schema_.tables, [](const TableInfo& table) { return table.name; });
    const std::size_t index = find_or_refuse(item, "table", text_at(item, "table"), tables);
    wish.handle.index = static_cast<int>(index);
    wish.table = &schema_.tables[index];
    const auto columns = names_of(wish.table->columns, [](const ColumnInfo& column) { return column.name; });
    wish.column = find_or_refuse(item, "column", text_at(item, "column"), columns);
    wish.unit = wish.table->columns[wish.column].unit;
    if (is_one_of(wish.what, row_measures)) {
      read_against(item, wish);
    } else {
      read_row(item, wish);
      const bool compares = is_one_of(wish.what, series_errors) || given(item, "file") != nullptr;
      if (compares && wish.what != "value" && wish.what != "rank") read_observed(item, wish);
      if (wish.what == "crest_time") wish.unit = "s";
      if (wish.what == "rank") wish.unit = "1";
    }
  }

  std::vector<const Place*> places(const Wish& wish) const { return twin_.places_of(wish.table->place_kind); }

  void read_against(const Setting& item, Wish& wish) const {
    wish.against = text_at(item, "against");
    for (const Place* place : places(wish)) {
      if (place->numbers.count(wish.against) == 1) continue;
      throw item.error(fmt::format("the {} '{}' has no number '{}'; name it under 'numbers' of its places",
                                   place->kind, place->id, wish.against));
    }
    if (places(wish).empty()) throw item.error(fmt::format("the table '{}' has no rows", wish.table->name));
  }

  void read_row(const Setting& item, Wish& wish) const {
    wish.place = text_at(item, "place");
    const auto ids = names_of(places(wish), [](const Place* place) { return place->id; });
    wish.row = find_or_refuse(item, "place", wish.place, ids);
    const bool is_over_time = is_one_of(wish.what, series_errors) || is_one_of(wish.what, crest_measures);
    if (is_over_time && !wish.table->columns[wish.column].series) {
      throw item.error(
          fmt::format("'{}' looks at a series over time, but the column '{}' is one value per row", wish.what,
                      wish.table->columns[wish.column].name));
    }
  }

  void read_observed(const Setting& item, Wish& wish) const {
    const std::string path = (std::filesystem::path(folder_) / text_at(item, "file")).string();
    const CsvTable csv = read_csv(path, dialect_of(item));
    const std::size_t time = csv.column(text_at(item, "time"));
    const std::size_t value = csv.column(text_at(item, "value"));
    const Setting* time_unit = given(item, "time_unit");
    const UnitConversion to_time = unit_conversion(time_unit == nullptr ? "s" : time_unit->scalar, "s");
    const UnitConversion to_column =
        unit_conversion(text_at(item, "unit"), wish.table->columns[wish.column].unit);
    wish.observed.times = increasing_numbers(csv, time, to_time);
    for (std::size_t row = 0; row < csv.rows(); ++row) {
      wish.observed.values.push_back(to_column(csv.number(row, value)));
    }
  }

  /// The unit of an account is known when something is booked; until then its bounds tell it.
  static std::string unit_of_bounds(const Setting& item) {
    const Setting* bound = given(item, "below");
    if (bound == nullptr) bound = given(item, "above");
    if (const Setting* between = given(item, "between")) bound = &between->items.at(0);
    expects(bound != nullptr, "a bound, which validation asks for");
    return at_place(*bound, [&] { return quantity_in_si(bound->scalar).unit; });
  }

  static void read_bounds(const Setting& item, Wish& wish) {
    const auto bound = [&](const Setting& text) {
      return at_place(text, [&] { return parse_quantity(text.scalar, wish.unit); });
    };
    if (const Setting* below = given(item, "below")) wish.bounds.below = bound(*below);
    if (const Setting* above = given(item, "above")) wish.bounds.above = bound(*above);
    if (const Setting* between = given(item, "between")) {
      wish.bounds.at_least = bound(between->items.at(0));
      wish.bounds.at_most = bound(between->items.at(1));
    }
    if (const Setting* figure = given(item, "figure")) wish.bounds.figure = figure->scalar;
  }

  const Twin& twin_;
  const Schema& schema_;
  std::string folder_;
};

std::vector<Wish> understood(const Setting* expect, const Twin& twin, const Schema& schema,
                             const std::string& folder) {
  std::vector<Wish> wishes;
  if (expect == nullptr) return wishes;
  const Reader reader(twin, schema, folder);
  for (const Setting& item : expect->items) wishes.push_back(reader.read(item));
  return wishes;
}

/// Turns a resolved expectation and a finished run into a number.
class Meter {
 public:
  explicit Meter(const Finished& run) : run_(run) {}

  Outcome measure(const Wish& wish) const {
    Outcome outcome = wish.bounds;
    outcome.unit = wish.unit;
    if (wish.what == "budget_error") {
      measure_budget(wish, outcome);
    } else if (wish.what == "booked") {
      measure_account(wish, outcome);
    } else if (is_one_of(wish.what, row_measures)) {
      measure_rows(wish, outcome);
    } else if (wish.what == "value") {
      outcome.value = column(wish)[wish.row];
      outcome.what = fmt::format("{} of {}", column_name(wish), wish.place);
    } else if (wish.what == "rank") {
      outcome.value = rank(column(wish), wish.row);
      outcome.what = fmt::format("rank of {} by {}", wish.place, column_name(wish));
    } else {
      measure_series(wish, outcome);
    }
    return outcome;
  }

 private:
  static std::string column_name(const Wish& wish) {
    return fmt::format("{}.{}", wish.table->name, wish.table->columns[wish.column].name);
  }

  const std::vector<double>& column(const Wish& wish) const {
    return run_.state.table(wish.handle).columns[wish.column];
  }

  void measure_budget(const Wish& wish, Outcome& outcome) const {
    outcome.what = fmt::format("budget error of {}", wish.quantity);
    outcome.value = nothing;
    std::vector<BudgetLine> lines;
    for (const BudgetLine& line : run_.summary.budgets) {
      if (line.quantity == wish.quantity) lines.push_back(line);
    }
    if (!lines.empty()) outcome.value = worst_budget_error(lines);
  }

  void measure_account(const Wish& wish, Outcome& outcome) const {
    outcome.what = fmt::format("{} booked on '{}'", wish.quantity, wish.account);
    outcome.value = nothing;
    std::vector<std::string> accounts;
    for (const LedgerAccount& account : run_.state.ledger) {
      if (account.quantity != wish.quantity) continue;
      accounts.push_back(account.account);
      if (account.account == wish.account && account.unit == wish.unit) outcome.value = account.amount;
    }
    if (std::isnan(outcome.value))
      outcome.note = fmt::format("nothing in {}; booked are {}", wish.unit, fmt::join(accounts, ", "));
  }

  void measure_rows(const Wish& wish, Outcome& outcome) const {
    const std::vector<const Place*> places = run_.twin.places_of(wish.table->place_kind);
    std::vector<double> errors;
    std::string worst;
    double largest = -1.0;
    for (std::size_t row = 0; row < places.size(); ++row) {
      errors.push_back(column(wish)[row] - places[row]->numbers.at(wish.against));
      if (std::isnan(errors.back()) || std::abs(errors.back()) > largest) {
        worst = fmt::format("{} ({:+.3f} {})", places[row]->id, errors.back(), wish.unit);
        largest =
            std::isnan(errors.back()) ? std::numeric_limits<double>::infinity() : std::abs(errors.back());
      }
    }
    outcome.value = wish.what == "rmse" ? root_mean_square(errors) : largest_absolute(errors);
    outcome.what = fmt::format("{} of {} against {}", wish.what, column_name(wish), wish.against);
    outcome.note = fmt::format("{} rows, worst {}", errors.size(), worst);
  }

  Record computed(const Wish& wish) const {
    const ResultTable* table = run_.results.find_table(wish.table->name);
    if (table == nullptr || wish.column >= table->series.size() ||
        wish.row >= table->series[wish.column].size()) {
      return {};
    }
    return {run_.results.series_times(), table->series[wish.column][wish.row]};
  }

  void measure_series(const Wish& wish, Outcome& outcome) const {
    const Record record = computed(wish);
    const bool compares = !wish.observed.times.empty();
    outcome.what = fmt::format("{}{} of {} at {}", wish.what,
                               compares && is_one_of(wish.what, crest_measures) ? " error" : "",
                               column_name(wish), wish.place);
    const Crest own = crest(record);
    const Crest other = record.times.empty()
                            ? Crest{nothing, nothing}
                            : crest(within(wish.observed, record.times.front(), record.times.back()));
    const std::vector<double> errors = differences(record, wish.observed);
    if (wish.what == "series_rmse") outcome.value = root_mean_square(errors);
    if (wish.what == "series_mae") outcome.value = mean_absolute(errors);
    if (wish.what == "crest") outcome.value = compares ? std::abs(own.value - other.value) : own.value;
    if (wish.what == "crest_time") outcome.value = compares ? std::abs(own.time - other.time) : own.time;
    outcome.note = fmt::format("crest {:.4g} {} at {:.4g} s", own.value,
                               wish.table->columns[wish.column].unit, own.time);
    if (compares) {
      outcome.note +=
          fmt::format(", observed {:.4g} at {:.4g} s, {} times", other.value, other.time, errors.size());
    }
  }

  const Finished& run_;
};

std::string with_unit(double value, const std::string& unit) {
  return unit == "1" ? fmt::format("{:.4g}", value) : fmt::format("{:.4g} {}", value, unit);
}

}  // namespace

bool Outcome::is_met() const {
  if (std::isnan(value)) return false;
  if (below && !(value < *below)) return false;
  if (above && !(value > *above)) return false;
  if (at_least && !(value >= *at_least)) return false;
  return !at_most || value <= *at_most;
}

std::string Outcome::bound_text() const {
  std::string text;
  if (above) text = "> " + with_unit(*above, unit);
  if (below) text += (text.empty() ? "< " : " and < ") + with_unit(*below, unit);
  if (at_least && at_most)
    text = fmt::format("{} to {}", with_unit(*at_least, unit), with_unit(*at_most, unit));
  return text;
}

void check_expectations(const Setting* expect, const Twin& twin, const Schema& schema,
                        const std::string& folder) {
  understood(expect, twin, schema, folder);
}

std::vector<Outcome> measure_expectations(const Setting* expect, const Finished& run) {
  std::vector<Outcome> outcomes;
  const Meter meter(run);
  for (const Wish& wish : understood(expect, run.twin, run.schema, run.scenario_folder)) {
    outcomes.push_back(meter.measure(wish));
  }
  return outcomes;
}

std::vector<std::string> outcome_lines(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> lines;
  if (outcomes.empty()) return lines;
  std::size_t width = 0;
  for (const Outcome& outcome : outcomes) width = std::max(width, outcome.what.size());
  lines.push_back("expectations:");
  for (const Outcome& outcome : outcomes) {
    lines.push_back(fmt::format("  {:4} {:{}}  {:>12}  expected {}{}", outcome.is_met() ? "met" : "FAIL",
                                outcome.what, width, with_unit(outcome.value, outcome.unit),
                                outcome.bound_text(),
                                outcome.note.empty() ? "" : fmt::format("  ({})", outcome.note)));
  }
  return lines;
}

void emit_figures(const std::vector<Outcome>& outcomes, const std::string& scenario) {
  const char* path = std::getenv("DVINIS_FIGURES");
  if (path == nullptr || *path == '\0') return;
  // Expectations that share a figure's id are averaged: three gauges, one figure.
  std::vector<std::string> ids;
  for (const Outcome& outcome : outcomes) {
    if (!outcome.figure.empty() && !is_one_of(outcome.figure, ids)) ids.push_back(outcome.figure);
  }
  std::ofstream file{path, std::ios::app};
  for (const std::string& id : ids) {
    double sum = 0.0;
    int count = 0;
    std::string unit;
    std::string note = scenario + ":";
    for (const Outcome& outcome : outcomes) {
      if (outcome.figure != id) continue;
      sum += outcome.value;
      ++count;
      unit = outcome.unit;
      note += fmt::format(" {} {:.4g}{};", outcome.what, outcome.value,
                          outcome.note.empty() ? "" : " (" + outcome.note + ")");
    }
    const double mean = sum / count;
    nlohmann::ordered_json line;
    line["id"] = id;
    line["value"] = std::isfinite(mean) ? nlohmann::ordered_json(mean) : nlohmann::ordered_json(nullptr);
    line["unit"] = unit;
    line["note"] = note;
    file << line.dump() + "\n";
  }
  if (!file.flush())
    throw IoError(fmt::format("cannot append to the figures file '{}' (DVINIS_FIGURES)", path));
}

}  // namespace dvinis::app

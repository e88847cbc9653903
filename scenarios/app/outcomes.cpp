#include "scenarios/app/outcomes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace dvinis::app {

namespace {

using Json = nlohmann::json;

constexpr double deep_at_house = 0.5;   ///< [m]
constexpr double reached_depth = 0.01;  ///< [m]
constexpr double unsafe_class = 3.0;    ///< H3: unsafe for vehicles, children and the elderly

/// A column that holds one value per row, or nullptr.
const std::vector<double>* column_of(const ResultsFile& results, const std::string& table,
                                     const std::string& column) {
  const ResultTable* found = results.find_table(table);
  if (found == nullptr) return nullptr;
  for (std::size_t c = 0; c < found->info.columns.size(); ++c) {
    if (found->info.columns[c].name == column && !found->info.columns[c].series) return &found->columns[c];
  }
  return nullptr;
}

std::size_t count_above(const std::vector<double>& values, double least) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [&](double value) { return value >= least; }));
}

std::optional<double> area_above(const ResultsFile& results, const std::string& field, double least) {
  if (results.find_field(field) == nullptr) return std::nullopt;
  const std::vector<double> values = results.read(field);
  return static_cast<double>(count_above(values, least)) * results.grid().cell_area() / 1e6;
}

/// Mean delay of the first wet moment of houses that both runs reach [min].
std::optional<double> minutes_won(const ResultsFile& first, const ResultsFile& second) {
  const std::vector<double>* a = column_of(first, "buildings", "first_wet");
  const std::vector<double>* b = column_of(second, "buildings", "first_wet");
  if (a == nullptr || b == nullptr || a->size() != b->size()) return std::nullopt;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t row = 0; row < a->size(); ++row) {
    if (!std::isfinite((*a)[row]) || !std::isfinite((*b)[row])) continue;
    sum += ((*b)[row] - (*a)[row]) / 60.0;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

/// People in each house, 0 where the scenario does not say; empty where it says of none.
std::vector<double> people_in_houses(const ResultsFile& results) {
  std::vector<double> people;
  bool is_known = false;
  for (const Place* house : results.twin().places_of("building")) {
    const auto found = house->numbers.find("people");
    is_known = is_known || found != house->numbers.end();
    people.push_back(found == house->numbers.end() ? 0.0 : found->second);
  }
  return is_known ? people : std::vector<double>();
}

/// Sum of `weights` over houses that one run reaches and the other does not.
std::optional<double> kept_dry(const ResultsFile& first, const ResultsFile& second,
                               const std::vector<double>& weights) {
  const std::vector<double>* a = column_of(first, "buildings", "first_wet");
  const std::vector<double>* b = column_of(second, "buildings", "first_wet");
  if (a == nullptr || b == nullptr || a->size() != b->size() || weights.size() != a->size())
    return std::nullopt;
  double sum = 0.0;
  for (std::size_t row = 0; row < a->size(); ++row)
    if (std::isfinite((*a)[row]) && !std::isfinite((*b)[row])) sum += weights[row];
  return sum;
}

/// Hours for which roads are closed, summed over the roads [h].
std::optional<double> road_hours(const ResultsFile& results) {
  const std::vector<double>* from = column_of(results, "roads", "closed_from");
  const std::vector<double>* until = column_of(results, "roads", "closed_until");
  if (from == nullptr || until == nullptr || from->empty()) return std::nullopt;
  double seconds = 0.0;
  for (std::size_t row = 0; row < from->size(); ++row)
    if (std::isfinite((*from)[row])) seconds += (*until)[row] - (*from)[row];
  return seconds / 3600.0;
}

Json outcome_of(const NamedResult& named, const ResultsFile& first) {
  const ResultsFile& results = *named.results;
  Json outcome = {{"name", named.name}, {"measures", Json::array()}, {"numbers", Json::array()}};
  const auto add = [&](const std::string& what, const std::string& unit, double value) {
    outcome["numbers"].push_back({{"what", what}, {"unit", unit}, {"value", value}});
  };
  if (const ResultTable* measures = results.find_table("measures")) {
    const std::vector<double>* times = column_of(results, "measures", "times");
    const std::vector<double>* costs = column_of(results, "measures", "cost");
    double cost = 0.0;
    for (std::size_t row = 0; row < measures->ids.size(); ++row) {
      if (!((*times)[row] > 0.0)) continue;
      outcome["measures"].push_back(measures->labels[row]);
      cost += (*costs)[row];
    }
    add("cost of measures", "1", cost);
  }
  if (const std::vector<double>* depths = column_of(results, "buildings", "maximum_depth")) {
    const std::vector<double>& wet = *column_of(results, "buildings", "first_wet");
    add("houses reached", "1", static_cast<double>(std::count_if(wet.begin(), wet.end(), [](double time) {
          return std::isfinite(time);
        })));
    add(fmt::format("houses in {} m or more", deep_at_house), "1",
        static_cast<double>(count_above(*depths, deep_at_house)));
    const double deepest = depths->empty() ? 0.0 : *std::max_element(depths->begin(), depths->end());
    add("deepest water at a house", "m", deepest);
    const std::vector<double> each(wet.size(), 1.0);
    if (const auto dry = kept_dry(first, results, each)) add("houses kept dry", "1", *dry);
    if (const auto more = kept_dry(results, first, each)) add("houses wet instead", "1", *more);
    const std::vector<double> people = people_in_houses(results);
    if (people.size() == wet.size() && !people.empty()) {
      double reached = 0.0;
      for (std::size_t row = 0; row < wet.size(); ++row)
        reached += std::isfinite(wet[row]) ? people[row] : 0.0;
      add("people in houses reached", "1", reached);
      if (const auto dry = kept_dry(first, results, people)) add("people kept dry", "1", *dry);
      if (const auto more = kept_dry(results, first, people)) add("people wet instead", "1", *more);
    }
    if (const auto won = minutes_won(first, results)) add("minutes won at houses, mean", "min", *won);
  }
  if (const auto hours = road_hours(results)) add("road hours closed", "h", *hours);
  if (const auto area = area_above(results, "maximum_depth", reached_depth))
    add("area reached", "km2", *area);
  if (const auto area = area_above(results, "hazard_class", unsafe_class))
    add("area in class H3 or worse", "km2", *area);
  if (const ResultTable* gauges = results.find_table("gauges")) {
    const std::vector<double>& levels = *column_of(results, "gauges", "maximum_water_level");
    for (std::size_t row = 0; row < gauges->ids.size(); ++row)
      add("highest level, " + gauges->labels[row], "m", levels[row]);
  }
  return outcome;
}

}  // namespace

nlohmann::json outcomes_of(const std::vector<NamedResult>& all) {
  Json outcomes = Json::array();
  for (const NamedResult& named : all) outcomes.push_back(outcome_of(named, *all.front().results));
  return outcomes;
}

void print_outcomes(const nlohmann::json& outcomes) {
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    const Json& measures = outcomes[k]["measures"];
    std::string taken;
    for (const Json& label : measures) taken += (taken.empty() ? "" : "; ") + label.get<std::string>();
    fmt::print("{:>4}  {}{}\n", k + 1, outcomes[k]["name"].get<std::string>(),
               taken.empty() ? std::string(": no measure") : ": " + taken);
  }
  fmt::print("\n{:44} {:>6}", "", "");
  for (std::size_t k = 0; k < outcomes.size(); ++k) fmt::print(" {:>10}", k + 1);
  fmt::print("\n");
  // In the order of the first result that has the number.
  std::vector<std::string> order;
  for (const Json& outcome : outcomes) {
    for (const Json& number : outcome["numbers"]) {
      const auto what = number["what"].get<std::string>();
      if (std::find(order.begin(), order.end(), what) == order.end()) order.push_back(what);
    }
  }
  for (const std::string& what : order) {
    std::string unit;
    std::vector<std::string> cells;
    for (const Json& outcome : outcomes) {
      std::string cell = "-";
      for (const Json& number : outcome["numbers"]) {
        if (number["what"] != what) continue;
        unit = number["unit"].get<std::string>();
        const auto value = number["value"].get<double>();
        cell = unit == "1" ? fmt::format("{:.0f}", value) : fmt::format("{:.3f}", value);
        if (!std::isfinite(value)) cell = "-";
      }
      cells.push_back(cell);
    }
    fmt::print("{:44} {:>6}", what, unit == "1" ? "" : unit);
    for (const std::string& cell : cells) fmt::print(" {:>10}", cell);
    fmt::print("\n");
  }
  fmt::print("kept dry, wet instead and minutes won are against 1\n");
}

}  // namespace dvinis::app

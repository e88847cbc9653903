#include "viz/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/quantity.hpp"
#include "io/scenario/yaml.hpp"

namespace dvinis::viz {

namespace {

using Json = nlohmann::json;

const Setting* at_path(const Setting& tree, const std::vector<std::string>& keys) {
  const Setting* node = &tree;
  for (const std::string& key : keys) {
    node = node->is_map() ? node->find(key) : nullptr;
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string text_at(const Setting& tree, const std::vector<std::string>& keys) {
  const Setting* node = at_path(tree, keys);
  return node != nullptr && node->is_scalar() ? node->scalar : std::string();
}

/// A column of a table as the file holds it, or nothing where it does not.
class Columns {
 public:
  explicit Columns(const ResultTable* table) : table_(table) {}
  std::size_t rows() const { return table_ == nullptr ? 0 : table_->ids.size(); }
  double value(const char* name, std::size_t row) const {
    for (std::size_t k = 0; table_ != nullptr && k < table_->info.columns.size(); ++k) {
      const bool is_there = table_->info.columns[k].name == name && k < table_->columns.size() &&
                            row < table_->columns[k].size();
      if (is_there) return table_->columns[k][row];
    }
    return not_yet;
  }
  const std::vector<std::vector<double>>* series(const char* name) const {
    for (std::size_t k = 0; table_ != nullptr && k < table_->info.columns.size(); ++k) {
      if (table_->info.columns[k].name == name && k < table_->series.size() && !table_->series[k].empty())
        return &table_->series[k];
    }
    return nullptr;
  }
  std::string id(std::size_t row) const { return table_->ids[row]; }
  std::string label(std::size_t row) const {
    return row < table_->labels.size() && !table_->labels[row].empty() ? table_->labels[row]
                                                                       : table_->ids[row];
  }

 private:
  const ResultTable* table_;
};

/// The words that a scenario gives in the report's language.
class Translations {
 public:
  Translations(const Setting& scenario, Language language)
      : own_(language == Language::latvian ? at_path(scenario, {"translations", "lv"}) : nullptr) {
    const Setting* names = own_ == nullptr ? nullptr : own_->find("names");
    if (names == nullptr) return;
    for (const Setting& item : names->items) names_[text_at(item, {"of"})] = text_at(item, {"is"});
  }
  std::string of(const char* key, const std::string& otherwise) const {
    const std::string text = own_ == nullptr ? std::string() : text_at(*own_, {key});
    return text.empty() ? otherwise : text;
  }
  std::string name(const std::string& id, const std::string& label) const {
    const auto found = names_.find(id) != names_.end() ? names_.find(id) : names_.find(label);
    if (found != names_.end()) return found->second;
    return label.empty() ? id : label;
  }

 private:
  const Setting* own_;
  std::map<std::string, std::string> names_;
};

void translate_twin(Twin& twin, const Translations& words) {
  Provenance& provenance = twin.provenance;
  provenance.about = words.of("about", provenance.about);
  provenance.label = words.of("label", provenance.label);
  provenance.attribution = words.of("attribution", provenance.attribution);
  for (Place& place : twin.places) place.label = words.name(place.id, place.label);
}

void find_buildings(const ResultsFile& results, const Translations& words, Findings& found) {
  const Columns table(results.find_table("buildings"));
  const std::vector<const Place*> places = results.twin().places_of("building");
  found.buildings = table.rows();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const Place* place = row < places.size() ? places[row] : nullptr;
    const auto people =
        place == nullptr ? std::map<std::string, double>::const_iterator{} : place->numbers.find("people");
    const bool has_people = place != nullptr && people != place->numbers.end();
    found.knows_people = found.knows_people || has_people;
    WetBuilding building;
    building.first_wet = table.value("first_wet", row);
    if (!std::isfinite(building.first_wet)) continue;
    building.id = table.id(row);
    building.name = words.name(building.id, table.label(row));
    if (has_people) building.people = people->second;
    building.deepest = table.value("maximum_depth", row);
    building.highest_level = table.value("maximum_water_level", row);
    building.unsafe_on_foot = table.value("unsafe_on_foot", row);
    const double category = table.value("hazard_class", row);
    building.hazard_class = std::isfinite(category) ? static_cast<int>(std::lround(category)) : 0;
    if (has_people) found.people += building.people;
    found.wet_buildings.push_back(building);
  }
  std::stable_sort(found.wet_buildings.begin(), found.wet_buildings.end(),
                   [](const WetBuilding& a, const WetBuilding& b) { return a.first_wet < b.first_wet; });
}

void find_roads(const ResultsFile& results, const Translations& words, double tick, Findings& found) {
  const Columns table(results.find_table("roads"));
  found.roads = table.rows();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    ClosedRoad road;
    road.closed_from = table.value("closed_from", row);
    if (!std::isfinite(road.closed_from)) continue;
    road.id = table.id(row);
    road.name = words.name(road.id, table.label(row));
    road.closed_until = table.value("closed_until", row);
    road.is_closed_at_end = road.closed_until >= found.end - tick;
    road.deepest = table.value("maximum_depth", row);
    found.closed_roads.push_back(road);
  }
  std::stable_sort(found.closed_roads.begin(), found.closed_roads.end(),
                   [](const ClosedRoad& a, const ClosedRoad& b) { return a.closed_from < b.closed_from; });
}

void find_gauges(const ResultsFile& results, const Translations& words, Findings& found) {
  const Columns table(results.find_table("gauges"));
  const auto* levels = table.series("water_level");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    GaugeCrest crest{words.name(table.id(row), table.label(row)), table.value("maximum_water_level", row),
                     not_yet};
    if (levels != nullptr && row < levels->size()) {
      const std::vector<double>& curve = (*levels)[row];
      const auto highest = std::max_element(curve.begin(), curve.end());
      if (highest != curve.end())
        crest.time = results.series_times()[static_cast<std::size_t>(highest - curve.begin())];
    }
    found.gauges.push_back(crest);
  }
}

void find_measures(const ResultsFile& results, const Translations& words, Findings& found) {
  const Columns table(results.find_table("measures"));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string label = table.label(row);
    found.measures.push_back({words.name(label, label), table.value("decided", row),
                              table.value("works", row), table.value("cost", row)});
  }
}

void find_happenings(const ResultsFile& results, const Translations& words, Findings& found) {
  const std::string text = results.meta_text("events");
  if (text.empty()) return;
  std::map<std::string, std::string> labels;
  for (const Place& place : results.twin().places) {
    if (place.kind == "structure") labels[place.id] = place.label;
  }
  for (const Json& event : Json::parse(text)) {
    const std::string kind = event.at("kind").get<std::string>();
    if (kind == "building wet") continue;
    const std::string subject = event.at("subject").get<std::string>();
    found.happenings.push_back({event.at("occurred_microseconds").get<double>() * 1e-6, kind,
                                words.name(subject, labels.count(subject) > 0 ? labels[subject] : subject)});
  }
}

void find_balance(const ResultsFile& results, const Json& ledger, const Translations& words,
                  Findings& found) {
  const std::string summary = results.meta_text("summary");
  if (!summary.empty()) {
    const Json parsed = Json::parse(summary);
    for (const Json& line : parsed.at("budgets")) {
      if (line.at("quantity").get<std::string>() != "water") continue;
      found.stored_at_start = line.at("storage_at_start").get<double>();
      found.stored_at_end = line.at("storage").get<double>();
      found.unaccounted = line.at("error").get<double>();
      found.knows_balance = true;
    }
  }
  for (const Json& line : ledger) {
    if (line.at("quantity").get<std::string>() != "water") continue;
    std::string account = line.at("account").get<std::string>();
    if (account.starts_with("source ")) {
      const std::string id = account.substr(7);
      account = words.name(id, id);
    } else {
      account = words.name(account, account);
    }
    found.balance.push_back({account, line.at("amount").get<double>()});
  }
}

/// Amount of an account of the ledger, 0 if there is none.
double booked(const Json& ledger, const std::string& account) {
  double sum = 0.0;
  for (const Json& line : ledger) {
    if (line.at("account").get<std::string>() == account) sum += line.at("amount").get<double>();
  }
  return sum;
}

void find_flooded_area(const ResultsFile& results, double dry_below, Findings& found) {
  if (results.find_field("maximum_depth") == nullptr || results.find_field("water_depth") == nullptr ||
      results.times().empty())
    return;
  const std::vector<double> deepest = results.read("maximum_depth");
  const std::vector<double> first = results.read("water_depth", 0);
  double cells = 0.0;
  for (std::size_t k = 0; k < deepest.size(); ++k)
    cells += deepest[k] >= dry_below && !(first[k] >= dry_below) ? 1.0 : 0.0;
  found.flooded_area = cells * results.grid().cell_area();
}

/// Whether an edge cell lies on a stretch of the rim that the scenario opens.
bool is_open_rim(const Setting& scenario, const Grid& grid, Cell cell) {
  const Setting* boundaries = at_path(scenario, {"models", "flood", "boundaries"});
  if (boundaries == nullptr) return false;
  const Point centre = grid.centre(cell);
  for (const Setting& boundary : boundaries->items) {
    if (text_at(boundary, {"kind"}) == "wall") continue;
    const std::string edge = text_at(boundary, {"edge"});
    const bool is_there = (edge == "west" && cell.i == 0) || (edge == "east" && cell.i == grid.nx - 1) ||
                          (edge == "south" && cell.j == 0) || (edge == "north" && cell.j == grid.ny - 1);
    if (!is_there) continue;
    const double along = edge == "west" || edge == "east" ? centre.y : centre.x;
    const std::string from = text_at(boundary, {"from"});
    const std::string to = text_at(boundary, {"to"});
    if ((from.empty() || along >= parse_quantity(from, "m")) &&
        (to.empty() || along <= parse_quantity(to, "m")))
      return true;
  }
  return false;
}

/// Length of the closed rim that water stands at [m].
double wet_closed_rim(const ResultsFile& results, const Setting& scenario, double dry_below) {
  const Grid& grid = results.grid();
  if (results.find_field("maximum_depth") == nullptr) return 0.0;
  const std::vector<double> deepest = results.read("maximum_depth");
  double length = 0.0;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      const bool is_rim = i == 0 || j == 0 || i == grid.nx - 1 || j == grid.ny - 1;
      if (!is_rim || !(deepest[static_cast<std::size_t>(j * grid.nx + i)] >= dry_below)) continue;
      if (!is_open_rim(scenario, grid, {i, j})) length += grid.spacing;
    }
  }
  return length;
}

void find_cautions(const ResultsFile& results, const Json& ledger, const Setting& scenario, double dry_below,
                   Findings& found) {
  const auto warn = [&](const char* phrase, std::vector<std::string> values = {}) {
    found.cautions.push_back({phrase, std::move(values)});
  };
  const auto of_flood = [&](const char* key) { return at_path(scenario, {"models", "flood", key}); };
  if (!found.is_complete) warn("The run is not finished: what comes later is not in this report.");
  if (const double rim = wet_closed_rim(results, scenario, dry_below); rim > 0.0)
    warn("Water stands at the closed edge of the model over {} m: it would go on there.",
         {fmt::format("{:.0f}", rim)});
  const bool is_fast = text_at(scenario, {"models", "flood", "mode"}) == "fast";
  if (is_fast) warn("Fast mode: momentum is carried to first order; rapid flow and jets are approximate.");
  const std::string finer = text_at(scenario, {"domain", "subgrid"});
  if (!finer.empty()) {
    warn(
        "Cells of {} m with the finer ground in tables: on the generated town of Ogre such levels stood 0.08 "
        "m "
        "too high at the houses.",
        {fmt::format("{:g}", results.grid().spacing)});
  } else if (found.buildings > 0 && results.grid().spacing > 10.0) {
    warn("Cells of {} m are wider than streets: depths at single houses are rough.",
         {fmt::format("{:g}", results.grid().spacing)});
  }
  const double beyond = booked(ledger, "flood: beyond the limits of the fast mode");
  const double all = beyond + booked(ledger, "flood: fast mode");
  if (beyond > 0.0)
    warn("{} % of the work was beyond the limits of the fast mode.",
         {fmt::format("{:.1f}", 100.0 * beyond / all)});
  if (const Setting* structures = of_flood("structures")) {
    bool has_jam = false;
    bool has_breach = false;
    for (const Setting& structure : structures->items) {
      has_jam = has_jam || structure.has("ice_jam");
      has_breach = has_breach || at_path(structure, {"levee", "breach"}) != nullptr;
    }
    if (has_jam) warn("The ice jam is a share of the river blocked at one line; real jams move and float.");
    if (has_breach) warn("The breach grows by a general law of erosion that is not fitted to this levee.");
  }
  if (of_flood("rain") != nullptr) warn("Sewers are not in the model: rain runs off over the ground.");
  if (at_path(scenario, {"layers", "roughness"}) == nullptr)
    warn("The ground is smooth: no roughness was given.");
  if (const double unmet = booked(ledger, "structures: held back for want of water"); unmet > 0.0)
    warn("Structures were held back for want of water {} times.", {fmt::format("{:.0f}", unmet)});
  warn("Water at walls counts from 1 cm; floors, cellars and flood doors are not in the model.");
}

}  // namespace

Findings find(const ResultsFile& results, Language language, double dry_below) {
  const Setting scenario = parse_yaml(results.meta_text("scenario"), "scenario");
  const Translations words(scenario, language);
  const std::string accounts = results.meta_text("ledger");
  const Json ledger = accounts.empty() ? Json::array() : Json::parse(accounts);
  Findings found;
  found.twin = results.twin();
  translate_twin(found.twin, words);
  found.zone = text_at(scenario, {"time", "zone"});
  found.is_complete = results.is_complete();
  if (!results.times().empty()) found.end = results.times().back();
  if (!results.series_times().empty()) found.end = std::max(found.end, results.series_times().back());
  const std::string tick = text_at(scenario, {"time", "exchange"});
  find_buildings(results, words, found);
  find_roads(results, words, tick.empty() ? 60.0 : parse_quantity(tick, "s"), found);
  find_gauges(results, words, found);
  find_measures(results, words, found);
  find_happenings(results, words, found);
  find_balance(results, ledger, words, found);
  find_flooded_area(results, dry_below, found);
  find_cautions(results, ledger, scenario, dry_below, found);
  return found;
}

}  // namespace dvinis::viz

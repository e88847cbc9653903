#include "io/ingest/place_reader.hpp"

#include <filesystem>

#include "core/base/quantity.hpp"
#include "io/ingest/units.hpp"
#include "io/ingest/vector.hpp"

namespace dvinis {

namespace {

/// A number of a place: `written` is a column's or attribute's name, or a quantity.
struct NumberRule {
  std::string name;
  std::string written;
  std::string unit;  ///< of a column; empty: the entry's
  const Setting* setting = nullptr;
};

std::vector<NumberRule> number_rules(const Setting& entry) {
  std::vector<NumberRule> rules;
  const Setting* numbers = given(entry, "numbers");
  if (numbers == nullptr) return rules;
  for (const auto& [name, setting] : numbers->members) {
    NumberRule rule{name, setting.scalar, "", &setting};
    if (setting.is_map()) {
      rule.written = setting.at("column").scalar;
      rule.unit = text_of(setting, "unit");
    }
    rules.push_back(rule);
  }
  return rules;
}

/// To SI by the number's own unit, else by the entry's; numbers of neither stay as they are.
UnitConversion number_conversion(const NumberRule& rule, const std::string& entry_unit) {
  const std::string& unit = rule.unit.empty() ? entry_unit : rule.unit;
  if (unit.empty()) return {};
  return at_place(*rule.setting, [&] { return unit_conversion(unit, si_unit(unit)); });
}

const Setting& needed(const Setting& entry, const char* key, const char* advice) {
  const Setting* member = given(entry, key);
  if (member == nullptr) throw entry.error(fmt::format("`{}` is missing: {}", key, advice));
  return *member;
}

std::vector<Place> places_of_table(const Setting& entry, const std::string& path, IngestContext& context) {
  const Setting& file = entry.at("file");
  const Setting& unit = needed(entry, "unit", "the unit of the coordinates in the table, e.g. `unit: m`");
  const UnitConversion to_metres = at_place(unit, [&] { return unit_conversion(unit.scalar, "m"); });
  const CsvTable table = at_place(file, [&] { return read_csv(path, dialect_of(entry)); });
  context.note_file(path);
  const auto column = [&](const Setting& name) {
    return at_place(name, [&] { return table.column(name.scalar); });
  };
  const std::size_t id = column(needed(entry, "id", "the name of the column of ids"));
  const std::size_t x = column(needed(entry, "x", "the name of the column of eastings"));
  const std::size_t y = column(needed(entry, "y", "the name of the column of northings"));
  const Setting* label = given(entry, "label");
  const std::size_t label_column = label == nullptr ? id : column(*label);
  std::vector<Place> places;
  at_place(file, [&] {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      Place place;
      place.id = table.text(row, id);
      if (place.id.empty())
        throw DataError(fmt::format("{} is empty; every place needs an id", table.place(row, id)));
      place.label = table.text(row, label_column);
      place.points = {{to_metres(table.number(row, x)), to_metres(table.number(row, y))}};
      places.push_back(std::move(place));
    }
  });
  for (const NumberRule& rule : number_rules(entry)) {
    const UnitConversion conversion = number_conversion(rule, unit.scalar);
    at_place(*rule.setting, [&] {
      const std::size_t from = table.column(rule.written);
      for (std::size_t row = 0; row < table.rows(); ++row) {
        places[row].numbers[rule.name] = conversion(table.number(row, from));
      }
    });
  }
  return places;
}

std::string attribute_of(const Feature& feature, const Setting& name) {
  const auto found = feature.texts.find(name.scalar);
  if (found != feature.texts.end() && !found->second.empty()) return found->second;
  std::vector<std::string> known;
  for (const auto& [attribute, text] : feature.texts) known.push_back(attribute);
  const std::string near = did_you_mean(name.scalar, known);
  throw name.error(fmt::format("{} has no attribute '{}'{}; it has {}", feature.place, name.scalar,
                               near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near),
                               fmt::join(known, ", ")));
}

std::vector<Place> places_of_features(const Setting& entry, const std::string& path, const Domain& domain,
                                      IngestContext& context) {
  for (const char* key : {"x", "y", "delimiter", "decimal", "encoding"}) {
    const Setting* unused = given(entry, key);
    if (unused != nullptr)
      throw unused->error(fmt::format("belongs to a table; {} holds its own geometry", path));
  }
  const Setting& file = entry.at("file");
  const Setting& id = needed(entry, "id", "the name of the attribute that holds the ids");
  const FeatureFile read =
      at_place(file, [&] { return read_features(path, domain.grid.crs_wkt, text_of(entry, "where")); });
  context.note_files(read.files);
  const Setting* label = given(entry, "label");
  const std::vector<NumberRule> rules = number_rules(entry);
  std::vector<Place> places;
  std::size_t split = 0;
  for (const Feature& feature : read.features) {
    for (std::size_t part = 0; part < feature.parts.size(); ++part) {
      Place place;
      place.id = attribute_of(feature, id);
      // Each part of a multi-geometry is a place of its own: nothing is merged or dropped.
      if (part > 0) place.id += fmt::format("/{}", part + 1);
      split += part > 0 ? 1 : 0;
      place.label = label == nullptr ? place.id : attribute_of(feature, *label);
      place.points = feature.parts[part].outer;
      place.holes = feature.parts[part].holes;
      place.texts = feature.texts;
      for (const NumberRule& rule : rules) {
        const auto number = feature.numbers.find(rule.written);
        if (number == feature.numbers.end()) {
          throw rule.setting->error(
              fmt::format("{} has no number in attribute '{}'", feature.place, rule.written));
        }
        place.numbers[rule.name] = number_conversion(rule, text_of(entry, "unit"))(number->second);
      }
      places.push_back(std::move(place));
    }
  }
  if (split > 0) {
    context.log().info(
        "places: {} further parts of multi-part features of {} are places of their own (id/2, ...)", split,
        path);
  }
  return places;
}

Point inline_point(const Setting& setting) {
  if (setting.is_list()) {
    if (setting.items.size() != 2) throw setting.error("a point is [x, y], e.g. [382265 m, 6354280 m]");
    return {quantity_of(setting.items[0], "m"), quantity_of(setting.items[1], "m")};
  }
  return {quantity_of(setting.at("x"), "m"), quantity_of(setting.at("y"), "m")};
}

std::vector<Place> inline_place(const Setting& entry) {
  for (const char* key : {"where", "delimiter", "decimal", "encoding", "unit"}) {
    const Setting* unused = given(entry, key);
    if (unused != nullptr) throw unused->error("belongs to places from a file; this one has none");
  }
  Place place;
  place.id = needed(entry, "id", "every place needs an id").scalar;
  place.label = given(entry, "label") == nullptr ? place.id : text_of(entry, "label");
  const Setting* points = given(entry, "points");
  if ((points == nullptr) == (given(entry, "x") == nullptr)) {
    throw entry.error("give either `x` and `y` (a point) or `points` (a line or polygon), or a `file`");
  }
  if (points != nullptr) {
    for (const Setting& point : points->items) place.points.push_back(inline_point(point));
  } else {
    place.points = {{quantity_of(entry.at("x"), "m"), quantity_of(entry.at("y"), "m")}};
  }
  for (const NumberRule& rule : number_rules(entry)) {
    place.numbers[rule.name] = at_place(*rule.setting, [&] { return quantity_in_si(rule.written).value; });
  }
  return {place};
}

}  // namespace

std::vector<Place> read_places(const Setting& entry, const Domain& domain, IngestContext& context) {
  const Setting* file = given(entry, "file");
  if (file == nullptr) return inline_place(entry);
  const std::string path = context.path(file->scalar);
  const std::string suffix = std::filesystem::path(path).extension().string();
  const bool is_table = suffix == ".csv" || suffix == ".CSV" || suffix == ".txt";
  return is_table ? places_of_table(entry, path, context) : places_of_features(entry, path, domain, context);
}

}  // namespace dvinis

#include "io/results/meta_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace dvinis {

namespace {

using Json = nlohmann::ordered_json;

/// JSON text; bytes that are no UTF-8 are replaced rather than lost with the whole text.
std::string text_of(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

/// JSON has no infinity: it stands as null.
Json bound(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
double read_bound(const Json& json, double fallback) {
  return json.is_number() ? json.get<double>() : fallback;
}

Json ring(const std::vector<Point>& points) {
  Json list = Json::array();
  for (const Point& point : points) list.push_back({point.x, point.y});
  return list;
}

std::vector<Point> read_ring(const Json& list) {
  std::vector<Point> points;
  for (const Json& pair : list) points.push_back({pair.at(0).get<double>(), pair.at(1).get<double>()});
  return points;
}

Json field_json(const ResultField& field) {
  const FieldInfo& info = field.info;
  return {{"name", info.name},
          {"unit", info.unit},
          {"long_name", info.long_name},
          {"standard_name", info.standard_name},
          {"role", static_cast<int>(info.role)},
          {"minimum", bound(info.minimum)},
          {"maximum", bound(info.maximum)},
          {"cell_methods", info.cell_methods},
          {"classes", info.classes},
          {"has_time", field.has_time}};
}

ResultField read_field(const Json& json) {
  ResultField field;
  field.info.name = json.at("name").get<std::string>();
  field.info.unit = json.at("unit").get<std::string>();
  field.info.long_name = json.at("long_name").get<std::string>();
  field.info.standard_name = json.at("standard_name").get<std::string>();
  field.info.role = static_cast<Role>(json.at("role").get<int>());
  field.info.minimum = read_bound(json.at("minimum"), field.info.minimum);
  field.info.maximum = read_bound(json.at("maximum"), field.info.maximum);
  field.info.cell_methods = json.at("cell_methods").get<std::string>();
  field.info.classes = json.at("classes").get<std::vector<std::string>>();
  field.info.type = ElementType::float32;
  field.has_time = json.at("has_time").get<bool>();
  return field;
}

Json table_json(const TableInfo& table) {
  Json columns = Json::array();
  for (const ColumnInfo& column : table.columns) {
    columns.push_back({{"name", column.name},
                       {"unit", column.unit},
                       {"long_name", column.long_name},
                       {"series", column.series}});
  }
  return {{"name", table.name},
          {"place_kind", table.place_kind},
          {"long_name", table.long_name},
          {"columns", std::move(columns)}};
}

TableInfo read_table(const Json& json) {
  TableInfo table;
  table.name = json.at("name").get<std::string>();
  table.place_kind = json.at("place_kind").get<std::string>();
  table.long_name = json.at("long_name").get<std::string>();
  for (const Json& column : json.at("columns")) {
    table.columns.push_back({column.at("name").get<std::string>(), column.at("unit").get<std::string>(),
                             column.at("long_name").get<std::string>(), column.at("series").get<bool>()});
  }
  return table;
}

}  // namespace

std::string run_text(const Twin& twin) {
  const Provenance& from = twin.provenance;
  Json inputs = Json::array();
  for (const InputFile& input : from.inputs)
    inputs.push_back({{"path", input.path}, {"sha256", input.sha256}});
  const Grid& grid = twin.grid;
  return text_of({{"scenario", from.scenario_name},
                  {"about", from.about},
                  {"version", from.version},
                  {"compiler", from.compiler},
                  {"instruction_set", from.instruction_set},
                  {"threads", from.threads},
                  {"seed", from.seed},
                  {"attribution", from.attribution},
                  {"label", from.label},
                  {"inputs", std::move(inputs)},
                  {"start_utc", twin.start_utc},
                  {"display_offset_minutes", twin.display_offset_minutes},
                  {"vertical_datum", twin.vertical_datum},
                  {"grid",
                   {{"nx", grid.nx},
                    {"ny", grid.ny},
                    {"spacing", grid.spacing},
                    {"west", grid.west},
                    {"south", grid.south},
                    {"crs_wkt", grid.crs_wkt}}}});
}

void read_run_text(const std::string& text, Twin& twin) {
  const Json json = Json::parse(text);
  Provenance& into = twin.provenance;
  into.scenario_name = json.at("scenario").get<std::string>();
  into.about = json.at("about").get<std::string>();
  into.version = json.at("version").get<std::string>();
  into.compiler = json.at("compiler").get<std::string>();
  into.instruction_set = json.at("instruction_set").get<std::string>();
  into.threads = json.at("threads").get<int>();
  into.seed = json.at("seed").get<std::uint64_t>();
  into.attribution = json.at("attribution").get<std::string>();
  into.label = json.at("label").get<std::string>();
  for (const Json& input : json.at("inputs")) {
    into.inputs.push_back({input.at("path").get<std::string>(), input.at("sha256").get<std::string>()});
  }
  twin.start_utc = json.at("start_utc").get<std::int64_t>();
  twin.display_offset_minutes = json.at("display_offset_minutes").get<int>();
  twin.vertical_datum = json.at("vertical_datum").get<std::string>();
  const Json& grid = json.at("grid");
  twin.grid = {grid.at("nx").get<Index>(),       grid.at("ny").get<Index>(),
               grid.at("spacing").get<double>(), grid.at("west").get<double>(),
               grid.at("south").get<double>(),   grid.at("crs_wkt").get<std::string>()};
}

std::string places_text(const std::vector<Place>& places) {
  Json list = Json::array();
  for (const Place& place : places) {
    Json holes = Json::array();
    for (const std::vector<Point>& hole : place.holes) holes.push_back(ring(hole));
    Json numbers = Json::object();
    for (const auto& [name, value] : place.numbers) numbers[name] = bound(value);
    list.push_back({{"kind", place.kind},
                    {"id", place.id},
                    {"label", place.label},
                    {"points", ring(place.points)},
                    {"holes", std::move(holes)},
                    {"numbers", std::move(numbers)},
                    {"texts", place.texts}});
  }
  return text_of(list);
}

std::vector<Place> read_places_text(const std::string& text) {
  std::vector<Place> places;
  for (const Json& json : Json::parse(text)) {
    Place place;
    place.kind = json.at("kind").get<std::string>();
    place.id = json.at("id").get<std::string>();
    place.label = json.at("label").get<std::string>();
    place.points = read_ring(json.at("points"));
    for (const Json& hole : json.at("holes")) place.holes.push_back(read_ring(hole));
    for (const auto& [name, value] : json.at("numbers").items()) {
      place.numbers[name] = read_bound(value, std::numeric_limits<double>::quiet_NaN());
    }
    place.texts = json.at("texts").get<std::map<std::string, std::string>>();
    places.push_back(std::move(place));
  }
  return places;
}

std::string variables_text(const Variables& variables) {
  Json fields = Json::array();
  for (const ResultField& field : variables.fields) fields.push_back(field_json(field));
  Json tables = Json::array();
  for (const TableInfo& table : variables.tables) tables.push_back(table_json(table));
  return text_of({{"fields", std::move(fields)}, {"tables", std::move(tables)}});
}

Variables read_variables_text(const std::string& text) {
  const Json json = Json::parse(text);
  Variables variables;
  for (const Json& field : json.at("fields")) variables.fields.push_back(read_field(field));
  for (const Json& table : json.at("tables")) variables.tables.push_back(read_table(table));
  return variables;
}

std::string ledger_text(const State& state) {
  Json list = Json::array();
  for (const LedgerAccount& account : state.ledger) {
    list.push_back({{"quantity", account.quantity},
                    {"unit", account.unit},
                    {"account", account.account},
                    {"amount", account.amount + account.low},
                    {"bookings", account.bookings}});
  }
  return text_of(list);
}

std::string events_text(const State& state) {
  Json list = Json::array();
  for (const Event& event : state.events) {
    list.push_back({{"id", event.id},
                    {"occurred_microseconds", event.occurred},
                    {"effective_microseconds", event.effective},
                    {"kind", event.kind},
                    {"subject", event.subject},
                    {"cause", event.cause},
                    {"parents", event.parents}});
  }
  return text_of(list);
}

std::string summary_text(const RunSummary& summary) {
  Json budgets = Json::array();
  for (const BudgetLine& line : summary.budgets) {
    budgets.push_back({{"quantity", line.quantity},
                       {"unit", line.unit},
                       {"storage", line.storage},
                       {"storage_at_start", line.storage_at_start},
                       {"throughput", line.throughput},
                       {"error", line.error}});
  }
  Json profile = Json::object();
  for (const auto& [part, seconds] : summary.profile) profile[part] = seconds;
  return text_of({{"completed", summary.completed},
                  {"model_time_microseconds", summary.model_time},
                  {"steps", summary.steps},
                  {"wall_seconds", summary.wall_seconds},
                  {"cpu_seconds", summary.cpu_seconds},
                  {"checkpoint", summary.checkpoint},
                  {"budgets", std::move(budgets)},
                  {"profile", std::move(profile)}});
}

std::string names_text(const std::vector<std::string>& names) { return text_of(Json(names)); }

std::vector<std::string> read_names_text(const std::string& text) {
  return Json::parse(text).get<std::vector<std::string>>();
}

}  // namespace dvinis

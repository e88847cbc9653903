#include "viz/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/quantity.hpp"
#include "core/base/settings.hpp"

namespace dvinis::viz {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_curves = 12;
/// False for what is there without water too: layers, and what the ground holds (CF: "where land").
bool depends_on_water(const ResultField& field) {
  const bool is_static = !field.has_time && field.info.role != Role::running;
  return !is_static && field.info.cell_methods.find("where land") == std::string::npos;
}

constexpr double usual_dry_limit = 0.01;  ///< [m]

/// Words before a bracket or a semicolon, and the explanation that stands in or behind it.
std::pair<std::string, std::string> split_words(const std::string& words) {
  const std::size_t stop = words.find("; ");
  if (stop != std::string::npos) return {words.substr(0, stop), words.substr(stop + 2)};
  const std::size_t open = words.find(" (");
  if (open == std::string::npos || words.back() != ')') return {words, ""};
  return {words.substr(0, open), words.substr(open + 2, words.size() - open - 3)};
}

/// "t600s", "t16.5s": a moment in a file's name.
std::string time_tag(double seconds) { return fmt::format("t{:g}s", std::round(seconds * 1000.0) / 1000.0); }

/// Name in front of numbers observed at places: "observed_level" belongs to "water_level".
std::optional<double> observed(const Place& place, const std::string& column) {
  for (const auto& [name, value] : place.numbers) {
    if (!name.starts_with("observed_") || !std::isfinite(value)) continue;
    const std::string what = name.substr(9);
    if (column == what || column.ends_with("_" + what)) return value;
  }
  return std::nullopt;
}

std::vector<const Place*> places_of_table(const Twin& twin, const ResultTable& table) {
  std::vector<const Place*> places =
      table.info.place_kind.empty() ? std::vector<const Place*>{} : twin.places_of(table.info.place_kind);
  places.resize(table.ids.size(), nullptr);
  return places;
}

std::string row_name(const ResultTable& table, const std::vector<const Place*>& places, std::size_t row) {
  if (places[row] != nullptr) return place_name(*places[row]);
  return row < table.labels.size() && !table.labels[row].empty() ? table.labels[row] : table.ids[row];
}

double largest(const std::vector<double>& values) {
  double result = -std::numeric_limits<double>::infinity();
  for (const double value : values) {
    if (std::isfinite(value)) result = std::max(result, value);
  }
  return result;
}

}  // namespace

When When::parse(const std::string& text) {
  if (text == "last") return {Kind::last, 0.0};
  if (text == "maximum") return {Kind::maximum, 0.0};
  try {
    return {Kind::at, parse_quantity(text, "s")};
  } catch (const Error& trouble) {
    throw UsageError(fmt::format(
        "--time {}: say 'last', 'maximum' or a span such as '600 s' or '10 min' ({})", text, trouble.what()));
  }
}

Pictures::Pictures(const std::string& path, std::optional<double> dry_limit)
    : file_(path), dry_below_(dry_limit ? *dry_limit : default_dry_limit()) {}

double Pictures::default_dry_limit() const {
  std::vector<double> depth;
  if (file_.find_field("maximum_depth") != nullptr) {
    depth = file_.read("maximum_depth");
  } else if (file_.find_field("water_depth") != nullptr && !file_.times().empty()) {
    depth = file_.read("water_depth", file_.times().size() - 1);
  }
  std::erase_if(depth, [](double h) { return !(h > 0.0); });
  const double typical = percentile(depth, 0.98);
  for (const double limit : {usual_dry_limit, 0.005, 0.002, 0.001, 0.0005, 0.0002}) {
    if (depth.empty() || limit <= 0.02 * typical) return limit;
  }
  return 0.0001;
}

std::string Pictures::default_field(bool with_times) const {
  for (const char* name : {"maximum_depth", "water_depth"}) {
    const ResultField* field = file_.find_field(name);
    if (field != nullptr && field->has_time == with_times) return name;
  }
  for (const ResultField& field : file_.fields()) {
    if (field.has_time == with_times && field.info.name != "bed_elevation") return field.info.name;
  }
  throw UsageError(with_times
                       ? "this run holds no field over time; ask for a map of another field with --field"
                       : "this run holds no running field; ask for a field with --field");
}

std::vector<std::string> Pictures::standard_maps() const {
  std::vector<std::string> names;
  for (const ResultField& field : file_.fields()) {
    if (!field.has_time && field.info.role == Role::running) names.push_back(field.info.name);
  }
  return names;
}

const ResultField& Pictures::known_field(const std::string& name) const {
  if (const ResultField* field = file_.find_field(name)) return *field;
  std::vector<std::string> names;
  std::string list;
  for (const ResultField& field : file_.fields()) {
    names.push_back(field.info.name);
    list += (list.empty() ? "" : ", ") + field.info.name;
  }
  const std::string near = did_you_mean(name, names);
  throw UsageError(fmt::format("--field {}: this run does not hold it{}; it holds {}", name,
                               near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), list));
}

std::size_t Pictures::step_at(const When& when) const {
  const std::vector<double>& times = file_.times();
  if (times.empty()) throw UsageError("this run holds no map steps; it stopped before its first output");
  if (when.kind != When::Kind::at) return times.size() - 1;
  const double slack =
      times.size() > 1 ? 0.5 * (times.back() - times.front()) / static_cast<double>(times.size() - 1) : 0.0;
  if (when.seconds < times.front() - slack || when.seconds > times.back() + slack) {
    throw UsageError(fmt::format("--time {}: this run's maps reach from {} to {}", span_text(when.seconds),
                                 span_text(times.front()), span_text(times.back())));
  }
  const auto nearest = std::min_element(times.begin(), times.end(), [&](double a, double b) {
    return std::abs(a - when.seconds) < std::abs(b - when.seconds);
  });
  return static_cast<std::size_t>(nearest - times.begin());
}

std::string Pictures::run_span() const {
  const Twin& twin = file_.twin();
  std::string span;
  if (!file_.times().empty()) {
    span = fmt::format("{} from {}", span_text(file_.times().back() - file_.times().front()),
                       local_moment(twin, file_.times().front()));
  }
  return file_.is_complete() ? span : span + " \u00b7 the run is not finished";
}

Shot Pictures::shot(const std::string& name, const When& when) const {
  const ResultField& field = known_field(name);
  if (field.has_time && when.kind == When::Kind::maximum) {
    for (const std::string& other : {"maximum_" + name, "maximum_" + name.substr(name.rfind('_') + 1)}) {
      if (file_.find_field(other) != nullptr) return shot(other, When{});
    }
    Shot result = shot(name, std::size_t{0});
    for (std::size_t step = 1; step < file_.times().size(); ++step) {
      const std::vector<double> values = masked(field, step);
      for (std::size_t k = 0; k < values.size(); ++k) {
        if (!(result.values[k] >= values[k]) && std::isfinite(values[k])) result.values[k] = values[k];
      }
    }
    result.moment = fmt::format("largest of {} map times, {}", file_.times().size(), run_span());
    result.tag = "maximum";
    result.step = std::nullopt;
    return result;
  }
  if (field.has_time) return shot(name, step_at(when));
  if (when.kind == When::Kind::at) {
    throw UsageError(fmt::format("--time {}: '{}' is one map over the whole run; leave --time away",
                                 span_text(when.seconds), name));
  }
  Shot result{field, std::nullopt, "", "", masked(field, std::nullopt)};
  const bool is_running = field.info.role == Role::running;
  const bool is_maximum = field.info.cell_methods == "time: maximum";
  if (is_running) result.moment = (is_maximum ? "maximum over " : "over ") + run_span();
  return result;
}

Shot Pictures::shot(const std::string& name, std::size_t step) const {
  const ResultField& field = known_field(name);
  const double seconds = file_.times().at(step);
  Shot result{field, step, "", time_tag(seconds), masked(field, step)};
  result.moment =
      fmt::format("{} \u00b7 {} after the start", local_moment(file_.twin(), seconds), span_text(seconds));
  if (!file_.is_complete() && step + 1 == file_.times().size())
    result.moment += " \u00b7 the run is not finished";
  return result;
}

std::vector<double> Pictures::depth_for(const ResultField& field, std::optional<std::size_t> step) const {
  const char* name = field.has_time ? "water_depth" : "maximum_depth";
  const ResultField* depth = file_.find_field(name);
  if (depth == nullptr || depth->has_time != field.has_time) return {};
  return file_.read(name, step.value_or(0));
}

std::vector<double> Pictures::masked(const ResultField& field, std::optional<std::size_t> step) const {
  std::vector<double> values = file_.read(field.info.name, step.value_or(0));
  if (!depends_on_water(field)) return values;
  const std::vector<double> depth = depth_for(field, step);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const bool is_dry = depth.empty() ? values[k] == 0.0 : !(depth[k] >= dry_below_);
    if (is_dry) values[k] = nan;
  }
  return values;
}

std::vector<double> Pictures::bed() const {
  return file_.find_field("bed_elevation") == nullptr ? std::vector<double>{} : file_.read("bed_elevation");
}

MapSheet Pictures::map(const Shot& shot, const std::vector<double>& range_values) const {
  MapSheet sheet;
  sheet.text = page_text(file_.twin(), language_);
  const auto [english, note] = split_words(
      shot.field.info.long_name.empty() ? sentence_case(shot.field.info.name) : shot.field.info.long_name);
  const std::string name = say(language_, english);
  sheet.text.heading = sentence_case(name);
  sheet.text.moment = shot.moment;
  FieldInfo info = shot.field.info;
  info.long_name = name;
  for (std::string& category : info.classes) category = say(language_, category);
  sheet.field = coloured(info, shot.values, range_values);
  sheet.field.language = language_;
  sheet.field_note = note.empty() ? note : say(language_, note);
  sheet.bed = bed();
  const bool has_depth = file_.find_field(shot.field.has_time ? "water_depth" : "maximum_depth") != nullptr;
  if (depends_on_water(shot.field)) {
    const DisplayUnit unit = dry_below_ < 0.01 ? DisplayUnit{1000.0, "mm"} : DisplayUnit{100.0, "cm"};
    sheet.dry_note = has_depth
                         ? fmt::format(fmt::runtime(say(language_, "Dry, or less than {:g} {} of water")),
                                       dry_below_ * unit.factor, unit.text)
                         : say(language_, "Nothing");
  }
  return sheet;
}

SceneSheet Pictures::scene(const Shot& shot) const {
  SceneSheet sheet;
  const MapSheet flat = map(shot);
  sheet.text = flat.text;
  sheet.field = flat.field;
  sheet.bed = flat.bed;
  if (sheet.bed.empty())
    throw UsageError("a 3-D picture needs the field 'bed_elevation'; this run does not hold it");
  sheet.depth = depth_for(shot.field, shot.step);
  if (sheet.depth.empty())
    throw UsageError(
        "a 3-D picture needs the field 'water_depth' or 'maximum_depth'; this run does not hold it");
  for (double& depth : sheet.depth) {
    if (!(depth >= dry_below_)) depth = nan;
  }
  return sheet;
}

std::vector<double> Pictures::values_over_time(const std::string& name) const {
  const ResultField& field = known_field(name);
  std::vector<double> result;
  const std::size_t steps = std::max<std::size_t>(file_.times().size(), 1);
  const std::size_t stride = static_cast<std::size_t>(file_.grid().cells()) * steps / 2'000'000 + 1;
  for (std::size_t step = 0; step < file_.times().size(); ++step) {
    const std::vector<double> values = masked(field, step);
    for (std::size_t k = 0; k < values.size(); k += stride) {
      if (std::isfinite(values[k])) result.push_back(values[k]);
    }
  }
  return result;
}

std::vector<std::pair<PlotSheet, std::string>> Pictures::plots() const {
  std::vector<std::pair<PlotSheet, std::string>> result;
  for (const ResultTable& table : file_.tables()) {
    const std::vector<const Place*> places = places_of_table(file_.twin(), table);
    for (std::size_t column = 0; column < table.info.columns.size(); ++column) {
      const ColumnInfo& info = table.info.columns[column];
      if (!info.series || column >= table.series.size() || table.series[column].empty()) continue;
      PlotSheet sheet;
      sheet.text = page_text(file_.twin(), language_);
      const auto [quantity, explanation] = split_words(info.long_name.empty() ? info.name : info.long_name);
      sheet.quantity = say(language_, quantity);
      if (!explanation.empty()) sheet.remark = sentence_case(say(language_, info.long_name));
      sheet.unit = info.unit;
      sheet.column = info.name;
      sheet.text.heading = sentence_case(sheet.quantity);
      sheet.text.moment =
          say(language_, table.info.long_name.empty() ? table.info.name : table.info.long_name);
      sheet.time_origin = local_moment(file_.twin(), 0.0);
      sheet.times = file_.series_times();
      std::vector<std::size_t> rows(table.series[column].size());
      std::iota(rows.begin(), rows.end(), std::size_t{0});
      if (rows.size() > most_curves) {
        std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
          return largest(table.series[column][a]) > largest(table.series[column][b]);
        });
        sheet.remark +=
            fmt::format("{}{}", sheet.remark.empty() ? "" : ". ",
                        fmt::format(fmt::runtime(say(language_, "The {} of {} with the largest values.")),
                                    most_curves, rows.size()));
        rows.resize(most_curves);
      }
      for (const std::size_t row : rows) {
        Curve curve{row_name(table, places, row), table.series[column][row], std::nullopt};
        curve.id = table.ids[row];
        if (places[row] != nullptr) curve.observed = observed(*places[row], info.name);
        sheet.curves.push_back(std::move(curve));
      }
      const bool any = std::any_of(sheet.curves.begin(), sheet.curves.end(),
                                   [](const Curve& curve) { return std::isfinite(largest(curve.values)); });
      if (any) result.emplace_back(std::move(sheet), fmt::format("series_{}_{}", table.info.name, info.name));
    }
  }
  return result;
}

std::vector<std::pair<ComparisonSheet, std::string>> Pictures::comparisons() const {
  std::vector<std::pair<ComparisonSheet, std::string>> result;
  for (const ResultTable& table : file_.tables()) {
    const std::vector<const Place*> places = places_of_table(file_.twin(), table);
    for (std::size_t column = 0; column < table.info.columns.size(); ++column) {
      const ColumnInfo& info = table.info.columns[column];
      ComparisonSheet sheet;
      for (std::size_t row = 0; row < table.ids.size(); ++row) {
        const std::optional<double> seen =
            places[row] == nullptr ? std::nullopt : observed(*places[row], info.name);
        if (!seen) continue;
        double computed = nan;
        if (info.series && row < table.series[column].size()) computed = largest(table.series[column][row]);
        if (!info.series && row < table.columns[column].size()) computed = table.columns[column][row];
        sheet.rows.push_back({row_name(table, places, row), std::isfinite(computed) ? computed : nan, *seen});
      }
      if (sheet.rows.empty()) continue;
      sheet.quantity = info.long_name.empty() ? info.name : info.long_name;
      sheet.unit = info.unit;
      sheet.text = page_text(file_.twin(), language_);
      sheet.text.heading = fmt::format("{}: computed and observed", sentence_case(sheet.quantity));
      sheet.text.moment = fmt::format("{}, {}", info.series ? "peak" : "end of the run", run_span());
      result.emplace_back(std::move(sheet), fmt::format("comparison_{}_{}", table.info.name, info.name));
    }
  }
  return result;
}

}  // namespace dvinis::viz

#include "viz/report/report_page.hpp"

#include <fmt/args.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cmath>

#include "core/base/time.hpp"
#include "viz/page.hpp"
#include "viz/report/local_time.hpp"

namespace dvinis::viz {

namespace {

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += letter;
    }
  }
  return safe;
}

std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// Colours of the civil-protection warnings: yellow, orange, red.
const char* warning_of(int hazard_class) {
  return hazard_class >= 5 ? "red" : hazard_class >= 3 ? "orange" : "yellow";
}

constexpr const char* style = R"css(
:root { --ink: #1d2126; --quiet: #5a616b; --line: #d5d9df; --accent: #1f4e8c; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px; max-width: 980px; color: var(--ink); background: #fff;
       font: 15px/1.5 "DejaVu Sans", "Segoe UI", system-ui, sans-serif; }
h1 { font-size: 1.65em; line-height: 1.2; margin: .2em 0 .3em; overflow-wrap: anywhere; }
h2 { font-size: 1.2em; margin: 1.6em 0 .5em; color: var(--accent); break-after: avoid; }
p { margin: .4em 0; overflow-wrap: anywhere; }
.label { background: #ffd75e; border: 1px solid #b58900; padding: 6px 12px; font-weight: bold; }
.headline { font-size: 1.12em; border-left: 5px solid var(--accent); padding: 2px 0 2px 14px; margin: 1em 0; }
.quiet { color: var(--quiet); font-size: .88em; }
.cards { display: flex; flex-wrap: wrap; gap: 10px; margin: 1em 0; }
.card { flex: 1 1 140px; border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; break-inside: avoid; }
.card b { display: block; font-size: 1.5em; line-height: 1.25; }
figure { margin: 1em 0; break-inside: avoid; }
figure img { width: 100%; height: auto; border: 1px solid var(--line); }
figcaption { color: var(--quiet); font-size: .88em; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88em; }
th { text-align: left; border-bottom: 2px solid var(--ink); vertical-align: bottom; }
th, td { padding: 3px 10px 3px 0; }
td { border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; }
.n { text-align: right; white-space: nowrap; }
.t { white-space: nowrap; }
.mark { display: inline-block; width: .9em; height: .9em; border-radius: 50%; border: 1px solid #333;
        vertical-align: -.08em; margin-right: .4em; }
.yellow { background: #ffe14d; } .orange { background: #ff9a1f; } .red { background: #d7191c; }
li { margin: .25em 0; }
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; padding: 0 1px; font-size: 10pt; }
  thead { display: table-header-group; }
  .label, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .table { overflow: visible; }
  .table table { font-size: 8.5pt; }
}
)css";

class PageWriter {
 public:
  PageWriter(const Findings& found, const ReportOptions& options)
      : found_(found),
        options_(options),
        time_(options.zone.empty() ? found.zone : options.zone, found.twin.display_offset_minutes,
              options.language) {}

  std::string write(const std::vector<ReportPicture>& pictures, const std::vector<std::string>& csv_names) {
    const Provenance& provenance = found_.twin.provenance;
    const char* code = options_.language == Language::latvian ? "lv" : "en";
    std::string title = provenance.about.empty() ? provenance.scenario_name : provenance.about;
    if (!title.empty() && title.back() == '.') title.pop_back();
    html_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n",
        code, escaped(title), style);
    if (!provenance.label.empty())
      html_ += fmt::format("<p class=\"label\">{}</p>\n", escaped(provenance.label));
    html_ += fmt::format("<h1>{}</h1>\n", escaped(title));
    quiet(word("Computed forecast from {} to {}. A flood map is a computation, not a promise.",
               {moment(0.0), moment(found_.end)}));
    headline();
    cards();
    for (std::size_t k = 0; k < pictures.size(); ++k) {
      if (k == 0) heading("Maps");
      picture(pictures[k]);
    }
    gauges();
    buildings(csv_names);
    roads(csv_names);
    measures();
    happenings();
    cautions();
    balance();
    sources(csv_names);
    html_ += "</body>\n</html>\n";
    return std::move(html_);
  }

  std::string buildings_csv() const {
    std::string text =
        csv_head({"id", "Building", "People", "First water (local time)", "First water (UTC)",
                  "Deepest water [m]", "Highest level [m]", "Last safe minute on foot (local time)",
                  "Last safe minute on foot (UTC)", "Hazard class"});
    for (const WetBuilding& b : found_.wet_buildings) {
      csv_row(text, {b.id, b.name, std::isfinite(b.people) ? number(b.people, 0) : "", csv_local(b.first_wet),
                     csv_utc(b.first_wet), number(b.deepest, 2), number(b.highest_level, 2),
                     csv_local(last_safe(b)), csv_utc(last_safe(b)),
                     fmt::format("H{}", std::max(b.hazard_class, 1))});
    }
    return text;
  }

  std::string roads_csv() const {
    std::string text = csv_head({"id", "Road", "Closed from (local time)", "Closed from (UTC)",
                                 "Closed until (local time)", "Closed until (UTC)", "Deepest water [m]"});
    for (const ClosedRoad& r : found_.closed_roads) {
      const double until = r.is_closed_at_end ? not_yet : r.closed_until;
      csv_row(text, {r.id, r.name, csv_local(r.closed_from), csv_utc(r.closed_from), csv_local(until),
                     csv_utc(until), number(r.deepest, 2)});
    }
    return text;
  }

 private:
  /// A phrase in the page's language with its values.
  std::string word(const std::string& english, const std::vector<std::string>& values = {}) const {
    fmt::dynamic_format_arg_store<fmt::format_context> arguments;
    for (const std::string& value : values) arguments.push_back(value);
    return fmt::vformat(say(options_.language, english), arguments);
  }
  std::string number(double value, int decimals) const {
    if (!std::isfinite(value)) return "\u2013";
    const std::string text = fmt::format("{:.{}f}", value, decimals);
    const bool is_nothing = text.find_first_not_of("-0.") == std::string::npos;
    return decimal(options_.language, is_nothing && text.front() == '-' ? text.substr(1) : text);
  }
  /// Thousands apart by thin spaces.
  std::string volume(double value) const {
    std::string text = fmt::format("{:.0f}", std::abs(value));
    for (std::size_t k = text.size(); k > 3; k -= 3) text.insert(k - 3, "\u2009");
    return value < -0.5 ? "\u2212" + text : text;
  }
  std::int64_t utc(double seconds) const {
    return found_.twin.start_utc + static_cast<std::int64_t>(std::floor(seconds));
  }
  std::string moment(double seconds) const {
    return std::isfinite(seconds) ? time_.moment(utc(seconds)) : std::string("\u2013");
  }
  /// The minute before the water becomes unsafe, at the earliest that of the start.
  static double last_safe(const WetBuilding& building) {
    return std::isfinite(building.unsafe_on_foot) ? std::max(building.unsafe_on_foot - 60.0, 0.0) : not_yet;
  }

  void heading(const std::string& english) { html_ += fmt::format("<h2>{}</h2>\n", escaped(word(english))); }
  void paragraph(const std::string& text) { html_ += fmt::format("<p>{}</p>\n", escaped(text)); }
  void quiet(const std::string& text) { html_ += fmt::format("<p class=\"quiet\">{}</p>\n", escaped(text)); }

  struct Column {
    std::string english;
    const char* kind;  ///< class of its cells
  };
  void table_head(const std::vector<Column>& columns) {
    html_ += "<div class=\"table\"><table><thead><tr>";
    for (const Column& column : columns)
      html_ += fmt::format("<th class=\"{}\">{}</th>", column.kind, escaped(word(column.english)));
    html_ += "</tr></thead><tbody>\n";
    columns_ = columns;
  }
  void table_row(const std::vector<std::string>& cells) {
    html_ += "<tr>";
    for (std::size_t k = 0; k < cells.size(); ++k)
      html_ += fmt::format("<td class=\"{}\">{}</td>", columns_[k].kind, cells[k]);
    html_ += "</tr>\n";
  }
  void table_end() { html_ += "</tbody></table></div>\n"; }

  void headline() {
    std::string text;
    const auto add = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
    if (found_.buildings > 0 && found_.wet_buildings.empty()) add(word("Water reaches no building."));
    if (!found_.wet_buildings.empty()) {
      const WetBuilding& first = found_.wet_buildings.front();
      const auto deepest =
          std::max_element(found_.wet_buildings.begin(), found_.wet_buildings.end(),
                           [](const WetBuilding& a, const WetBuilding& b) { return a.deepest < b.deepest; });
      add(word("Buildings that water reaches: {}.", {std::to_string(found_.wet_buildings.size())}));
      if (found_.knows_people) add(word("People in them: {}.", {number(found_.people, 0)}));
      add(first.first_wet > 0.0 ? word("The first one: {}.", {moment(first.first_wet)})
                                : word("The first ones stand in water at the start."));
      add(word("Deepest water at a building: {} m.", {number(deepest->deepest, 2)}));
    }
    if (found_.roads > 0)
      add(word("Closed parts of roads: {}.", {std::to_string(found_.closed_roads.size())}));
    if (!found_.gauges.empty()) {
      const GaugeCrest& crest = found_.gauges.front();
      add(std::isfinite(crest.time)
              ? word("Highest level, {}: {} m, {}.", {crest.name, number(crest.level, 2), moment(crest.time)})
              : word("Highest level, {}: {} m.", {crest.name, number(crest.level, 2)}));
    }
    if (!text.empty()) html_ += fmt::format("<p class=\"headline\">{}</p>\n", escaped(text));
  }

  void card(const std::string& value, const std::string& english) {
    html_ += fmt::format("<div class=\"card\"><b>{}</b>{}</div>\n", escaped(value), escaped(word(english)));
  }
  void cards() {
    html_ += "<div class=\"cards\">\n";
    if (found_.buildings > 0) card(std::to_string(found_.wet_buildings.size()), "buildings reached by water");
    if (found_.knows_people) card(number(found_.people, 0), "people in them");
    if (found_.roads > 0) card(std::to_string(found_.closed_roads.size()), "closed parts of roads");
    if (std::isfinite(found_.flooded_area))
      card(number(found_.flooded_area * 1e-6, 2) + " km\u00b2", "flooded land");
    html_ += "</div>\n";
  }

  void picture(const ReportPicture& picture) {
    html_ += fmt::format(
        "<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\">"
        "<figcaption>{0}</figcaption></figure>\n",
        escaped(picture.caption), base64(picture.png));
  }

  void gauges() {
    if (found_.gauges.empty()) return;
    heading("Levels");
    table_head({{"Gauge", ""}, {"Highest level [m]", "n"}, {"When", "t"}});
    for (const GaugeCrest& gauge : found_.gauges)
      table_row({escaped(gauge.name), number(gauge.level, 2), escaped(moment(gauge.time))});
    table_end();
    if (!found_.twin.vertical_datum.empty()) quiet(word("Heights: {}.", {found_.twin.vertical_datum}));
  }

  void more_in_file(std::size_t rows, const std::vector<std::string>& csv_names, std::size_t which) {
    if (rows > options_.most_rows && which < csv_names.size())
      quiet(word("{} more rows are in {}.", {std::to_string(rows - options_.most_rows), csv_names[which]}));
  }

  void buildings(const std::vector<std::string>& csv_names) {
    if (found_.wet_buildings.empty()) return;
    heading("Buildings");
    std::vector<Column> columns = {{"No.", ""}, {"Building", ""}};
    if (found_.knows_people) columns.push_back({"People", "n"});
    for (const Column& column : std::vector<Column>{{"First water", "t"},
                                                    {"Deepest water [m]", "n"},
                                                    {"Last safe minute on foot", "t"},
                                                    {"Danger", "t"}})
      columns.push_back(column);
    table_head(columns);
    const std::size_t shown = std::min(options_.most_rows, found_.wet_buildings.size());
    for (std::size_t k = 0; k < shown; ++k) {
      const WetBuilding& building = found_.wet_buildings[k];
      std::vector<std::string> cells = {
          escaped(building.id), escaped(building.name == building.id ? std::string() : building.name)};
      if (found_.knows_people) cells.push_back(number(building.people, 0));
      cells.push_back(escaped(moment(building.first_wet)));
      cells.push_back(number(building.deepest, 2));
      cells.push_back(escaped(std::isfinite(building.unsafe_on_foot) ? moment(last_safe(building))
                                                                     : word("safe all along")));
      cells.push_back(
          fmt::format("<span class=\"mark {}\"></span>{} (H{})", warning_of(building.hazard_class),
                      escaped(word(warning_of(building.hazard_class))), std::max(building.hazard_class, 1)));
      table_row(cells);
    }
    table_end();
    more_in_file(found_.wet_buildings.size(), csv_names, 0);
    quiet(word(
        "Water at the walls. On foot: until it is unsafe for children and the elderly there (class H3); the "
        "way out may close earlier. Yellow: H1 and H2, orange: H3 and H4, red: H5 and H6."));
  }

  void roads(const std::vector<std::string>& csv_names) {
    if (found_.closed_roads.empty()) return;
    heading("Closed roads");
    table_head(
        {{"No.", ""}, {"Road", ""}, {"Closed from", "t"}, {"Closed until", "t"}, {"Deepest water [m]", "n"}});
    const std::size_t shown = std::min(options_.most_rows, found_.closed_roads.size());
    for (std::size_t k = 0; k < shown; ++k) {
      const ClosedRoad& road = found_.closed_roads[k];
      table_row({escaped(road.id), escaped(road.name == road.id ? std::string() : road.name),
                 escaped(moment(road.closed_from)),
                 escaped(road.is_closed_at_end ? word("still closed at the end") : moment(road.closed_until)),
                 number(road.deepest, 2)});
    }
    table_end();
    more_in_file(found_.closed_roads.size(), csv_names, 1);
  }

  void measures() {
    if (found_.measures.empty()) return;
    heading("Measures");
    table_head({{"Measure", ""}, {"Decided", "t"}, {"Works from", "t"}, {"Cost", "n"}});
    for (const MeasureTaken& measure : found_.measures)
      table_row({escaped(measure.name), escaped(moment(measure.decided)), escaped(moment(measure.works)),
                 measure.cost > 0.0 ? volume(measure.cost) : std::string("\u2013")});
    table_end();
    quiet(word("What a measure saves shows beside a run without it: dvinis compare."));
  }

  void happenings() {
    if (found_.happenings.empty()) return;
    heading("What happens when");
    table_head({{"When", "t"}, {"What", ""}, {"Where", ""}});
    const std::size_t shown = std::min(options_.most_rows, found_.happenings.size());
    for (std::size_t k = 0; k < shown; ++k) {
      const Happening& event = found_.happenings[k];
      table_row({escaped(moment(event.time)), escaped(word(event.kind)), escaped(event.subject)});
    }
    table_end();
    if (found_.happenings.size() > shown)
      quiet(word("{} more events are in the results file.",
                 {std::to_string(found_.happenings.size() - shown)}));
  }

  void cautions() {
    heading("Read with care");
    html_ += "<ul>\n";
    for (const Caution& caution : found_.cautions) {
      std::vector<std::string> values;
      for (const std::string& value : caution.values) values.push_back(decimal(options_.language, value));
      html_ += fmt::format("<li>{}</li>\n", escaped(word(caution.phrase, values)));
    }
    html_ += "</ul>\n";
  }

  void balance() {
    if (!found_.knows_balance) return;
    heading("Water balance");
    table_head({{"Account", ""}, {"m\u00b3", "n"}});
    table_row({escaped(word("in the model at the start")), volume(found_.stored_at_start)});
    for (const BalanceLine& line : found_.balance)
      table_row({escaped(word(line.account)), volume(line.amount)});
    table_row({escaped(word("in the model at the end")), volume(found_.stored_at_end)});
    table_row({escaped(word("unaccounted")), number(found_.unaccounted, 2)});
    table_end();
  }

  void sources(const std::vector<std::string>& csv_names) {
    heading("Sources");
    const Provenance& provenance = found_.twin.provenance;
    if (!provenance.attribution.empty()) paragraph(provenance.attribution);
    for (const std::string& note : page_text(found_.twin, options_.language).notes) {
      if (note != provenance.attribution) quiet(note);
    }
    std::string files;
    for (const InputFile& input : provenance.inputs)
      files += (files.empty() ? "" : ", ") + input.path + " (" + input.sha256.substr(0, 12) + ")";
    if (!files.empty()) quiet(word("Read: {}.", {files}));
    quiet(word("Times on this page: {}, summer time included; in the results file: UTC.", {time_.name()}));
    std::string tables;
    for (const std::string& name : csv_names) tables += (tables.empty() ? "" : ", ") + name;
    if (!tables.empty()) quiet(word("For a spreadsheet: {}.", {tables}));
  }

  std::string csv_head(const std::vector<std::string>& columns) const {
    std::string text = "\xef\xbb\xbf";
    std::vector<std::string> words;
    for (const std::string& column : columns) words.push_back(column == "id" ? column : word(column));
    csv_row(text, words);
    return text;
  }
  static void csv_row(std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::string& cell = cells[k] == "\u2013" ? std::string() : cells[k];
      const bool is_plain = cell.find_first_of(";\"\r\n") == std::string::npos;
      std::string quoted;
      for (const char letter : cell) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
      text += (k == 0 ? "" : ";") + (is_plain ? cell : "\"" + quoted + "\"");
    }
    text += "\r\n";
  }
  std::string csv_local(double seconds) const {
    return std::isfinite(seconds) ? time_.sortable(utc(seconds)) : std::string();
  }
  std::string csv_utc(double seconds) const {
    return std::isfinite(seconds) ? utc_text(utc(seconds)) : std::string();
  }

  const Findings& found_;
  const ReportOptions& options_;
  LocalTime time_;
  std::string html_;
  std::vector<Column> columns_;
};

}  // namespace

std::string report_page(const Findings& findings, const std::vector<ReportPicture>& pictures,
                        const std::vector<std::string>& csv_names, const ReportOptions& options) {
  return PageWriter(findings, options).write(pictures, csv_names);
}

std::string buildings_csv(const Findings& findings, const ReportOptions& options) {
  return PageWriter(findings, options).buildings_csv();
}

std::string roads_csv(const Findings& findings, const ReportOptions& options) {
  return PageWriter(findings, options).roads_csv();
}

}  // namespace dvinis::viz

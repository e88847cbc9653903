#include "io/scenario/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "io/scenario/keys.hpp"
#include "io/scenario/override.hpp"
#include "io/scenario/yaml.hpp"

namespace dvinis {

namespace {

/// Keys that an expectation takes beside `what`, the bounds and `figure`.
struct Measure {
  std::vector<std::string> names;
  std::vector<std::string> needed;
  std::vector<std::string> optional = {};
};

const std::vector<Measure>& measures() {
  static const std::vector<std::string> record = {"file", "time", "value", "unit"};
  static const std::vector<std::string> reading = {"time_unit", "delimiter", "decimal", "encoding"};
  static const auto joined = [](std::vector<std::string> keys, const std::vector<std::string>& more) {
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
  };
  static const std::vector<Measure> all = {
      {{"budget_error"}, {"quantity"}},
      {{"booked"}, {"quantity", "account"}},
      {{"rmse", "largest_error"}, {"table", "column", "against"}},
      {{"series_rmse", "series_mae"}, joined({"table", "place", "column"}, record), reading},
      {{"crest", "crest_time"}, {"table", "place", "column"}, joined(record, reading)},
      {{"value", "rank"}, {"table", "place", "column"}},
  };
  return all;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Checks between keys; every problem found appears in the error.
class CrossCheck {
 public:
  explicit CrossCheck(const Setting& scenario) : scenario_(scenario) {}

  void run() {
    name();
    times();
    places();
    expectations();
    if (!report_.empty()) throw ScenarioError(report_);
  }

 private:
  void problem(const Setting& where, const std::string& sentence) {
    if (!report_.empty()) report_ += '\n';
    report_ += where.error(sentence).what();
  }

  /// The name becomes part of file names.
  void name() {
    const Setting& setting = scenario_.at("scenario");
    const std::string& text = setting.text();
    const bool plain = text.size() <= 64 && text[0] != '.' && text[0] != '-' &&
                       std::all_of(text.begin(), text.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '_' || c == '.';
                       });
    if (!plain) {
      problem(setting, fmt::format("'{}' cannot name files; use at most 64 letters, digits, '-', '_' and '.'",
                                   text.substr(0, 64)));
    }
  }

  void times() {
    const Setting& time = scenario_.at("time");
    const Setting& duration = time.at("duration");
    const Setting& exchange = time.at("exchange");
    if (exchange.duration() > duration.duration()) {
      problem(exchange, fmt::format("{} is longer than the run of {}; allowed: at most the duration",
                                    exchange.text(), duration.text()));
    }
    for (const char* key : {"maps", "series"}) {
      const Setting* section = scenario_.at("outputs").find(key);
      const Setting* every = section == nullptr ? nullptr : section->find("every");
      if (every == nullptr || every->duration() % exchange.duration() == 0) continue;
      problem(*every,
              fmt::format("{} is no multiple of the exchange interval of {}; outputs fall on exchanges",
                          every->text(), exchange.text()));
    }
  }

  void places() {
    std::map<std::pair<std::string, std::string>, const Setting*> seen;
    const Setting* list = scenario_.find("places");
    if (list == nullptr) return;
    for (const Setting& place : list->items) {
      if (place.has("file")) continue;  // there `id` names a column
      const Setting& id = place.at("id");
      const auto [first, is_new] = seen.emplace(std::pair{place.at("kind").text(), id.text()}, &id);
      if (is_new) continue;
      problem(id,
              fmt::format("there are two places of kind {} with id '{}', the first at {}; give each its own",
                          place.at("kind").text(), id.text(), first->second->place.text()));
    }
  }

  void expectations() {
    const Setting* list = scenario_.find("expect");
    if (list == nullptr) return;
    for (const Setting& item : list->items) {
      bounds(item);
      measure(item);
    }
  }

  void bounds(const Setting& item) {
    const Setting* between = item.find("between");
    if (between != nullptr && between->items.size() != 2) {
      problem(*between,
              fmt::format("expected two numbers, smallest and largest; found {}", between->items.size()));
    }
    const bool one_sided = item.has("below") || item.has("above");
    if (between == nullptr && !one_sided) problem(item, "has no bound; give `below`, `above` or `between`");
    if (between != nullptr && one_sided)
      problem(*between, "stands beside `below` or `above`; keep one of the two");
  }

  void measure(const Setting& item) {
    static const std::vector<std::string> always = {"what", "below", "above", "between", "figure"};
    const std::string& what = item.at("what").text();
    const auto measure = std::find_if(measures().begin(), measures().end(), [&](const Measure& candidate) {
      return contains(candidate.names, what);
    });
    expects(measure != measures().end(), "a measure for every choice of `what`");
    for (const std::string& key : measure->needed) {
      if (!item.has(key)) problem(item, fmt::format("'{}' needs the key '{}'", what, key));
    }
    for (const auto& [key, member] : item.members) {
      if (contains(always, key) || contains(measure->needed, key) || contains(measure->optional, key))
        continue;
      problem(member,
              fmt::format("is not used by '{}', which takes {}{}{}", what, fmt::join(measure->needed, ", "),
                          measure->optional.empty() ? "" : ", ", fmt::join(measure->optional, ", ")));
    }
  }

  const Setting& scenario_;
  std::string report_;
};

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& file,
                        const std::vector<std::string>& overrides,
                        const std::vector<CatalogueEntry>& models) {
  Scenario scenario;
  scenario.text = text;
  scenario.file = file;
  scenario.overrides = overrides;
  Setting raw = parse_yaml(text, file);
  for (const std::string& assignment : overrides) apply_override(raw, assignment);
  scenario.settings = validated(raw, scenario_keys(models));
  CrossCheck(scenario.settings).run();
  return scenario;
}

Scenario read_scenario(const std::string& path, const std::vector<std::string>& overrides,
                       const std::vector<CatalogueEntry>& models) {
  Scenario scenario = parse_scenario(read_text_file(path), path, overrides, models);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  scenario.folder = folder.empty() ? "." : folder.string();
  return scenario;
}

}  // namespace dvinis

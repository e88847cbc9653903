#include "models/flood/structures/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <regex>

#include "core/base/quantity.hpp"

namespace dvinis::flood {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What rules may look at, and its unit.
const std::map<std::string, std::map<std::string, std::string>> observables = {
    {"gauge", {{"level", "m"}, {"depth", "m"}}},
    {"section", {{"discharge", "m3 s-1"}}},
    {"structure", {{"discharge", "m3 s-1"}, {"head", "m"}, {"level_before", "m"}, {"level_behind", "m"}}},
};

Rule read_rule(const Setting& setting) {
  static const std::regex form(R"(^\s*(\w+)\(([^)]+)\)\.(\w+)\s*(>=|<=|>|<)\s*(.+)$)");
  std::smatch match;
  const std::string& text = setting.text();
  if (!std::regex_match(text, match, form)) {
    throw setting.error(fmt::format("'{}' is no rule; write one like 'gauge(ogre).level > 22.15 m'", text));
  }
  Rule rule;
  rule.kind = match[1];
  rule.place = match[2];
  rule.number = match[3];
  rule.is_above = match[4].str().front() == '>';
  const auto kind = observables.find(rule.kind);
  if (kind == observables.end()) {
    throw setting.error(
        fmt::format("a rule looks at a gauge, a section or a structure, not at '{}'", rule.kind));
  }
  const auto number = kind->second.find(rule.number);
  if (number == kind->second.end()) {
    std::vector<std::string> known;
    for (const auto& [name, unit] : kind->second) known.push_back(name);
    throw setting.error(
        fmt::format("a {} has no '{}'; it has {}", rule.kind, rule.number, fmt::join(known, ", ")));
  }
  try {
    rule.threshold = parse_quantity(match[5], number->second);
  } catch (const DataError& error) {
    throw setting.error(error.what());
  }
  return rule;
}

/// The target in SI: words for what is on or off, else a quantity.
double target_of(const Measure& measure, const PlacedStructure& placed) {
  const Setting& where = measure.where.at("set");
  const StructureForm& form = placed.structure.form;
  const auto quantity = [&](const char* unit, double least, double most, const char* what) {
    double value = 0.0;
    try {
      value = parse_quantity(measure.set, unit);
    } catch (const DataError& error) {
      throw where.error(error.what());
    }
    if (!(value >= least && value <= most))
      throw where.error(fmt::format("{} of '{}' cannot become {}", what, placed.id, measure.set));
    return value;
  };
  const auto word = [&](const std::map<std::string, double>& words, const char* example) {
    const auto found = words.find(measure.set);
    if (found == words.end()) {
      throw where.error(fmt::format("'{}' means nothing to the {} '{}'; write {}", measure.set,
                                    form_name(form), placed.id, example));
    }
    return found->second;
  };
  constexpr double endless = std::numeric_limits<double>::infinity();
  if (std::holds_alternative<Weir>(form)) return quantity("m", -endless, endless, "the crest");
  if (std::holds_alternative<Gate>(form)) return quantity("m", 0.0, endless, "the opening");
  if (std::holds_alternative<Pump>(form)) return word({{"on", 1.0}, {"off", 0.0}}, "on or off");
  if (const auto* levee = std::get_if<Levee>(&form)) {
    if (!levee->breach)
      throw where.error(fmt::format("'{}' cannot be broken: give it a 'breach' first", placed.id));
    return word({{"broken", 1.0}}, "broken");
  }
  return quantity("1", 0.0, 1.0, "the blocked share");
}

template <class Named>
std::size_t row_of(const std::vector<Named>& all, const std::string& id, const std::string& kind,
                   const Setting& where) {
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < all.size(); ++row) {
    if constexpr (std::is_pointer_v<Named>) {
      ids.push_back(all[row]->id);
    } else {
      ids.push_back(all[row].id);
    }
    if (ids.back() == id) return row;
  }
  const std::string near = did_you_mean(id, ids);
  throw where.error(fmt::format("no {} '{}'{}", kind, id,
                                near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near)));
}

std::string clock(double seconds) { return fmt::format("{:.0f} min", seconds / 60.0); }

/// Whether a structure is, or is on its way to be, what a measure would make it.
bool is_already(const Table& structures, const PlacedStructure& placed, double target) {
  const double asked = structures.column("target")[placed.row];
  if (!std::isnan(asked)) return asked == target;
  const StructureForm& form = placed.structure.form;
  const char* moved = std::holds_alternative<Weir>(form)   ? "crest"
                      : std::holds_alternative<Gate>(form) ? "opening"
                      : std::holds_alternative<Pump>(form) ? "power"
                                                           : "blocked_share";
  return structures.column(moved)[placed.row] == target;
}

}  // namespace

std::string Rule::text() const {
  return fmt::format("{}({}).{} {} {:.3f} {}", kind, place, number, is_above ? "above" : "below", threshold,
                     observables.at(kind).at(number));
}

KeyTable measure_keys() {
  return {
      {.name = "structure", .kind = KeyKind::text, .about = "Id of the structure.", .required = true},
      {.name = "set",
       .kind = KeyKind::text,
       .about = "What it becomes: a crest or an opening (`0.5 m`), a blocked share (`60 %`), a pump `on` or "
                "`off`, a "
                "levee `broken`.",
       .required = true},
      {.name = "at", .kind = KeyKind::duration, .about = "Decided at this time after the start."},
      {.name = "when",
       .kind = KeyKind::text,
       .about = "Decided by a rule: `gauge(ogre).level > 22.15 m`. A gauge has level and depth, a section "
                "discharge, "
                "a structure discharge, head, level_before and level_behind."},
      {.name = "lasting",
       .kind = KeyKind::duration,
       .about = "For how long the rule must hold without a break.",
       .minimum = 0.0,
       .fallback = "0 s"},
      {.name = "setup_time",
       .kind = KeyKind::duration,
       .about = "From the decision until it begins to work.",
       .minimum = 0.0,
       .fallback = "0 s"},
      {.name = "cost",
       .kind = KeyKind::number,
       .about = "Of each time, a plain number in the currency of the scenario.",
       .minimum = 0.0,
       .fallback = "0"},
      {.name = "repeats",
       .kind = KeyKind::boolean,
       .about = "Whether the rule decides anew after it has ceased to hold.",
       .fallback = "false"},
      {.name = "enabled",
       .kind = KeyKind::boolean,
       .about = "false: planned, but not taken in this run; `--set` may take it.",
       .fallback = "true"},
      {.name = "label", .kind = KeyKind::text, .about = "Name for people."},
  };
}

Measure read_measure(const Setting& item) {
  Measure measure;
  measure.where = item;
  measure.structure = item.at("structure").text();
  measure.set = item.at("set").text();
  measure.label =
      item.has("label") ? item.at("label").text() : fmt::format("{}: {}", measure.structure, measure.set);
  if (item.has("at")) measure.at = to_seconds(item.at("at").duration());
  if (item.has("when")) measure.when = read_rule(item.at("when"));
  if (measure.at.has_value() == measure.when.has_value())
    throw item.error("give either `at` (a time) or `when` (a rule)");
  measure.lasting = to_seconds(item.at("lasting").duration());
  measure.setup_time = to_seconds(item.at("setup_time").duration());
  measure.cost = item.at("cost").number();
  measure.repeats = item.at("repeats").boolean();
  measure.is_enabled = item.at("enabled").boolean();
  if (measure.at && (measure.lasting > 0.0 || measure.repeats))
    throw item.error("`lasting` and `repeats` belong to a rule; this measure has a time");
  return measure;
}

void refuse_flapping(const std::vector<Measure>& measures) {
  for (const Measure& up : measures) {
    for (const Measure& down : measures) {
      if (!up.repeats || !down.repeats || !up.is_enabled || !down.is_enabled ||
          up.structure != down.structure || up.set == down.set)
        continue;
      const Rule& above = *up.when;
      const Rule& below = *down.when;
      if (!above.is_above || below.is_above) continue;
      if (above.kind != below.kind || above.place != below.place || above.number != below.number) continue;
      if (above.threshold > below.threshold) continue;
      throw down.where.error(
          fmt::format("it takes turns with '{}': one decides {}, the other {}; leave a gap between the two "
                      "(hysteresis), the "
                      "upper one higher",
                      up.label, above.text(), below.text()));
    }
  }
}

std::vector<BoundMeasure> bind_measures(const Twin& twin, const std::vector<Measure>& measures,
                                        const PlacedStructures& structures) {
  std::vector<BoundMeasure> bound;
  for (const Measure& measure : measures) {
    BoundMeasure each;
    each.measure = measure;
    each.structure = row_of(structures.all, measure.structure, "structure", measure.where);
    each.target = target_of(measure, structures.all[each.structure]);
    if (measure.when) {
      const Rule& rule = *measure.when;
      each.observed = rule.kind == "structure"
                          ? row_of(structures.all, rule.place, rule.kind, measure.where)
                          : row_of(twin.places_of(rule.kind), rule.place, rule.kind, measure.where);
      if (rule.kind == "gauge") each.cell = twin.places_of(rule.kind)[each.observed]->cells.front();
    }
    for (const BoundMeasure& other : bound) {
      if (other.measure.label == measure.label)
        throw measure.where.error(
            fmt::format("two measures are called '{}'; give them labels", measure.label));
    }
    if (measure.is_enabled) bound.push_back(std::move(each));
  }
  return bound;
}

TableInfo measure_table() {
  return {"measures",
          "",
          "measures in the order of the scenario",
          {{"decided", "s", "time from start of the last decision", false},
           {"works", "s", "time from start from which the last one works", false},
           {"times", "1", "how often it was decided", false},
           {"cost", "1", "cost so far, in the currency of the scenario", false},
           {"waiting", "s", "for how long its rule has held", false},
           {"event", "1", "id of the last decision's event", false}}};
}

namespace {

/// The row of a measure; a new one if this State has not heard of it: a run may go on with other measures.
std::size_t row_for(Table& table, const std::string& label) {
  const auto found = std::find(table.name.begin(), table.name.end(), label);
  if (found != table.name.end()) return static_cast<std::size_t>(found - table.name.begin());
  table.id.push_back(static_cast<std::int64_t>(table.id.size()) + 1);
  table.name.push_back(label);
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const std::string& name = table.info.columns[k].name;
    table.columns[k].push_back(name == "times" || name == "cost" || name == "waiting" ? 0.0 : nan);
  }
  return table.name.size() - 1;
}

}  // namespace

void start_measures(State& state, TableHandle handle, const std::vector<BoundMeasure>& measures) {
  if (!handle) return;
  for (const BoundMeasure& each : measures) row_for(state.table(handle), each.measure.label);
}

void decide(State& state, TableHandle measures, TableHandle structures, const std::vector<BoundMeasure>& all,
            const PlacedStructures& placed, const ObservedNumber& observed, double end, double dt,
            Context& context) {
  if (!measures) return;
  Table& table = state.table(measures);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Measure& measure = all[k].measure;
    const std::size_t row = row_for(table, measure.label);
    double& decided = table.column("decided")[row];
    double& works = table.column("works")[row];
    double& waiting = table.column("waiting")[row];
    const auto tell = [&](const char* kind, const std::string& cause, std::vector<std::int64_t> parents) {
      Event event;
      event.occurred = from_seconds(end);
      event.effective = event.occurred;
      event.kind = kind;
      event.subject = placed.all[all[k].structure].id;
      event.cause = cause;
      event.parents = std::move(parents);
      return context.emit(std::move(event));
    };
    bool holds = measure.at && end >= *measure.at;
    if (measure.when) {
      const double value = observed(all[k]);
      holds = measure.when->is_above ? value > measure.when->threshold : value < measure.when->threshold;
      waiting = holds ? waiting + dt : 0.0;
    }
    const bool has_lasted = measure.at ? holds : holds && waiting >= measure.lasting;
    if (measure.repeats && !holds && !std::isnan(works)) decided = works = nan;
    const bool is_needed =
        !measure.repeats || !is_already(state.table(structures), placed.all[all[k].structure], all[k].target);
    if (std::isnan(decided) && has_lasted && is_needed) {
      decided = end;
      table.column("times")[row] += 1.0;
      table.column("cost")[row] += measure.cost;
      const std::string cause =
          measure.at ? std::string("at the time set in the scenario")
                     : measure.when->text() + (measure.lasting > 0.0 ? " for " + clock(measure.lasting) : "");
      table.column("event")[row] =
          static_cast<double>(tell("measure decided", fmt::format("{}: {}", measure.label, cause), {}));
    }
    if (!std::isnan(decided) && std::isnan(works) && end >= decided + measure.setup_time) {
      works = end;
      state.table(structures).column("target")[placed.all[all[k].structure].row] = all[k].target;
      tell("measure works",
           measure.setup_time > 0.0
               ? fmt::format("{}: {} after the decision", measure.label, clock(end - decided))
               : measure.label,
           {static_cast<std::int64_t>(table.column("event")[row])});
    }
  }
}

}  // namespace dvinis::flood

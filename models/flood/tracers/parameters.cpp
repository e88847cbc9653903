#include "models/flood/tracers/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "models/flood/choice.hpp"

namespace dvinis::flood {

namespace {

const std::vector<std::string> kind_names = {"origin", "species", "age"};

KeyTable inflow_keys() {
  return {
      {.name = "of",
       .kind = KeyKind::text,
       .about = "Label of a boundary, place of a source, or `rain`.",
       .required = true},
      {.name = "concentration",
       .kind = KeyKind::number,
       .about = "Concentration in the water that comes in.",
       .unit = "kg m-3",
       .minimum = 0.0},
      {.name = "series", .kind = KeyKind::text, .about = "Name of a series of concentrations instead."},
  };
}

/// A name that may stand in the name of a field.
void check_id(const Setting& id) {
  const std::string& text = id.text();
  const bool is_word = !text.empty() && std::islower(static_cast<unsigned char>(text.front())) != 0 &&
                       std::all_of(text.begin(), text.end(), [](unsigned char c) {
                         return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
                       });
  if (!is_word) {
    throw id.error(fmt::format(
        "'{}' becomes part of the names of fields; write it with small letters a to z, digits and '_', a "
        "letter first",
        text));
  }
}

void read_species(const Setting& item, Tracer& tracer) {
  if (const Setting* start = item.find("start")) tracer.start = start->number();
  if (const Setting* inflows = item.find("inflows")) {
    for (const Setting& from : inflows->items) {
      TracerInflow inflow;
      inflow.of = from.at("of").text();
      inflow.where = from;
      if (from.has("concentration") == from.has("series")) {
        throw from.error(
            fmt::format("give what '{}' brings either as `concentration` or as `series`", inflow.of));
      }
      if (from.has("concentration")) inflow.concentration = from.at("concentration").number();
      if (from.has("series")) inflow.series = from.at("series").text();
      tracer.inflows.push_back(std::move(inflow));
    }
  }
  if (tracer.inflows.empty() && !(tracer.start > 0.0)) {
    throw item.error(fmt::format("no water brings any '{}'; give `start`, `inflows` or both", tracer.id));
  }
}

void read_origin(const Setting& item, Tracer& tracer) {
  if (!item.has("of") || item.at("of").items.empty()) {
    throw item.error(fmt::format(
        "'{}' needs `of: [...]`: labels of boundaries, places of sources, `rain`, or `start` for the water "
        "that is there at the start",
        tracer.id));
  }
  for (const Setting& way : item.at("of").items) {
    if (way.text() == "start") {
      tracer.start = 1.0;
    } else {
      tracer.inflows.push_back({way.text(), 1.0, {}, way});
    }
  }
}

}  // namespace

std::string Tracer::shown_field() const {
  switch (kind) {
    case TracerKind::origin:
      return "share_" + id;
    case TracerKind::species:
      return "concentration_" + id;
    case TracerKind::age:
      return "water_age";
  }
  return {};
}

std::string Tracer::unit() const {
  switch (kind) {
    case TracerKind::origin:
      return "1";
    case TracerKind::species:
      return "kg m-3";
    case TracerKind::age:
      return "s";
  }
  return {};
}

std::string Tracer::long_name() const {
  switch (kind) {
    case TracerKind::origin:
      return fmt::format("share of the water that is '{}'", id);
    case TracerKind::species:
      return fmt::format("concentration of '{}'", id);
    case TracerKind::age:
      return "mean time since the water came in, or since the start";
  }
  return {};
}

std::string Tracer::quantity() const {
  switch (kind) {
    case TracerKind::origin:
      return fmt::format("water '{}'", id);
    case TracerKind::species:
      return fmt::format("species '{}'", id);
    case TracerKind::age:
      return "time of entry";
  }
  return {};
}

std::string Tracer::amount_unit() const {
  switch (kind) {
    case TracerKind::origin:
      return "m3";
    case TracerKind::species:
      return "kg";
    case TracerKind::age:
      return "m3 s";
  }
  return {};
}

KeyTable tracer_keys() {
  return {
      {.name = "id",
       .kind = KeyKind::text,
       .about = "Name, part of the names of its fields.",
       .required = true},
      {.name = "kind",
       .kind = KeyKind::choice,
       .about =
           "origin: the share of the water that came in by the ways under `of`; species: the "
           "concentration of something that goes with the water; age: the mean time since the water came "
           "in.",
       .required = true,
       .choices = kind_names},
      {.name = "of",
       .kind = KeyKind::list,
       .about = "Of an origin: labels of boundaries, places of sources, `rain`, and `start` for the water "
                "that is there at the start.",
       .keys = {{.kind = KeyKind::text, .about = "A way in."}}},
      {.name = "start",
       .kind = KeyKind::number,
       .about = "Of a species: concentration in the water that is there at the start.",
       .unit = "kg m-3",
       .minimum = 0.0},
      {.name = "inflows",
       .kind = KeyKind::list,
       .about = "Of a species: what comes in with the water; what is not named here brings none.",
       .keys = inflow_keys()},
  };
}

Tracer read_tracer(const Setting& item) {
  Tracer tracer;
  tracer.id = item.at("id").text();
  tracer.where = item;
  check_id(item.at("id"));
  tracer.kind = choice_of<TracerKind>(item.at("kind").text(), kind_names);
  const auto refuse = [&](const char* key, TracerKind kind) {
    if (!item.has(key) || tracer.kind == kind) return;
    throw item.at(key).error(fmt::format("`{}` belongs to tracers of the kind '{}', '{}' is of the kind '{}'",
                                         key, kind_names[static_cast<std::size_t>(kind)], tracer.id,
                                         item.at("kind").text()));
  };
  refuse("of", TracerKind::origin);
  refuse("start", TracerKind::species);
  refuse("inflows", TracerKind::species);
  if (tracer.kind == TracerKind::species) read_species(item, tracer);
  if (tracer.kind == TracerKind::origin) read_origin(item, tracer);
  return tracer;
}

void refuse_doubles(const std::vector<Tracer>& tracers) {
  for (std::size_t k = 0; k < tracers.size(); ++k) {
    for (std::size_t other = 0; other < k; ++other) {
      if (tracers[other].id == tracers[k].id)
        throw tracers[k].where.error(fmt::format("two tracers are called '{}'; rename one", tracers[k].id));
      if (tracers[other].kind == TracerKind::age && tracers[k].kind == TracerKind::age) {
        throw tracers[k].where.error(fmt::format("'{}' and '{}' both are the age of the water; take one out",
                                                 tracers[other].id, tracers[k].id));
      }
    }
  }
}

}  // namespace dvinis::flood

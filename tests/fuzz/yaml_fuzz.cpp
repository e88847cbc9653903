/// Any bytes as a scenario: reading and validating them must end in a scenario or in a dvinis::Error.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/scenario/scenario.hpp"

namespace {

/// Keys of every kind, so that the fuzzer meets all of validation without linking a model.
dvinis::KeyTable model_keys() {
  using dvinis::KeyKind;
  return {
      {.name = "courant", .kind = KeyKind::number, .minimum = 0.0, .maximum = 1.0, .fallback = "0.45"},
      {.name = "rain",
       .kind = KeyKind::number,
       .unit = "m s-1",
       .minimum = 0.0,
       .keys = {{.name = "series"}}},
      {.name = "precision", .kind = KeyKind::choice, .fallback = "single", .choices = {"single", "double"}},
      {.name = "verbose", .kind = KeyKind::boolean, .fallback = "false"},
      {.name = "order", .kind = KeyKind::integer, .minimum = 1.0, .maximum = 2.0, .fallback = "2"},
      {.name = "buildings",
       .kind = KeyKind::map,
       .keys =
           {{.name = "treatment", .kind = KeyKind::choice, .required = true, .choices = {"raise", "block"}},
            {.name = "height", .kind = KeyKind::number, .unit = "m", .fallback = "3 m"}}},
      {.name = "sources",
       .kind = KeyKind::list,
       .keys = {{.name = "place", .required = true}, {.name = "series", .required = true}}},
      {.name = "boundaries",
       .kind = KeyKind::list,
       .keys = {{.name = "edge",
                 .kind = KeyKind::choice,
                 .required = true,
                 .choices = {"north", "south", "east", "west"}},
                {.name = "kind", .required = true},
                {.name = "series"}}},
  };
}

const std::vector<dvinis::CatalogueEntry>& models() {
  static const std::vector<dvinis::CatalogueEntry> entries = {{"flood", "a model", model_keys, nullptr}};
  return entries;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::string text(reinterpret_cast<const char*>(bytes), count);
  // What stands behind the last '\x01' is an override, so that these are met too.
  std::vector<std::string> overrides;
  if (const std::size_t mark = text.rfind('\x01'); mark != std::string::npos) {
    overrides.push_back(text.substr(mark + 1));
    text.resize(mark);
  }
  try {
    dvinis::parse_scenario(text, "scenario.yaml", overrides, models());
  } catch (const dvinis::InternalError&) {
    throw;  // a bug of ours is a finding
  } catch (const dvinis::Error&) {
  }
  return 0;
}

#include "io/ingest/units.hpp"

#include <fmt/format.h>
#include <udunits2.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

struct FreeSystem {
  void operator()(ut_system* system) const { ut_free_system(system); }
};
struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};

/// "100 m-1.kg.s-2" or "K @ 273.15" without number and origin, blanks for dots.
std::string without_scale(std::string definition) {
  definition = definition.substr(0, definition.find(" @"));
  const std::size_t blank = definition.find(' ');
  const bool has_factor =
      blank != std::string::npos && definition.find_first_not_of("0123456789.e+-") == blank;
  if (has_factor) definition = definition.substr(blank + 1);
  std::replace(definition.begin(), definition.end(), '.', ' ');
  return definition;
}

}  // namespace

std::string si_unit(const std::string& unit) {
  // Powers of a third are outside udunits2; Manning's coefficient is the one such quantity.
  const std::string manning = "s m-1/3";
  const bool is_fractional = unit.find("/3") != std::string::npos;
  if (is_fractional && unit_conversion(unit, manning).factor > 0.0) return manning;

  ut_set_error_message_handler(ut_ignore);
  const std::unique_ptr<ut_system, FreeSystem> system(ut_read_xml(nullptr));
  if (!system) throw IoError("the unit database of udunits2 cannot be read; install libudunits2-data");
  const std::unique_ptr<ut_unit, FreeUnit> parsed(ut_parse(system.get(), unit.c_str(), UT_UTF8));
  char text[128] = {};
  const int length = parsed ? ut_format(parsed.get(), text, sizeof text, UT_ASCII | UT_DEFINITION) : -1;
  if (length <= 0 || length >= static_cast<int>(sizeof text)) {
    throw DataError(fmt::format("unit '{}' is unknown; write one such as m, cm, m3/s or mm/h", unit));
  }
  const std::string found = without_scale(text);
  static_cast<void>(
      unit_conversion(unit, found));  // the stricter grammar decides whether the spelling is sound
  return found;
}

SiQuantity quantity_in_si(const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t+"), text.size());
  double number = 0.0;
  const auto [stop, problem] = std::from_chars(text.data() + begin, text.data() + text.size(), number);
  const std::string rest(stop, text.data() + text.size());
  const std::size_t first = rest.find_first_not_of(" \t");
  const bool has_unit = problem == std::errc() && first != std::string::npos;
  const std::string unit =
      has_unit ? si_unit(rest.substr(first, rest.find_last_not_of(" \t") - first + 1)) : std::string("1");
  return {parse_quantity(text, unit), unit};
}

UnitConversion band_unit_conversion(const std::string& named, const std::string& wanted,
                                    const std::string& file) {
  std::string unit = named;
  if (unit == "US survey foot" || unit == "ftUS") unit = "US_survey_foot";
  if (unit == "metres" || unit == "meters") unit = "m";
  try {
    return unit_conversion(unit, wanted);
  } catch (const DataError& error) {
    throw DataError(fmt::format("{}: the raster gives its values in '{}', which does not convert to {} ({})",
                                file, named, wanted, error.what()));
  }
}

}  // namespace dvinis

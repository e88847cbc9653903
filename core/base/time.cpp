#include "core/base/time.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

using Days = std::chrono::sys_days;

Days civil_day(int year, unsigned month, unsigned day, const std::string& text) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) throw DataError(fmt::format("'{}' is not a date of the calendar", text));
  return Days{date};
}

}  // namespace

std::string clock_text(Microseconds time) {
  const std::int64_t total = time / microseconds_per_second;
  const std::int64_t days = total / 86400;
  const std::int64_t rest = total % 86400;
  const std::string clock = fmt::format("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  return days > 0 ? fmt::format("{} d {}", days, clock) : clock;
}

std::int64_t parse_utc(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int used = 0;
  const int found = std::sscanf(text.c_str(), "%4d-%2u-%2u%*1[T ]%2d:%2d:%2d%n", &year, &month, &day, &hour,
                                &minute, &second, &used);
  int offset_minutes = 0;
  bool has_zone = false;
  if (found == 6) {
    const std::string zone = text.substr(static_cast<std::size_t>(used));
    int zone_hour = 0;
    int zone_minute = 0;
    int zone_used = 0;
    char sign = '+';
    if (zone == "Z") {
      has_zone = true;
    } else if (std::sscanf(zone.c_str(), "%1[+-]%2d:%2d%n", &sign, &zone_hour, &zone_minute, &zone_used) == 3 &&
               static_cast<std::size_t>(zone_used) == zone.size() && zone_hour <= 14 && zone_minute < 60) {
      has_zone = true;
      offset_minutes = (zone_hour * 60 + zone_minute) * (sign == '-' ? -1 : 1);
    }
  }
  if (!has_zone || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    throw DataError(fmt::format(
        "'{}' is not a time with zone; write it as 2007-06-08T04:00:00Z or 2007-06-08T14:00:00+10:00", text));
  }
  const std::int64_t days = civil_day(year, month, day, text).time_since_epoch().count();
  return days * 86400 + hour * 3600 + minute * 60 + second - offset_minutes * 60;
}

std::string utc_text(std::int64_t seconds_since_1970) {
  const std::chrono::sys_seconds instant{std::chrono::seconds{seconds_since_1970}};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(instant)));
}

std::string local_text(std::int64_t seconds_since_1970, int offset_minutes) {
  const std::chrono::sys_seconds instant{std::chrono::seconds{seconds_since_1970 + offset_minutes * 60}};
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::chrono::system_clock::to_time_t(instant)));
}

}  // namespace dvinis

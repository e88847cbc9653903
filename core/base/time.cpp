#include "core/base/time.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

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

/// Reads "2007-06-08T14:00:00+10:00" piece by piece; any piece that does not fit fails the whole text.
struct TimeReader {
  const std::string& text;
  std::size_t at = 0;

  [[noreturn]] void fail() const {
    throw DataError(fmt::format(
        "'{}' is not a time with zone; write it as 2007-06-08T04:00:00Z or 2007-06-08T14:00:00+10:00",
        text.substr(0, 60)));
  }
  int number(int digits) {
    int value = 0;
    for (; digits > 0; --digits, ++at) {
      if (at >= text.size() || text[at] < '0' || text[at] > '9') fail();
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }
  char mark(const std::string& allowed) {
    if (at >= text.size() || allowed.find(text[at]) == std::string::npos) fail();
    return text[at++];
  }
};

}  // namespace

std::string clock_text(Microseconds time) {
  const std::int64_t total = time / microseconds_per_second;
  const std::int64_t days = total / 86400;
  const std::int64_t rest = total % 86400;
  const std::string clock = fmt::format("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  return days > 0 ? fmt::format("{} d {}", days, clock) : clock;
}

std::int64_t parse_utc(const std::string& text) {
  TimeReader reader{text};
  const int year = reader.number(4);
  reader.mark("-");
  const int month = reader.number(2);
  reader.mark("-");
  const int day = reader.number(2);
  reader.mark("T ");
  const int hour = reader.number(2);
  reader.mark(":");
  const int minute = reader.number(2);
  reader.mark(":");
  const int second = reader.number(2);
  const char zone = reader.mark("Z+-");
  int offset_minutes = 0;
  if (zone != 'Z') {
    const int zone_hours = reader.number(2);
    reader.mark(":");
    const int zone_minutes = reader.number(2);
    if (zone_hours > 14 || zone_minutes > 59) reader.fail();
    offset_minutes = (zone == '-' ? -1 : 1) * (zone_hours * 60 + zone_minutes);
  }
  if (reader.at != text.size() || hour > 23 || minute > 59 || second > 59) reader.fail();
  const std::int64_t days = civil_day(year, static_cast<unsigned>(month), static_cast<unsigned>(day), text)
                                .time_since_epoch()
                                .count();
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

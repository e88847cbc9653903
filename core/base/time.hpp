#pragma once
/// Model time: whole microseconds since the start of the run, so that ticks, events and observations
/// compare exactly. Doubles live only inside a tick.

#include <cstdint>
#include <string>

namespace dvinis {

/// [1e-6 s] since the start of the run.
using Microseconds = std::int64_t;

constexpr Microseconds microseconds_per_second = 1'000'000;

constexpr double to_seconds(Microseconds time) { return static_cast<double>(time) * 1e-6; }

/// Nearest whole microsecond; halves away from zero.
constexpr Microseconds from_seconds(double seconds) {
  return static_cast<Microseconds>(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5));
}

/// "0:16:40" for people; days are put in front when there are any ("2 d 03:00:00").
std::string clock_text(Microseconds time);

/// Seconds since 1970-01-01T00:00:00Z of an ISO 8601 instant ("2007-06-08T04:00:00Z", an offset such as
/// "+10:00" in place of Z is understood). Throws DataError on anything else: a time without zone is
/// ambiguous.
std::int64_t parse_utc(const std::string& text);

/// ISO 8601 text in UTC of seconds since 1970; `utc_text(0)` is "1970-01-01T00:00:00Z".
std::string utc_text(std::int64_t seconds_since_1970);

/// The same instant as "2007-06-08 14:00" in a fixed offset from UTC, for pictures.
std::string local_text(std::int64_t seconds_since_1970, int offset_minutes);

}  // namespace dvinis

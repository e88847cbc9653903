#pragma once
/// Instants as a place's clocks show them, summer time included.

#include <cstdint>
#include <string>

#include "viz/words.hpp"

namespace dvinis::viz {

class LocalTime {
 public:
  /// @param zone  name in the tz database ("Europe/Riga"); empty: a fixed offset [min]
  /// @throws UsageError for a zone that this machine does not know.
  LocalTime(std::string zone, int offset_minutes, Language language);

  /// "29 March 05:20", "29. martā plkst. 05.20" in Latvian; with the offset where clocks show the minute
  /// twice.
  /// @param utc  [s since 1970]
  std::string moment(std::int64_t utc) const;
  /// "2026-03-29 05:20", for tables that sort.
  std::string sortable(std::int64_t utc) const;
  /// "Europe/Riga" or "UTC+02:00".
  std::string name() const;

 private:
  struct Clock {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    int offset_minutes = 0;
  };
  Clock clock(std::int64_t utc) const;
  std::string offset_text(int minutes) const;

  std::string zone_;
  int offset_minutes_ = 0;
  Language language_;
};

}  // namespace dvinis::viz

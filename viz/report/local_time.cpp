#include "viz/report/local_time.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/time.hpp"

namespace dvinis::viz {

namespace {

constexpr std::array english_months = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
/// In the locative: "29. martā".
constexpr std::array latvian_months = {"janvārī", "februārī", "martā",     "aprīlī",  "maijā",    "jūnijā",
                                       "jūlijā",  "augustā",  "septembrī", "oktobrī", "novembrī", "decembrī"};

/// Rules of zones that must work on a machine without the tz database.
std::string rule_of(const std::string& zone) {
  if (zone == "Europe/Riga" || zone == "Europe/Tallinn" || zone == "Europe/Vilnius")
    return "EET-2EEST,M3.5.0/3,M10.5.0/4";
  return "";
}

}  // namespace

LocalTime::LocalTime(std::string zone, int offset_minutes, Language language)
    : zone_(std::move(zone)), offset_minutes_(offset_minutes), language_(language) {
  if (zone_.empty()) return;
  const bool is_plain = zone_.find("..") == std::string::npos && zone_.front() != '/';
  const bool is_known = is_plain && std::filesystem::is_regular_file("/usr/share/zoneinfo/" + zone_);
  const std::string rule = is_known ? ":" + zone_ : rule_of(zone_);
  if (rule.empty()) {
    throw UsageError(
        fmt::format("'{}' is no time zone of this machine; write one as 'Europe/Riga', or install "
                    "the package tzdata",
                    zone_));
  }
  setenv("TZ", rule.c_str(), 1);
  tzset();
}

LocalTime::Clock LocalTime::clock(std::int64_t utc) const {
  std::tm parts{};
  int offset = offset_minutes_;
  if (zone_.empty()) {
    const auto shifted = static_cast<std::time_t>(utc + 60 * offset);
    gmtime_r(&shifted, &parts);
  } else {
    const auto instant = static_cast<std::time_t>(utc);
    localtime_r(&instant, &parts);
    offset = static_cast<int>(parts.tm_gmtoff / 60);
  }
  return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, offset};
}

std::string LocalTime::offset_text(int minutes) const {
  const int hours = std::abs(minutes) / 60;
  const int rest = std::abs(minutes) % 60;
  const char* sign = minutes < 0 ? "\u2212" : "+";
  return rest == 0 ? fmt::format("UTC{}{}", sign, hours) : fmt::format("UTC{}{}:{:02d}", sign, hours, rest);
}

std::string LocalTime::moment(std::int64_t utc) const {
  const Clock now = clock(utc);
  std::string text =
      language_ == Language::latvian
          ? fmt::format("{}. {} plkst. {:02d}.{:02d}", now.day,
                        latvian_months[static_cast<std::size_t>(now.month - 1)], now.hour, now.minute)
          : fmt::format("{} {} {:02d}:{:02d}", now.day,
                        english_months[static_cast<std::size_t>(now.month - 1)], now.hour, now.minute);
  for (const std::int64_t beside : {utc - 3600, utc + 3600}) {
    const Clock other = clock(beside);
    if (other.hour == now.hour && other.minute == now.minute)
      return fmt::format("{} ({})", text, offset_text(now.offset_minutes));
  }
  return text;
}

std::string LocalTime::sortable(std::int64_t utc) const {
  const Clock now = clock(utc);
  return fmt::format("{:04d}-{:02d}-{:02d} {:02d}:{:02d}", now.year, now.month, now.day, now.hour,
                     now.minute);
}

std::string LocalTime::name() const { return zone_.empty() ? offset_text(offset_minutes_) : zone_; }

}  // namespace dvinis::viz

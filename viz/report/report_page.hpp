#pragma once
/// A report as one page that opens anywhere and prints on A4, and its tables for a spreadsheet.

#include <string>
#include <vector>

#include "viz/report/findings.hpp"

namespace dvinis::viz {

struct ReportPicture {
  std::string caption;
  std::string png;  ///< the file's bytes
};

struct ReportOptions {
  Language language = Language::english;
  std::string zone;            ///< of the clocks; empty: that of the scenario
  std::size_t most_rows = 60;  ///< of a table on the page; the rest is in the files for a spreadsheet
};

/// HTML with everything inside. @param csv_names  files beside it
std::string report_page(const Findings& findings, const std::vector<ReportPicture>& pictures,
                        const std::vector<std::string>& csv_names, const ReportOptions& options);

/// For a spreadsheet in the language: `;` between columns, decimal comma in Latvian, UTF-8 with its mark.
std::string buildings_csv(const Findings& findings, const ReportOptions& options);
std::string roads_csv(const Findings& findings, const ReportOptions& options);

}  // namespace dvinis::viz

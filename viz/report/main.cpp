/// dvinis-report: a page and tables for people from a results file.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/export/aside_file.hpp"
#include "viz/pictures.hpp"
#include "viz/report/local_time.hpp"
#include "viz/report/report_page.hpp"

namespace {

using namespace dvinis;
using namespace dvinis::viz;
namespace fs = std::filesystem;

struct Request {
  std::string run;
  std::string language = "en";
  std::string zone;
  std::string out;
  int width = 1600;
};

void write_file(const fs::path& path, const std::string& bytes) {
  AsideFile file(path.string());
  file.write(bytes);
  file.commit();
  fmt::print("{}\n", path.string());
}

std::string png_of(const Canvas& canvas, const fs::path& folder) {
  const fs::path path = folder / ".report-picture.png";
  canvas.write_png(path.string());
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  fs::remove(path);
  return bytes.str();
}

void report(const Request& request) {
  const fs::path run =
      fs::is_directory(request.run) ? fs::path(request.run) / "run.nc" : fs::path(request.run);
  const Language language = request.language == "lv" ? Language::latvian : Language::english;
  Pictures pictures(run.string());
  pictures.speak(language);
  const Findings findings = find(pictures.file(), language, pictures.dry_below());
  ReportOptions options{.language = language, .zone = request.zone};
  const fs::path page = request.out.empty()
                            ? run.parent_path() / fmt::format("report_{}.html", request.language)
                            : fs::path(request.out);
  const fs::path folder = page.parent_path().empty() ? fs::path(".") : page.parent_path();
  fs::create_directories(folder);

  const LocalTime time(request.zone.empty() ? findings.zone : request.zone,
                       findings.twin.display_offset_minutes, language);
  const auto moment = [&](double seconds) {
    return time.moment(findings.twin.start_utc + static_cast<std::int64_t>(seconds));
  };
  const std::string span = fmt::format(fmt::runtime(say(language, "the whole run, from {} to {}")),
                                       moment(0.0), moment(findings.end));
  std::vector<ReportPicture> drawn;
  for (const char* field : {"maximum_depth", "arrival_time", "hazard_class"}) {
    if (pictures.file().find_field(field) == nullptr) continue;
    MapSheet sheet = pictures.map(pictures.shot(field, When{}));
    const std::string heading = sheet.text.heading;
    sheet.text = page_text(findings.twin, language);
    sheet.text.title = heading;
    sheet.text.heading = "";
    sheet.text.moment = span;
    drawn.push_back({heading, png_of(draw_map(findings.twin, sheet, {.pixels = request.width}), folder)});
  }
  for (auto& [sheet, name] : pictures.plots()) {
    if (name != "series_gauges_water_level") continue;
    const std::string heading = sheet.text.heading;
    sheet.text = page_text(findings.twin, language);
    sheet.text.title = heading;
    sheet.time_origin = moment(0.0);
    for (Curve& curve : sheet.curves) {
      for (const Place& place : findings.twin.places) {
        if (place.kind == "gauge" && place.id == curve.id) curve.name = place.label;
      }
    }
    drawn.push_back({heading, png_of(draw_plot(sheet, request.width), folder)});
  }
  std::vector<std::string> names;
  const auto table = [&](const char* what, const std::string& text) {
    names.push_back(fmt::format("{}_{}.csv", page.stem().string(), what));
    write_file(folder / names.back(), text);
  };
  table("buildings", buildings_csv(findings, options));
  table("roads", roads_csv(findings, options));
  write_file(page, report_page(findings, drawn, names, options));
}

}  // namespace

int main(int count, char** words) {
  CLI::App app{
      "A page for people from a run's results file: headline, maps, buildings, roads, measures, water "
      "balance. One "
      "file that opens without a network and prints on A4, with tables for a spreadsheet beside it.",
      "dvinis-report"};
  Request request;
  app.add_option("run", request.run, "Results file of a run (run.nc), or its folder")->required();
  app.add_option("-l,--lang", request.language, "Language: en or lv")
      ->check(CLI::IsMember({"en", "lv"}))
      ->capture_default_str();
  app.add_option("-z,--zone", request.zone,
                 "Time zone of the clocks, such as Europe/Riga; that of the scenario");
  app.add_option("-o,--out", request.out, "The page (report_LANG.html beside the run)");
  app.add_option("-w,--width", request.width, "Width of the pictures in pixels")
      ->check(CLI::Range(320, 8000))
      ->capture_default_str();
  app.footer(
      "Examples:\n  dvinis report out --lang lv\n  dvinis report out/run.nc --zone Europe/London --out "
      "flood.html");
  CLI11_PARSE(app, count, words);
  try {
    report(request);
  } catch (const std::exception& trouble) {
    fmt::print(stderr, "dvinis-report: {}\n", trouble.what());
    return 1;
  }
  return 0;
}

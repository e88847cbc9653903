/// dvinis-render: pictures of a run from its results file.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "core/base/quantity.hpp"
#include "viz/animation.hpp"
#include "viz/observations.hpp"
#include "viz/pictures.hpp"
#include "viz/program.hpp"

namespace {

using namespace dvinis;
using namespace dvinis::viz;

struct Request {
  std::string run;
  std::vector<std::string> fields;
  std::string time;
  std::string kind;
  std::string out;
  std::string dry_below;
  std::string observed;
  std::string observed_column = "water_level";
  bool all = false;
  bool no_coordinates = false;
  bool no_names = false;
  int width = 2000;
  int rate = 10;
};

constexpr const char* in_child = "DVINIS_RENDER_CHILD";

/// Draws what a request asks for and prints the path of each picture.
class Renderer {
 public:
  explicit Renderer(const Request& request)
      : request_(request),
        pictures_(request.run, dry_limit(request)),
        when_(When::parse(request.time.empty() ? "last" : request.time)) {
    const std::filesystem::path beside = std::filesystem::path(request.run).parent_path() / "pictures";
    out_ = request.out.empty() ? beside.string() : request.out;
    std::error_code failure;
    std::filesystem::create_directories(out_, failure);
    if (failure) {
      throw IoError(fmt::format("{}: the folder cannot be made ({}); name another with --out", out_,
                                failure.message()));
    }
    options_.pixels = request.width;
    options_.coordinates = !request.no_coordinates;
    options_.place_names = !request.no_names;
  }

  void run() {
    if (request_.all) {
      standard_set();
    } else if (request_.kind == "series") {
      series();
    } else if (request_.kind == "3d") {
      for (const std::string& field : fields(true)) scene(field);
    } else if (request_.kind == "animation") {
      for (const std::string& field : fields(true)) film(field);
    } else {
      for (const std::string& field : fields(!request_.time.empty() && when_.kind != When::Kind::maximum))
        map(field, when_);
    }
  }

 private:
  static std::optional<double> dry_limit(const Request& request) {
    if (request.dry_below.empty()) return std::nullopt;
    try {
      return parse_quantity(request.dry_below, "m");
    } catch (const Error& trouble) {
      throw UsageError(std::string("--dry-below ") + trouble.what());
    }
  }

  std::vector<std::string> fields(bool with_times) const {
    if (!request_.fields.empty()) return request_.fields;
    return {pictures_.default_field(with_times)};
  }

  void say(const std::string& path) const { std::cout << path << std::endl; }

  void map(const std::string& field, const When& when) {
    const Shot shot = pictures_.shot(field, when);
    const std::string tag = shot.tag.empty() ? "" : "_" + shot.tag;
    const std::string path = fmt::format("{}/map_{}{}.png", out_, shot.field.info.name, tag);
    draw_map(pictures_.file().twin(), pictures_.map(shot), options_).write_png(path);
    say(path);
  }

  void series() {
    auto plots = pictures_.plots();
    lay_over_measured(plots);
    const auto comparisons = pictures_.comparisons();
    for (const auto& [sheet, name] : plots) {
      draw_plot(sheet, request_.width).write_png(out_ + "/" + name + ".png");
      say(out_ + "/" + name + ".png");
    }
    for (const auto& [sheet, name] : comparisons) {
      draw_comparison(sheet, request_.width).write_png(out_ + "/" + name + ".png");
      say(out_ + "/" + name + ".png");
    }
    if (plots.empty() && comparisons.empty() && !request_.all) {
      throw UsageError(
          "this run holds no series: its scenario names no gauges or sections, or the file ends before the "
          "first");
    }
  }

  /// Lays the file of --observed over the plot of its column. @throws UsageError if no plot shows that column
  void lay_over_measured(std::vector<std::pair<PlotSheet, std::string>>& plots) const {
    if (request_.observed.empty()) return;
    const std::vector<MeasuredSeries> measured = read_measured(request_.observed);
    for (auto& [sheet, name] : plots) {
      if (sheet.column != request_.observed_column) continue;
      lay_over(sheet, measured, request_.observed);
      return;
    }
    throw UsageError(
        fmt::format("--observed-column {}: this run has no series of that name", request_.observed_column));
  }

  /// VTK ends the whole program when X or OpenGL fails, so the 3-D picture is drawn by a child.
  void scene(const std::string& field) {
    const std::string path = scene_path(field);
    if (std::getenv(in_child) != nullptr) {
      draw_scene(pictures_.file().twin(), pictures_.scene(pictures_.shot(field, when_)), request_.width)
          .write_png(path);
      return;
    }
    std::vector<std::string> words;
    if (!display_answers()) {
      const std::optional<std::string> lender = program_on_path("xvfb-run");
      if (!lender || !program_on_path("xauth")) {
        throw IoError(
            "3-D picture: there is no display, and xvfb-run, which lends one, is not complete on PATH; "
            "install it "
            "(apt-get install xvfb xauth libgl1-mesa-dri). All other pictures work without.");
      }
      words = {*lender, "-a", "-s", "-screen 0 1280x1024x24"};
    }
    for (const std::string& word :
         {own_path(), request_.run, std::string("--kind"), std::string("3d"), std::string("--field"), field,
          std::string("--out"), out_, std::string("--width"), std::to_string(request_.width)}) {
      words.push_back(word);
    }
    if (!request_.time.empty()) words.insert(words.end(), {"--time", request_.time});
    if (!request_.dry_below.empty()) words.insert(words.end(), {"--dry-below", request_.dry_below});
    const int status = run_program(words, {std::string(in_child) + "=1"});
    if (status != 0) {
      throw IoError(fmt::format(
          "3-D picture: drawing it ended with status {}; it needs an X display with OpenGL (apt-get "
          "install xvfb xauth libgl1-mesa-dri). All other pictures work without.",
          status));
    }
    say(path);
  }

  std::string scene_path(const std::string& field) const {
    const Shot shot = pictures_.shot(field, when_);
    return fmt::format("{}/scene_{}{}.png", out_, shot.field.info.name,
                       shot.tag.empty() ? "" : "_" + shot.tag);
  }

  void film(const std::string& field) {
    const Animation animation = animate(pictures_, field, out_, options_, request_.rate);
    say(fmt::format("{}/ ({} pictures)", animation.frames, animation.count));
    if (!animation.film.empty()) say(animation.film);
    if (!animation.missing_reason.empty()) std::cerr << "dvinis-render: " << animation.missing_reason << "\n";
  }

  void standard_set() {
    for (const std::string& field : pictures_.standard_maps()) map(field, When{});
    const ResultField* depth = pictures_.file().find_field("water_depth");
    const bool has_depth = depth != nullptr && depth->has_time && !pictures_.file().times().empty();
    if (has_depth) map("water_depth", When{});
    series();
    const bool has_maximum = pictures_.file().find_field("maximum_depth") != nullptr;
    if (!has_depth && !has_maximum) return;
    try {
      scene(has_maximum ? "maximum_depth" : "water_depth");
    } catch (const Error& trouble) {
      std::cerr << "dvinis-render: " << trouble.what() << "\n";  // the rest of the set is complete
    }
  }

  Request request_;
  Pictures pictures_;
  When when_;
  std::string out_;
  MapOptions options_;
};

void add_options(CLI::App& app, Request& request) {
  app.add_option("run", request.run, "Results file of a run (run.nc)")->required()->type_name("RUN.nc");
  app.add_option("-f,--field", request.fields, "Field to show; may be given several times")
      ->type_name("NAME");
  app.add_option("-t,--time", request.time, "'last', 'maximum' or a span from the start such as '600 s'")
      ->type_name("TIME");
  app.add_flag("-a,--all", request.all,
               "The standard set: a map of each running field, depth at the end, gauges, one 3-D picture");
  app.add_option("-k,--kind", request.kind, "map (the default), series, 3d or animation")
      ->check(CLI::IsMember({"map", "series", "3d", "animation"}))
      ->type_name("KIND");
  app.add_option("-o,--out", request.out, "Folder of the pictures (pictures/ beside the run)")
      ->type_name("FOLDER");
  app.add_option("-w,--width", request.width, "Width of a picture in pixels (2000)")
      ->check(CLI::Range(320, 8000))
      ->type_name("PIXELS");
  app.add_option("--dry-below", request.dry_below, "Water shallower than this counts as dry, such as '1 cm'")
      ->type_name("DEPTH");
  app.add_option("--observed", request.observed,
                 "Measured series for the plots: CSV with columns time_UNIT and PLACE_UNIT")
      ->type_name("FILE.csv");
  app.add_option("--observed-column", request.observed_column, "Series that --observed holds (water_level)")
      ->type_name("NAME");
  app.add_option("--rate", request.rate, "Pictures a second of an animation (10)")
      ->check(CLI::Range(1, 60))
      ->type_name("RATE");
  app.add_flag("--no-coordinates", request.no_coordinates, "No eastings and northings along maps");
  app.add_flag("--no-names", request.no_names, "No names beside places");
}

int draw(const Request& request) {
  if (request.all && (!request.kind.empty() || !request.fields.empty() || !request.time.empty())) {
    throw UsageError("--all makes a fixed set; give it without --kind, --field and --time");
  }
  if (request.kind == "animation" && !request.time.empty())
    throw UsageError("an animation shows all times; leave --time away");
  if (!request.observed.empty() && !request.all && request.kind != "series") {
    throw UsageError("--observed belongs to plots; give it with --kind series or --all");
  }
  if (request.kind == "series" && (!request.time.empty() || !request.fields.empty())) {
    throw UsageError("--kind series plots every column over all times; give it without --field and --time");
  }
  Renderer(request).run();
  return static_cast<int>(ExitCode::ok);
}

}  // namespace

int main(int count, char** words) {
  CLI::App app{
      "Maps, gauge plots, 3-D pictures and animations of a run, from its results file.\n"
      "Maps, plots and PNG series need no display; 3-D borrows one from xvfb-run where there is none.",
      "dvinis-render"};
  app.footer(
      "Examples:\n  dvinis-render out/run.nc --all\n  dvinis-render out/run.nc --field water_depth --time "
      "'10 min'\n"
      "  dvinis-render out/run.nc --kind animation --field water_depth --width 1280");
  Request request;
  add_options(app, request);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& trouble) {
    return app.exit(trouble) == 0 ? static_cast<int>(ExitCode::ok) : static_cast<int>(ExitCode::usage);
  }
  try {
    return draw(request);
  } catch (const Error& trouble) {
    std::cerr << "dvinis-render: " << trouble.what() << "\n";
    return static_cast<int>(trouble.code());
  } catch (const std::exception& trouble) {
    std::cerr << "dvinis-render: " << trouble.what() << "\n";
    return static_cast<int>(ExitCode::internal);
  }
}

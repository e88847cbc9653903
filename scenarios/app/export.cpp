#include "io/export/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "core/base/error.hpp"
#include "core/base/settings.hpp"
#include "io/results/results_file.hpp"
#include "scenarios/app/options.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

/// Writes products of one results file into one folder and says so.
class Exporter {
 public:
  Exporter(const ResultsFile& results, const ExportOptions& options, fs::path folder)
      : results_(results), folder_(std::move(folder)), fields_(options.fields) {
    if (!fields_.empty()) return;
    for (const ResultField& field : results.fields()) fields_.push_back(field.info.name);
  }

  void geotiff() const {
    for_each_step([&](const std::string& field, std::size_t step, const std::string& stem) {
      write(stem + ".tif", [&](const std::string& path) { export_geotiff(results_, field, step, path); });
    });
  }

  /// Depth by the usual classes, arrival by time, categories as they are; then the tables' points.
  void geojson() const {
    for_each_step([&](const std::string& field, std::size_t step, const std::string& stem) {
      const FieldInfo& info = results_.find_field(field)->info;
      const bool is_depth = field.find("depth") != std::string::npos && info.unit == "m";
      const bool is_arrival = field.find("arrival") != std::string::npos;
      if (info.classes.empty() && !is_depth && !is_arrival) return;
      const std::vector<double> limits = !info.classes.empty() ? std::vector<double>{}
                                         : is_depth            ? usual_depth_limits()
                                                               : usual_arrival_limits();
      write(stem + ".geojson",
            [&](const std::string& path) { export_geojson_classes(results_, field, step, limits, path); });
    });
    for_each_table([&](const ResultTable& table) {
      write(table.info.name + ".geojson",
            [&](const std::string& path) { export_geojson_points(results_, table.info.name, path); });
    });
  }

  void csv() const {
    for_each_table([&](const ResultTable& table) {
      const std::vector<ColumnInfo>& columns = table.info.columns;
      const auto is_series = [](const ColumnInfo& column) { return column.series; };
      if (!std::all_of(columns.begin(), columns.end(), is_series)) {
        write(table.info.name + ".csv",
              [&](const std::string& path) { export_csv_table(results_, table.info.name, path); });
      }
      if (std::any_of(columns.begin(), columns.end(), is_series)) {
        write(table.info.name + "_series.csv",
              [&](const std::string& path) { export_csv_series(results_, table.info.name, path); });
      }
    });
  }

  void vti() const {
    write("run.pvd", [&](const std::string& path) { export_vti_series(results_, fields_, path); });
  }

 private:
  void write(const std::string& name, const std::function<void(const std::string&)>& work) const {
    const std::string path = (folder_ / name).string();
    work(path);
    fmt::print("{}\n", path);
  }

  /// Every field at every of its steps; "water_depth_000060s" is the stem of a file at 60 s.
  template <class Work>
  void for_each_step(const Work& work) const {
    for (const std::string& name : fields_) {
      const ResultField* field = results_.find_field(name);
      if (field == nullptr || !field->has_time) {
        work(name, 0, name);
        continue;
      }
      for (std::size_t step = 0; step < results_.times().size(); ++step) {
        work(name, step, fmt::format("{}_{}s", name, moment(results_.times()[step])));
      }
    }
  }

  /// "000060", or "000060.250" where a run has maps between whole seconds: names must differ.
  std::string moment(double time) const {
    const std::vector<double>& times = results_.times();
    const bool whole = std::all_of(times.begin(), times.end(), [](double t) { return t == std::floor(t); });
    return whole ? fmt::format("{:06.0f}", time) : fmt::format("{:010.3f}", time);
  }

  template <class Work>
  void for_each_table(const Work& work) const {
    for (const ResultTable& table : results_.tables()) {
      if (!table.ids.empty()) work(table);
    }
  }

  const ResultsFile& results_;
  fs::path folder_;
  std::vector<std::string> fields_;
};

}  // namespace

int export_command(const ExportOptions& options) {
  if (!options.geotiff && !options.geojson && !options.csv && !options.vti) {
    throw UsageError("export: say into what: --geotiff, --geojson, --csv or --vti");
  }
  const ResultsFile results(options.results);
  for (const std::string& name : options.fields) {
    if (results.find_field(name) != nullptr) continue;
    std::vector<std::string> names;
    for (const ResultField& field : results.fields()) names.push_back(field.info.name);
    const std::string near = did_you_mean(name, names);
    throw UsageError(fmt::format("export: '{}' holds no field '{}'{}; 'dvinis info' lists them",
                                 options.results, name,
                                 near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
  }
  const fs::path beside = fs::path(options.results).parent_path() / "export";
  const Exporter exporter(results, options, options.folder.empty() ? beside : fs::path(options.folder));
  if (options.geotiff) exporter.geotiff();
  if (options.geojson) exporter.geojson();
  if (options.csv) exporter.csv();
  if (options.vti) exporter.vti();
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app

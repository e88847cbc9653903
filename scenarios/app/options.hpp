#pragma once
/// What a person asked for on the command line, one struct per command.

#include <optional>
#include <string>
#include <vector>

#include "scenarios/app/run_monitor.hpp"

namespace dvinis::app {

/// Of `run`, `check`, `resume` and `branch`.
struct RunOptions {
  std::string scenario;                ///< folder or file; for `resume` also a run's output folder
  std::vector<std::string> overrides;  ///< "key=value"
  std::string out;                     ///< output folder; empty: as the scenario says
  bool overwrite = false;
  bool profile = false;
  int threads = 0;                         ///< 0: as many as this process may use
  std::optional<double> maximum_walltime;  ///< [s]
  ProgressStyle progress = ProgressStyle::automatic;
  std::string instruction_set = "auto";
  std::optional<double> branch_at;  ///< of `branch`: goes on from a state no later than that [s]
};

struct HandOverOptions {
  std::string program;                 ///< dvinis-render or dvinis-report
  std::vector<std::string> arguments;  ///< handed to it as they are
};

struct ExportOptions {
  std::string results;  ///< run.nc
  std::string folder;   ///< where the files go; empty: beside the results
  bool geotiff = false;
  bool geojson = false;
  bool csv = false;
  bool vti = false;
  std::vector<std::string> fields;  ///< empty: all
};

struct InfoOptions {
  std::string results;
};

struct CompareOptions {
  std::string first, second;  ///< results files or their folders
  std::vector<std::string> more;
  double least = 0.01;  ///< cells with less than this in both are not counted
  bool json = false;
};

struct InitOptions {
  std::vector<std::string> words;  ///< [template] folder
};

/// Each returns an exit code of core/base/error.hpp or throws an Error.
int run_command(const RunOptions& options);
int resume_command(const RunOptions& options);
int branch_command(const RunOptions& options);
int check_command(const RunOptions& options);
int hand_over_command(const HandOverOptions& options);
int export_command(const ExportOptions& options);
int info_command(const InfoOptions& options);
int compare_command(const CompareOptions& options);
int describe_command(const std::string& model);
int schema_command();
int reference_command();
int init_command(const InitOptions& options);
int version_command(bool json);

}  // namespace dvinis::app

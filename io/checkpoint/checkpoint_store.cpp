#include "io/checkpoint/checkpoint_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "io/checkpoint/state_file.hpp"
#include "io/hdf5/file_space.hpp"

namespace dvinis {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t checkpoints_kept = 2;
constexpr const char* prefix = "checkpoint-";
constexpr const char* ending = ".h5";
constexpr const char* ending_aside = ".tmp";

struct Numbered {
  std::int64_t number = 0;
  std::string path;
};

/// Files of `folder` named checkpoint-<n><ending>, the newest first.
std::vector<Numbered> checkpoints_in(const std::string& folder, const std::string& wanted_ending) {
  std::vector<Numbered> found;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    const std::string start = prefix;
    if (!name.starts_with(start) || !name.ends_with(wanted_ending)) continue;
    const char* first = name.data() + start.size();
    const char* last = name.data() + name.size() - wanted_ending.size();
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(first, last, number);
    if (failed == std::errc{} && end == last) found.push_back({number, entry.path().string()});
  }
  std::sort(found.begin(), found.end(),
            [](const Numbered& a, const Numbered& b) { return a.number > b.number; });
  return found;
}

class FolderCheckpointStore final : public CheckpointStore {
 public:
  FolderCheckpointStore(std::string folder, std::string scenario_sha256, CheckpointNote note, bool keeps_all)
      : folder_(std::move(folder)),
        scenario_sha256_(std::move(scenario_sha256)),
        note_(std::move(note)),
        keeps_all_(keeps_all) {}

  std::string save(const Schema& schema, const State& state) override {
    ignore_file_size_signal();
    const std::vector<Numbered> before = checkpoints_in(folder_, ending);
    const std::int64_t number = before.empty() ? 1 : before.front().number + 1;
    const std::string stem = (fs::path(folder_) / fmt::format("{}{}", prefix, number)).string();
    const std::string path = stem + ending;
    const std::string aside = stem + ending_aside;
    try {
      make_parent_folder(path);
      write_state_file(aside, schema, state, scenario_sha256_);
      rename_durably(aside, path);
    } catch (const FileTrouble& trouble) {
      std::remove(aside.c_str());
      throw write_error(path, trouble);
    }
    for (std::size_t k = checkpoints_kept - 1; k < before.size() && !keeps_all_; ++k)
      std::remove(before[k].path.c_str());
    return path;
  }

  std::optional<State> load_latest(const Schema& schema, const Twin& twin,
                                   std::optional<Microseconds> no_later_than) override {
    const std::vector<Numbered> found = checkpoints_in(folder_, ending);
    for (const Numbered& checkpoint : found) {
      try {
        StoredState stored = read_state_file(checkpoint.path, schema, twin);
        if (no_later_than && stored.state.time > *no_later_than) continue;
        if (stored.scenario_sha256 != scenario_sha256_) {
          tell(fmt::format(
              "'{}' was written with another text of the scenario; the run goes on with the present one",
              checkpoint.path));
        }
        return std::move(stored.state);
      } catch (const FileTrouble& trouble) {
        tell(fmt::format("'{}' is damaged ({}); looking for the one before it", checkpoint.path,
                         trouble.what()));
      } catch (const OtherRun& difference) {
        throw IoError(
            fmt::format("cannot resume from '{}': {}; put the scenario back as it was, or run it from the "
                        "start",
                        checkpoint.path, difference.what()));
      }
    }
    return std::nullopt;
  }

 private:
  void tell(const std::string& sentence) const {
    if (note_) note_(sentence);
  }

  std::string folder_;
  std::string scenario_sha256_;
  CheckpointNote note_;
  bool keeps_all_ = false;
};

}  // namespace

std::unique_ptr<CheckpointStore> make_checkpoint_store(const std::string& folder,
                                                       const std::string& scenario_sha256,
                                                       CheckpointNote note, bool keeps_all) {
  return std::make_unique<FolderCheckpointStore>(folder, scenario_sha256, std::move(note), keeps_all);
}

void remove_checkpoints(const std::string& folder) {
  for (const char* each : {ending, ending_aside}) {
    for (const Numbered& checkpoint : checkpoints_in(folder, each)) {
      std::error_code failed;
      fs::remove(checkpoint.path, failed);
      if (failed) {
        throw IoError(
            fmt::format("cannot remove the old checkpoint '{}': {}; remove it or name another folder in "
                        "outputs.folder",
                        checkpoint.path, failed.message()));
      }
    }
  }
}

}  // namespace dvinis

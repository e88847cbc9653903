#include "io/checkpoint/checkpoint_store.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

using test::ScratchFolder;
using test::sentence_of;
using test::SmallRun;

/// A state with every kind of content, `step` steps old.
State state_at(const SmallRun& run, int step) {
  State state = run.initial_state();
  for (int k = 1; k <= step; ++k) run.fill(state, k);
  state.map_count = step + 1;
  state.series_count = 3 * step;
  state.scalars[0] = 0.1 + step;
  return state;
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

void flip_byte(const std::string& path, std::uintmax_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(static_cast<char>(byte ^ 0x40));
}

TEST(CheckpointStore, gives_back_every_bit_of_the_state) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const State state = state_at(run, 3);
  const auto store = make_checkpoint_store(folder.file("checkpoints"));

  const std::string path = store->save(run.schema, state);
  const std::optional<State> loaded = store->load_latest(run.schema, run.twin);

  EXPECT_EQ(path, folder.file("checkpoints/checkpoint-1.h5"));
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->checksum(), state.checksum());
  EXPECT_EQ(loaded->map_count, 4);
  EXPECT_EQ(loaded->series_count, 9);
  EXPECT_EQ(loaded->time, state.time);
  EXPECT_EQ(loaded->tables[3].name, std::vector<std::string>{"west dyke"});
  EXPECT_EQ(loaded->events.at(0).cause, "the street");
  for (std::size_t k = 0; k < state.fields.size(); ++k) {
    ASSERT_EQ(loaded->fields[k].byte_count(), state.fields[k].byte_count());
    EXPECT_EQ(std::memcmp(loaded->fields[k].data(), state.fields[k].data(), state.fields[k].byte_count()), 0)
        << "halo included";
  }
  EXPECT_EQ(loaded->fields[1].datum().at(0), 1000.0);
}

TEST(CheckpointStore, finds_nothing_in_an_empty_or_absent_folder) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);

  EXPECT_FALSE(make_checkpoint_store(folder.path())->load_latest(run.schema, run.twin).has_value());
  EXPECT_FALSE(make_checkpoint_store(folder.file("absent"))->load_latest(run.schema, run.twin).has_value());
}

TEST(CheckpointStore, keeps_the_last_two_and_loads_the_newest) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const auto store = make_checkpoint_store(folder.path());

  for (int step = 1; step <= 11; ++step) store->save(run.schema, state_at(run, step));

  EXPECT_EQ(files_in(folder.path()), (std::vector<std::string>{"checkpoint-10.h5", "checkpoint-11.h5"}));
  EXPECT_EQ(store->load_latest(run.schema, run.twin)->checksum(), state_at(run, 11).checksum());
}

TEST(CheckpointStore, passes_over_damaged_files_with_a_note) {
  const SmallRun run(37, 23);
  const auto damages = std::vector<std::function<void(const std::string&)>>{
      [](const std::string& path) {
        std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
      },
      [](const std::string& path) { std::filesystem::resize_file(path, 0); },
      [](const std::string& path) { flip_byte(path, std::filesystem::file_size(path) / 2); },
      [](const std::string& path) { std::ofstream(path) << "something else entirely"; },
  };
  for (std::size_t k = 0; k < damages.size(); ++k) {
    const ScratchFolder folder;
    std::vector<std::string> notes;
    const auto store =
        make_checkpoint_store(folder.path(), "", [&](const std::string& note) { notes.push_back(note); });
    store->save(run.schema, state_at(run, 1));
    const std::string newest = store->save(run.schema, state_at(run, 2));

    damages[k](newest);
    const std::optional<State> loaded = store->load_latest(run.schema, run.twin);

    ASSERT_TRUE(loaded.has_value()) << k;
    EXPECT_EQ(loaded->checksum(), state_at(run, 1).checksum()) << k;
    ASSERT_EQ(notes.size(), 1u) << k;
    EXPECT_NE(notes[0].find("checkpoint-2.h5' is damaged"), std::string::npos) << notes[0];
  }
}

TEST(CheckpointStore, notices_every_flipped_byte) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);
  const auto store = make_checkpoint_store(folder.path());
  const std::string path = store->save(run.schema, state_at(run, 1));
  const std::uintmax_t size = std::filesystem::file_size(path);
  const std::uintmax_t stride = 97;
  for (std::uintmax_t offset = 0; offset < size; offset += stride) {
    flip_byte(path, offset);
    ASSERT_FALSE(store->load_latest(run.schema, run.twin).has_value()) << offset;
    flip_byte(path, offset);
  }
  EXPECT_TRUE(store->load_latest(run.schema, run.twin).has_value());
}

TEST(CheckpointStore, ignores_files_that_are_not_its_own) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);
  std::ofstream(folder.file("checkpoint-9.tmp")) << "half";
  std::ofstream(folder.file("checkpoint-x.h5")) << "half";
  std::ofstream(folder.file("checkpoint-12.h5.old")) << "half";

  EXPECT_FALSE(make_checkpoint_store(folder.path())->load_latest(run.schema, run.twin).has_value());
}

TEST(CheckpointStore, says_which_declaration_differs) {
  const ScratchFolder folder;
  SmallRun run(37, 23);
  const auto store = make_checkpoint_store(folder.path());
  store->save(run.schema, state_at(run, 1));
  run.schema.fields[0].type = ElementType::float64;

  const std::string sentence = sentence_of([&] { store->load_latest(run.schema, run.twin); });

  EXPECT_NE(sentence.find("the field 'flood.water_depth [m] float64' is not in it"), std::string::npos)
      << sentence;
  EXPECT_NE(sentence.find("put the scenario back"), std::string::npos);
}

TEST(CheckpointStore, says_that_the_grid_differs) {
  const ScratchFolder folder;
  const SmallRun run(37, 23);
  const auto store = make_checkpoint_store(folder.path());
  store->save(run.schema, state_at(run, 1));
  const SmallRun other(23, 37);

  EXPECT_NE(sentence_of([&] {
              store->load_latest(other.schema, other.twin);
            }).find("it holds 37 x 23 cells, this run has 23 x 37"),
            std::string::npos);
}

TEST(CheckpointStore, notes_that_the_scenario_was_changed) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);
  std::vector<std::string> notes;
  make_checkpoint_store(folder.path(), "abc")->save(run.schema, state_at(run, 1));

  const auto store =
      make_checkpoint_store(folder.path(), "def", [&](const std::string& note) { notes.push_back(note); });
  EXPECT_TRUE(store->load_latest(run.schema, run.twin).has_value());

  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("another text of the scenario"), std::string::npos);
}

TEST(CheckpointStore, says_so_when_a_part_of_its_path_is_a_file) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);
  std::ofstream(folder.file("out")) << "a file";
  const auto store = make_checkpoint_store(folder.file("out/checkpoints"));

  const std::string sentence = sentence_of([&] { store->save(run.schema, state_at(run, 1)); });

  EXPECT_NE(sentence.find("a part of the path is a file where a folder is needed"), std::string::npos)
      << sentence;
}

TEST(CheckpointStore, leaves_the_old_checkpoint_when_the_file_may_not_grow) {
  const ScratchFolder folder;
  const SmallRun run(137, 123);
  const auto store = make_checkpoint_store(folder.path());
  store->save(run.schema, state_at(run, 1));
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{200000, 200000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string sentence = sentence_of([&] { store->save(run.schema, state_at(run, 2)); });
    _exit(sentence.find("size limit of this session") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);

  EXPECT_EQ(status, 0);
  EXPECT_EQ(files_in(folder.path()), std::vector<std::string>{"checkpoint-1.h5"});
  EXPECT_EQ(store->load_latest(run.schema, run.twin)->checksum(), state_at(run, 1).checksum());
}

TEST(CheckpointStore, killed_at_any_moment_leaves_a_whole_checkpoint) {
  const SmallRun run(37, 23);
  std::mt19937 random(7);
  std::uniform_int_distribution<int> delays(0, 20000);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const ScratchFolder folder;
    const auto store = make_checkpoint_store(folder.path());
    store->save(run.schema, state_at(run, 1));
    const pid_t child = fork();
    if (child == 0) {
      for (int step = 2;; ++step) store->save(run.schema, state_at(run, step));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(delays(random)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);

    const std::optional<State> loaded = store->load_latest(run.schema, run.twin);

    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->checksum(), state_at(run, static_cast<int>(loaded->map_count) - 1).checksum());
  }
}

TEST(CheckpointStore, forgets_the_checkpoints_of_an_earlier_run) {
  const ScratchFolder folder;
  const SmallRun run(5, 3);
  const auto store = make_checkpoint_store(folder.path());
  store->save(run.schema, state_at(run, 1));
  std::ofstream(folder.file("checkpoint-2.tmp")) << "half";
  std::ofstream(folder.file("run.nc")) << "stays";

  remove_checkpoints(folder.path());
  remove_checkpoints(folder.file("absent"));

  EXPECT_EQ(files_in(folder.path()), std::vector<std::string>{"run.nc"});
}

}  // namespace
}  // namespace dvinis

/// Runs a fuzz target without libFuzzer: replays the files of a corpus, then `count` mutations of them.
///
///   replay_yaml COUNT SEED CORPUS_FOLDER [ONLY_INDEX]
///
/// The same arguments make the same inputs. An input that crashes or takes longer than ten seconds of
/// processor time is left as crash-<seed>-<index>.bin in the working folder; ONLY_INDEX repeats that one.

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr std::size_t largest_input = 1 << 20;
constexpr long seconds_per_input = 10;

std::string current_input;
char crash_name[64];

extern "C" void keep_current_input() {
  const int file = open(crash_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  if (write(file, current_input.data(), current_input.size()) < 0) _exit(1);
  close(file);
}

extern "C" void on_signal(int signal_number) {
  keep_current_input();
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

/// SplitMix64: enough for choosing mutations, the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// In [0, limit); 0 for limit 0.
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(next() % limit); }

 private:
  std::uint64_t state_;
};

/// A piece of another file of the corpus: how keywords wander between inputs.
std::string piece(Dice& dice, const std::vector<std::string>& corpus) {
  const std::string& donor = corpus[dice.below(corpus.size())];
  const std::size_t begin = dice.below(donor.size());
  return donor.substr(begin, 1 + dice.below(32));
}

void mutate(std::string& input, Dice& dice, const std::vector<std::string>& corpus) {
  const std::size_t place = dice.below(input.size());
  switch (dice.below(10)) {
    case 0:
      if (!input.empty()) input[place] = static_cast<char>(input[place] ^ (1 << dice.below(8)));
      return;
    case 1:
      if (!input.empty()) input[place] = static_cast<char>(dice.next());
      return;
    case 2: {
      static constexpr char marks[] = "\0\xff\x7f\x80-.:,;[]{}&*!|>'\"%@#?\n\r\t 0eE";
      input.insert(place, 1, marks[dice.below(sizeof marks - 1)]);
      return;
    }
    case 3:
      input.erase(place, 1 + dice.below(16));
      return;
    case 4:
      input.erase(place, 1 + dice.below(input.size()));
      return;
    case 5:
      input.insert(place, input.substr(dice.below(input.size()), 1 + dice.below(64)));
      return;
    case 6:
      input.insert(place, piece(dice, corpus));
      return;
    case 7: {
      const std::string donor = piece(dice, corpus);
      input.replace(place, donor.size(), donor);
      return;
    }
    case 8: {
      static const char* const numbers[] = {"0",      "-1",   "1e999", "-0",
                                            "1e-320", "nan",  "inf",   "9223372036854775808",
                                            "08",     "0x10", "1,5",   "99999999999999999999999999999999"};
      input.insert(place, numbers[dice.below(std::size(numbers))]);
      return;
    }
    default: {
      const std::string repeated(1 + dice.below(3), input.empty() ? '[' : input[place]);
      for (std::size_t n = dice.below(200); n > 0; --n) input.insert(place, repeated);
    }
  }
}

std::vector<std::string> read_corpus(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());  // directory order differs by machine
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

void run_one(const std::string& input, const char* kind, std::uint64_t seed, std::uint64_t index) {
  current_input = input.substr(0, largest_input);
  std::snprintf(crash_name, sizeof crash_name, "crash-%s%llu-%llu.bin", kind,
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(index));
  // In processor time: a machine that is busy or asleep is no finding.
  itimerval limit{};
  limit.it_value.tv_sec = seconds_per_input;
  setitimer(ITIMER_PROF, &limit, nullptr);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current_input.data()), current_input.size());
  limit.it_value.tv_sec = 0;
  setitimer(ITIMER_PROF, &limit, nullptr);
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count < 4 || argument_count > 5) {
    std::fprintf(stderr, "usage: %s COUNT SEED CORPUS_FOLDER [ONLY_INDEX]\n", arguments[0]);
    return 2;
  }
  const std::uint64_t count = std::strtoull(arguments[1], nullptr, 10);
  const std::uint64_t seed = std::strtoull(arguments[2], nullptr, 10);
  const std::vector<std::string> corpus = read_corpus(arguments[3]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds no files\n", arguments[3]);
    return 2;
  }
  for (const int signal_number : {SIGABRT, SIGSEGV, SIGFPE, SIGPROF, SIGBUS})
    std::signal(signal_number, on_signal);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(keep_current_input);

  std::uint64_t first = 0;
  std::uint64_t last = count;
  if (argument_count == 5) {
    first = std::strtoull(arguments[4], nullptr, 10);
    last = first + 1;
  } else {
    for (std::size_t n = 0; n < corpus.size(); ++n) run_one(corpus[n], "corpus-", 0, n);
  }
  for (std::uint64_t index = first; index < last; ++index) {
    Dice dice(seed * 0x9e3779b97f4a7c15u + index);
    std::string input = corpus[dice.below(corpus.size())];
    for (std::size_t n = 1 + dice.below(8); n > 0 && input.size() < largest_input; --n)
      mutate(input, dice, corpus);
    run_one(input, "", seed, index);
  }
  std::printf("executed %llu inputs from %zu files, seed %llu\n",
              static_cast<unsigned long long>(last - first + (argument_count == 5 ? 0 : corpus.size())),
              corpus.size(), static_cast<unsigned long long>(seed));
  return 0;
}

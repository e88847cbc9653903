#include "tests/app/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace dvinis::app {

namespace {

/// A new empty file for what a program prints.
std::string new_file() {
  std::string path = (std::filesystem::temp_directory_path() / "dvinis-test-XXXXXX").string();
  const int descriptor = mkstemp(path.data());
  if (descriptor < 0) throw std::runtime_error("no temporary file");
  close(descriptor);
  return path;
}

void redirect(const std::string& path, int to) { dup2(open(path.c_str(), O_WRONLY | O_TRUNC), to); }

}  // namespace

Program::Program(const std::vector<std::string>& words, std::optional<unsigned long> file_limit)
    : out_path_(new_file()), err_path_(new_file()) {
  std::vector<char*> arguments = {const_cast<char*>(DVINIS_PROGRAM)};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  child_ = fork();
  if (child_ != 0) return;
  redirect(out_path_, STDOUT_FILENO);
  redirect(err_path_, STDERR_FILENO);
  if (file_limit) {
    const rlimit limit{*file_limit, *file_limit};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  setenv("OMP_NUM_THREADS", "1", 0);  // small runs: a second thread would only wait
  execv(arguments[0], arguments.data());
  _exit(127);
}

Program::~Program() {
  if (!status_ && child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  unlink(out_path_.c_str());
  unlink(err_path_.c_str());
}

void Program::send(int signal) const { kill(child_, signal); }

bool Program::is_running() {
  int status = 0;
  if (!status_ && waitpid(child_, &status, WNOHANG) == child_) status_ = status;
  return !status_;
}

std::string Program::out() const { return text_of(out_path_); }

bool Program::wait_for(const std::string& text) {
  for (;;) {
    const bool was_running = is_running();
    if (out().find(text) != std::string::npos) return true;
    if (!was_running) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Ending Program::wait() {
  int status = 0;
  if (!status_) {
    waitpid(child_, &status, 0);
    status_ = status;
  }
  const int code = WIFEXITED(*status_) ? WEXITSTATUS(*status_) : 128 + WTERMSIG(*status_);
  return {code, text_of(out_path_), text_of(err_path_)};
}

Ending dvinis(const std::vector<std::string>& words) { return Program(words).wait(); }

TemporaryFolder::TemporaryFolder() {
  path_ = (std::filesystem::temp_directory_path() / "dvinis-test-XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code trouble;
  std::filesystem::remove_all(path_, trouble);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  const std::string path = *this / name;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream{path} << text;
  return path;
}

std::string text_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace dvinis::app

#include <fmt/format.h>

#include <exception>
#include <new>

#include "core/base/error.hpp"
#include "scenarios/app/command_line.hpp"

namespace {

int complain(const char* sentence, dvinis::ExitCode code) {
  fmt::print(stderr, "dvinis: {}\n", sentence);
  return static_cast<int>(code);
}

}  // namespace

int main(int count, char** words) {
  try {
    return dvinis::app::dispatch(count, words);
  } catch (const dvinis::Error& error) {
    return complain(error.what(), error.code());
  } catch (const std::bad_alloc&) {
    return complain("not enough memory; `dvinis check` tells how much a scenario needs",
                    dvinis::ExitCode::io);
  } catch (const std::exception& error) {
    return complain(error.what(), dvinis::ExitCode::internal);
  }
}

#pragma once
/// One State in one HDF5 file, every bit of it.

#include <stdexcept>
#include <string>

#include "core/twin/state.hpp"

namespace dvinis {

/// Writes everything of `state` with its schema and checksum, closes, seals and syncs. @throws FileTrouble
void write_state_file(const std::string& path, const Schema& schema, const State& state,
                      const std::string& scenario_sha256);

/// A checkpoint that is whole but belongs to another run; the sentence says what differs.
struct OtherRun : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct StoredState {
  State state;
  std::string scenario_sha256;
};

/// @throws FileTrouble if the file is damaged or incomplete, OtherRun if it does not fit `schema` or `twin`
StoredState read_state_file(const std::string& path, const Schema& schema, const Twin& twin);

}  // namespace dvinis

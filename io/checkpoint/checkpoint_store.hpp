#pragma once
/// Checkpoints of a run in a folder: the last two or all, each written aside, synced and renamed.

#include <functional>
#include <memory>
#include <string>

#include "core/engine/ports.hpp"

namespace dvinis {

/// Receives sentences about what was passed over while loading, for the log.
using CheckpointNote = std::function<void(const std::string&)>;

/// A store in `folder` (made on the first save) of files named checkpoint-<n>.h5.
///
/// `load_latest` takes the newest complete file whose checksum fits its content; a damaged one is passed over
/// with a note and the one before it is taken. One of another schema or grid is an IoError, since every older
/// one would be too. A scenario text that differs from the one at saving is noted, not refused: a run may be
/// prolonged.
/// @param scenario_sha256  checksum of the scenario's text, kept in each file; may be empty
/// @param keeps_all  older ones than the last two stay too
std::unique_ptr<CheckpointStore> make_checkpoint_store(const std::string& folder,
                                                       const std::string& scenario_sha256 = {},
                                                       CheckpointNote note = {}, bool keeps_all = false);

/// Removes every checkpoint of `folder`, complete or not: before a run that starts afresh. @throws IoError
void remove_checkpoints(const std::string& folder);

}  // namespace dvinis

#pragma once
/// An HDF5 file driver whose file on disk is always as of the last flush.
///
/// Values go straight to the file, where nothing that the last flush knew lies; everything that gives them
/// meaning (headers, indices) waits in memory and reaches the file through a journal. A killed process leaves
/// a file that opens with all that was flushed; in the few microseconds in which a commit is written over the
/// file it needs `recover`, which our own readers call.

#include <hdf5.h>

#include <string>

namespace dvinis::hdf5 {

/// Lets files opened with `access_list` be written through the journal at `journal` (its path).
void set_journal_driver(hid_t access_list, const std::string& journal);

}  // namespace dvinis::hdf5

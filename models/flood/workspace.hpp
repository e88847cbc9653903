#pragma once
/// Working memory of the sub-steps: nothing here decides the future, so it may be lost or lent at any time.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "models/flood/domain.hpp"
#include "models/flood/kernels.hpp"

namespace dvinis::flood {

/// Depths that sources add to the tiles they touch, in blocks the size of a whole tile.
template <class Real>
struct AddedWater {
  std::vector<Real*>
      by_tile;  ///< block of each tile, nullptr where no source is; what was given after a sweep
  std::vector<std::uint8_t> has_source;  ///< by tile
  std::vector<Real> given;               ///< the blocks
  std::vector<Real> wanted;              ///< the same blocks before the sweep

  /// @param is_everywhere  every tile gets a block
  AddedWater(const Domain& domain, bool is_everywhere);
  bool is_used() const { return !given.empty(); }
  /// Takes the blocks as they are for what is wanted, in active tiles.
  void keep_wanted(const std::vector<std::uint8_t>& is_active);
  /// What a withdrawal of `amount` from a cell did take, after the sweep; several share in a shortfall in
  /// turn.
  Real taken(Cell cell, const Tiling& tiling, Real amount);
  /// Where a cell of a tile with a source stands in the blocks.
  std::size_t place(Cell cell, const Tiling& tiling) const;
};

/// What added water brings, in the same blocks as AddedWater: depths that come in, and their values by
/// tracer.
template <class Real>
struct AddedTracers {
  std::vector<Real> inflow;
  std::vector<Real*> inflow_by_tile;
  std::vector<std::vector<Real>> values;
  std::vector<std::vector<Real*>> values_by_tile;

  AddedTracers(const AddedWater<Real>& water, std::size_t tracers);
};

/// The fields that a sub-step changes.
struct Water {
  Field depth, discharge_x, discharge_y, carry;
  std::vector<Field> tracers, tracer_carries;
};

/// Copies the cells of one tile.
template <class Real>
void copy_tile(const Field& from, Field& to, const Tile& tile) {
  const View<const Real> source = from.view<Real>();
  const View<Real> target = to.view<Real>();
  for (Index j = tile.j0; j < tile.j1; ++j)
    std::copy_n(&source(tile.i0, j), tile.i1 - tile.i0, &target(tile.i0, j));
}

template <class Real>
struct Workspace {
  Workspace(const Domain& domain, const Parameters& parameters);

  Water next;              ///< after the sub-step
  Water second_half;       ///< in fast mode: after the second half of the full equations, in their tiles only
  std::vector<Real> held;  ///< HeldFluxes
  // By tile.
  std::vector<std::uint8_t> is_wet;       ///< the state holds water
  std::vector<std::uint8_t> wet_borders;  ///< bits of Border
  std::vector<std::uint8_t> is_stale;     ///< `next` holds water of an earlier sub-step
  std::vector<std::uint8_t> is_still;     ///< the last sub-step left all of it as it was, `next` too
  std::vector<std::uint8_t> is_asleep;    ///< still among still tiles: the next sub-step leaves it out
  std::vector<std::uint8_t> is_active;    ///< the next sub-step works on it
  std::vector<std::uint8_t> is_full;      ///< the full equations work on it; all without a fast mode
  std::vector<std::uint8_t> was_active;   ///< what the windows were made from
  std::vector<std::uint8_t> was_full;
  std::vector<TileReport> reports;
  std::vector<Window> windows;       ///< of active tiles with the full equations
  std::vector<Window> fast_windows;  ///< of the other active tiles
  std::array<std::vector<Real>, 4> outflow;
  std::array<std::vector<Real>, 4> imposed;
  AddedWater<Real> added;
  std::vector<Real> source_depths;  ///< what each source adds to its cells [m]
  // With tracers.
  AddedTracers<Real> added_tracers;
  std::vector<std::array<std::vector<Real>, 4>> tracer_outflow;  ///< by tracer, as `outflow`
  std::vector<std::vector<HeldValues>> held_values;              ///< by tracer and tile
  std::vector<std::vector<Real>> tracer_faces;                   ///< by tracer, as TracerArrays::faces
  std::vector<std::uint8_t>
      closed;  ///< as in the domain; with sub-grid tables some structures open their faces
  std::vector<Real> structure_x,
      structure_y;  ///< what passes structures, by entry of their FaceLists [m2 s-1]
};

/// Lends workspaces to concurrent advances of one process (members of an ensemble), makes new ones as needed.
template <class Real>
class WorkspacePool {
 public:
  using Item = std::unique_ptr<Workspace<Real>>;

  Item borrow(const Domain& domain, const Parameters& parameters);
  void give_back(Item item);

 private:
  std::mutex mutex_;
  std::vector<Item> idle_;
};

/// Covers the active tiles by windows at most `columns` tiles wide, for one sweep each. Windows never cross a
/// multiple of `columns`, so that a tile's neighbours in it do not depend on what else is active.
void cover_by_windows(const Tiling& tiling, const std::vector<std::uint8_t>& is_active, Index columns,
                      std::vector<Window>& windows);

}  // namespace dvinis::flood

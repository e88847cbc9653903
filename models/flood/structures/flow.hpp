#pragma once
/// Structures in a sub-step: what passes them, and how they move, break and switch.

#include "models/flood/process.hpp"
#include "models/flood/structures/laws.hpp"

namespace dvinis::flood {

/// The table of structures, where their State is kept. NaN: not of this kind, or not yet.
TableInfo structure_table(const Parameters& parameters);

/// With sub-grid tables: what passed each side of a cell in the sub-step before, in the order of the
/// structures.
TableInfo structure_face_table();
void start_structure_faces(State& state, TableHandle table, const PlacedStructures& structures);

/// Fills the rows of a fresh State.
void start_structures(State& state, TableHandle table, const PlacedStructures& structures,
                      const std::vector<Tracer>& tracers);

/// Water on its way through pipes [m3].
double water_in_structures(const State& state, TableHandle table);

/// What goes through one pipe in a sub-step.
struct PipeFlow {
  std::size_t row = 0;  ///< of the table of structures
  Cell giver, receiver;
  double in_transit = 0.0;  ///< inside when the sub-step begins; negative on its way to the inlet [m3]
  double given = 0.0;       ///< depth that the receiver gets [m]
  double stays = 0.0;       ///< what rounding leaves of it inside [m3]
  double taken = 0.0;       ///< from the giver, signed as `in_transit`; known after the sweep [m3]
};

template <class Real>
class StructureFlow {
 public:
  StructureFlow(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state, Context& context);

  bool is_used() const { return !placed_.all.empty(); }
  /// Works out from the state what passes each structure, and leaves what passes lines for the sweep.
  void look(double dt);
  /// Fills the blocks of added depth: what pipes take from their inlets, and what they took the last time.
  void pour();
  /// Before the swept fields become the state: what pipes did take.
  void take_from_pipes();
  /// Of the sub-step at hand, in the order of the structures.
  const std::vector<PipeFlow>& pipes() const { return pipes_; }
  /// Lets structures move, break and switch over the sub-step, and notes what passed.
  void move(double time, double dt);
  /// Lets people decide on measures, after the sub-step that ends at `end`.
  void decide_measures(double end, double dt);
  void hand_over(Sweep<Real>& sweep) const;

 private:
  /// One row of the table.
  struct Row {
    double &discharge, &level_before, &level_behind, &opening, &crest, &breach_width, &breach_bottom,
        &blocked_share, &power, &volume, &in_transit, &target, &since, &waiting, &running;
  };
  /// What a sub-step does with one structure.
  struct Passing {
    double discharge = 0.0;      ///< [m3 s-1]
    double level_before = 0.0;   ///< left of the line, or at the inlet [m]
    double level_behind = 0.0;   ///< right of it, or at the outlet [m]
    double breach_before = 0.0;  ///< higher and lower level at a breach [m]
    double breach_behind = 0.0;
    double overtopping = 0.0;   ///< greatest depth over the crest [m]
    double head = 0.0;          ///< greatest difference of level [m]
    double held_back = 0.0;     ///< faces that had not the water for what the law lets pass
    Real taken = 0, given = 0;  ///< of a pipe: depths at inlet and outlet [m]
  };

  Row row(const PlacedStructure& placed);
  FaceWaterState water_beside(const LineFace& face, Cell cell) const;
  double level_in(Cell cell) const;
  /// Level of the water that a pipe's end lies in.
  double level_around(Cell cell) const;
  std::uint8_t pass(std::size_t k, const Row& row, double dt);
  Real& flux_at(const LineFace& face) const {
    return (face.is_x ? work_.structure_x : work_.structure_y)[face.entry];
  }
  bool is_out_of_the_way(const PlacedStructure& placed, const Row& row, double face_bed,
                         const FaceWaterState& left, const FaceWaterState& right) const;
  Passing along_line(const PlacedStructure& placed, const Row& row, std::size_t first_face) const;
  /// The most that a structure may take from a cell towards one of its faces [m2 s-1].
  double most_from(Cell cell, bool is_x, double outward_sign, double dt) const;
  Passing through_pipe(const PlacedStructure& placed, const Row& row, double dt);
  void open_faces();
  double share_in_breach(const PlacedStructure& placed, const LineFace& face, const Row& row) const;
  StructureLaw law_at(const PlacedStructure& placed, const LineFace& face, const Row& row) const;
  void move_breach(const PlacedStructure& placed, const Passing& passing, const Row& row, double time,
                   double dt);
  void tell(const PlacedStructure& placed, double time, const char* kind, const std::string& cause);

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const PlacedStructures& placed_;
  Workspace<Real>& work_;
  State& state_;
  Context& context_;
  /// One side of a cell under a structure.
  struct FaceOf {
    std::size_t structure = 0;
    const LineFace* face = nullptr;
  };
  std::vector<Row> rows_;  ///< by structure: the table stays where it is within a tick
  std::vector<FaceOf> faces_;
  std::vector<double>* earlier_ = nullptr;  ///< by face, with sub-grid tables [m2 s-1]
  // By face, in this sub-step.
  std::vector<std::uint8_t> is_held_back_;
  std::vector<std::uint8_t> is_open_;    ///< nothing is in the way: the sweep works the face out
  std::vector<double> passing_through_;  ///< as far as it is known before the sweep [m2 s-1]
  std::vector<Passing> passing_;         ///< by structure, in this sub-step
  std::vector<PipeFlow> pipes_;
};

}  // namespace dvinis::flood

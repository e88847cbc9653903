#pragma once
/// Small scenarios for the tests of the command.

#include <fmt/format.h>

#include <string>

namespace dvinis::app {

/// A dam break on a plain of 41 x 23 cells, 60 s in ticks of 2 s; `more` is appended (`expect:`, ...).
inline std::string small_dam_break(const std::string& more = "", const std::string& folder = "out") {
  return fmt::format(R"(scenario: small
about: A dam bursts.
seed: 3
domain:
  plain: {{ width: 205 m, height: 115 m, spacing: 5 m }}
  crs: local
  vertical_datum: local
time: {{ start: 2026-01-01T00:00:00Z, duration: 60 s, exchange: 2 s }}
layers:
  roughness: {{ value: 0.03 s/m^(1/3) }}
  initial_level: {{ formula: "x < 60 ? 3 : 0.2" }}
places:
  - {{ kind: gauge, id: downstream, x: 150 m, y: 50 m }}
models:
  flood: {{}}
outputs:
  folder: {}
  maps: {{ every: 10 s, fields: [water_depth] }}
  maxima: [maximum_depth]
  series: {{ every: 2 s }}
  checkpoint: {{ every: 10 s }}
{})",
                     folder, more);
}

/// The same with more cells and steps: about a second of work, outputs and checkpoints often.
inline std::string longer_dam_break() {
  return R"(scenario: longer
about: A dam bursts, and the wave goes to and fro.
seed: 3
domain:
  plain: { width: 505 m, height: 255 m, spacing: 5 m }
  crs: local
  vertical_datum: local
time: { start: 2026-01-01T00:00:00Z, duration: 400 s, exchange: 1 s }
layers:
  roughness: { value: 0.03 s/m^(1/3) }
  initial_level: { formula: "x < 100 + y / 3 ? 4 : 0.3" }
places:
  - { kind: gauge, id: downstream, x: 400 m, y: 50 m }
models:
  flood: {}
outputs:
  folder: out
  maps: { every: 4 s, fields: [water_depth, velocity_x] }
  maxima: [maximum_depth, arrival_time]
  series: { every: 1 s }
  checkpoint: { every: 20 s }
)";
}

}  // namespace dvinis::app

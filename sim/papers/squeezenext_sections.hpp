#pragma once

#include "models/cost/run_stats.hpp"
#include "reports/reproduction.hpp"

/// What the study of SqueezeNext shows beside the published figures.
namespace ridgeline::papers {

/// Per-layer utilisation of 1.0-SqNxt-23 and v5 (runs of the array's layers): drawn, by stage, and
/// as a figure for papers.
void put_utilization(reports::Reproduction& study, RunStats v1, RunStats v5);

/// All ways to share 21 blocks among the stages, on one machine, and where v1 to v5 lie.
void put_block_sweep(reports::Reproduction& study, const Architecture& arch);

}  // namespace ridgeline::papers

// gateway/formats/run/run_document.hpp - runs and their pages as canonical JSON: as the store keeps them, as commands
// and the console show them, and as the leaf of a run's end states them (without words: those may name hosts).
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"
#include "gateway/domain/run.hpp"

namespace caseway {

/// Members: connector, counts, ended_at, ends_by, from, kills, kind, log_index, number, of, pages, reads,
/// reconciliation, resumed, started_at, state, stood, system, terms, trouble, waiting. Cursors (from, stood) in base64:
/// they are a connector's own bytes.
std::string jsonOf(const Run& run);
/// Its member `counts`, as an object: changed, new, parked (where there are any), payloads, payloads_refused, read,
/// refused, same, source_says (where it is known), stale.
void appendRunCounts(const RunCounts& counts, std::string& out);
/// The leaf's detail: connector, counts, kind, of, pages, reconciliation, resumed, run, started_at, state, and
/// trouble's kind, code and cause.
std::string leafDetailOf(const Run& run);
/// Refusal malformed_json: not what jsonOf() writes.
Result<Run> readRun(std::string_view json);

/// Members: messages, parked_from, parked_next, source_says.
std::string jsonOf(const RunPage& page);
/// `run` and `number` stand beside it. Refusal malformed_json.
Result<RunPage> readRunPage(std::string_view json);

}  // namespace caseway

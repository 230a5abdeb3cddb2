// gateway/daemon/run_request.hpp - what somebody asks a connector's run to be, judged against what is stored before it
// begins: whether another is unfinished, where "since" is, whether there is anything to try again.
#pragma once

#include <chrono>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/daemon/live_connectors.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/ports/connector.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

/// What a person wants otherwise than the connector's file says.
struct ReconcileWish {
    std::optional<Repair> repair{};
    std::optional<Share> vanished_at_most{};
};

struct RunRequest {
    RunKind kind = RunKind::Next;
    std::string since{};  ///< Since: a time in RFC 3339, or `base64:…` of a cursor
    RunNo of = 0;         ///< Retry
    bool dry = false;     ///< read, map and count; write nothing
    ReconcileWish reconcile{};
};

/// A connector's run that has begun and not ended.
std::optional<Run> unfinishedRunOf(StoreReader& reader, std::string_view connector);
/// The last ones, newest first.
std::vector<Run> lastRunsOf(StoreReader& reader, std::string_view connector, std::size_t limit);

/// Where reading from a connector stood at a time: what was read since then is read again. Or the cursor that `since`
/// itself is, as `base64:…`. Refusal since_unknown: no run that is stored says so.
Result<Cursor> cursorSince(StoreReader& reader, const LiveConnector& live, const std::string& since);

/// A time in RFC 3339, or `base64:` of a cursor.
bool isSince(const std::string& text);
/// Refusals: run_unfinished, since_unknown, run_unknown, nothing_to_retry. `from`: set where it begins at a cursor.
Result<Done> judgeRequest(StoreReader& reader, const BodyOpener& open_body, const LiveConnector& live,
                          const RunRequest& request, Cursor& from);

}  // namespace caseway

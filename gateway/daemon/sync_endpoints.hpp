// gateway/daemon/sync_endpoints.hpp - runs of connectors over the admin socket: what runs, what ran, begin, cancel.
// Described in docs/formats/admin-openapi.json.
#pragma once

#include <vector>

#include "gateway/daemon/router.hpp"
#include "gateway/daemon/sync_runner.hpp"

namespace caseway {

class SyncEndpoints {
public:
    SyncEndpoints(SyncRunner& runner, StoreReader& reader) : runner_(runner), reader_(reader) {}
    std::vector<Endpoint> endpoints();

private:
    Response status() const;
    Response runs(const RequestHead& head) const;
    Response run(std::string_view number) const;
    Response report(std::string_view number) const;
    Response change(const std::string& body);
    Result<Done> retry(std::string_view number);

    SyncRunner& runner_;
    StoreReader& reader_;
};

/// The difference report of a run, where it has one.
std::optional<std::string> reportOf(StoreReader& reader, std::uint64_t number);

/// Rows as a JSON list of runs, as they stand in the store.
std::string runsJson(const std::vector<RunRow>& rows);

}  // namespace caseway

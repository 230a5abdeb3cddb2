// gateway/daemon/connector_trial.hpp - `connector test`: reaches the other side, reads one page, or what a former run
// kept and could not take, maps it dry with the mapping that would be used, asks the recorder what it would take of it,
// and shows both beside each other. Writes nothing, here or there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/register/connector_standing.hpp"
#include "gateway/register/operation.hpp"

namespace caseway {

inline constexpr std::size_t kTrialBytesMax = 32 * 1024 * 1024;  ///< of one page
inline constexpr std::size_t kTrialBytesKept = 8 * 1024 * 1024;  ///< of a former run: no further page is read then

struct TrialRequest {
    std::string connector;
    std::uint32_t records = 20;    ///< that the page should have, and that are shown; at most 1,000
    bool accept_refusals = false;  ///< good also where some records, but not all, were refused
    RunNo run = 0;                 ///< tried on what this run kept; 0: on what the other side has
    bool unmask = false;           ///< what was read is shown with everything personal in it
    std::string reason{};          ///< why

    /// From the members of connector.test. Refusals: trial_records_bad, run_unknown.
    static Result<TrialRequest> read(const Operation& operation);
};

struct TrialReport {
    bool good = false;
    std::string digest;         ///< of what was tried
    std::uint64_t refused = 0;  ///< records
    std::string json;           ///< docs/formats/admin-openapi.json, `Test`
};

/// Callable concurrently; takes as long as the connector, which ends when `stopping` says so.
class ConnectorTrial {
public:
    struct Parts {
        const Settings& settings;
        const ConnectorTypes& types;
        std::function<bool()> stopping;
        StoreReader& reader;
        BodyOpener open_body;
    };
    explicit ConnectorTrial(Parts parts) : parts_(std::move(parts)) {}

    /// `tree`: the register as it stands. Refusals: what stands in the way of trying: connector_unknown, the mistakes
    /// of its file, secret_unknown, mapping_not_good, run_unknown. What the other side or its records lack is told in
    /// the report.
    Result<TrialReport> run(const FileTree& tree, const ConnectorWorld& world, const TrialRequest& request) const;

private:
    Parts parts_;
};

}  // namespace caseway

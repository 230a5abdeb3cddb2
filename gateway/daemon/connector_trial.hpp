// gateway/daemon/connector_trial.hpp - `connector test`: reaches the other side, reads one page, maps it dry with the
// mapping that would be used, and shows both beside each other. Writes nothing, here or there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/daemon/connector_types.hpp"
#include "gateway/domain/file_tree.hpp"
#include "gateway/register/connector_standing.hpp"

namespace caseway {

inline constexpr std::size_t kTrialBytesMax = 32 * 1024 * 1024;  ///< of one page

struct TrialRequest {
    std::string connector;
    std::uint32_t records = 20;    ///< that the page should have, and that are shown; at most 1,000
    bool accept_refusals = false;  ///< good also where some records, but not all, were refused

    /// From an operation's members. Refusal: trial_records_bad.
    static Result<TrialRequest> read(const std::string& connector, const std::string& records,
                                     const std::string& accept_refusals);
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
    };
    explicit ConnectorTrial(Parts parts) : parts_(std::move(parts)) {}

    /// `tree`: the register as it stands. Refusals: what stands in the way of trying: connector_unknown, the mistakes
    /// of its file, secret_unknown, mapping_not_good. What the other side or its records lack is told in the report.
    Result<TrialReport> run(const FileTree& tree, const ConnectorWorld& world, const TrialRequest& request) const;

private:
    Parts parts_;
};

}  // namespace caseway

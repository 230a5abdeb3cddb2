// gateway/report/connector_sights.hpp - which fields a connector's payloads had, and which codes its records: what is
// new in a night is drift. A bounded list of names, kept by the store as a note; no values but those of code fields.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/report/morning_report.hpp"

namespace caseway {

inline constexpr std::size_t kMostFieldsSeen = 1000;
inline constexpr std::size_t kMostCodesSeen = 500;
inline constexpr std::size_t kLongestSeenName = 200;  ///< bytes; the rest is cut at a character

/// What one run showed.
struct RunSights {
    std::vector<std::string> fields, codes;
    std::optional<Instant> newest{};  ///< business time
    bool has_payloads = false;        ///< without any it says nothing
};

class ConnectorSights {
public:
    RunNo lastRun() const { return last_run_; }
    std::optional<Instant> newest() const { return newest_; }
    /// The first run that showed fields is what later ones' fields are held against, and likewise for codes: one of
    /// which nothing could be read is none.
    void take(const RunSights& sights, RunNo run, Instant at);
    /// A run that nothing was read of, or that says nothing.
    void pass(RunNo run) { last_run_ = std::max(last_run_, run); }
    /// First seen in this time, by kind and name.
    std::vector<DriftItem> newBetween(Instant begin, Instant end) const;

    /// Canonical JSON: base_codes, base_fields, items, last_run, newest.
    std::string text() const;
    /// Refusal malformed_json: not what text() writes.
    static Result<ConnectorSights> read(std::string_view json);

private:
    struct First {
        RunNo run = 0;
        Instant at{};
    };
    void add(DriftKind kind, const std::string& name, const First& first, std::size_t most);

    RunNo& baseOf(DriftKind kind) { return bases_[static_cast<std::size_t>(kind)]; }

    RunNo bases_[2] = {0, 0};  ///< by kind: the first run that showed any; 0: none yet
    RunNo last_run_ = 0;
    std::optional<Instant> newest_;
    std::map<std::pair<DriftKind, std::string>, First> seen_;
    std::size_t counts_[2] = {0, 0};
};

}  // namespace caseway

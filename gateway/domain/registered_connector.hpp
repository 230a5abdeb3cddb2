// gateway/domain/registered_connector.hpp - a connector of a system as the register's files say it: the draft that is
// worked on, the versions that were live, and which of them is. Files: docs/connectors/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/ids.hpp"
#include "gateway/domain/pulled_signature.hpp"
#include "gateway/domain/reconciliation.hpp"

namespace caseway {

/// `housing/permits/nightly`: a system, and the connector's short name, `[a-z0-9_-]+`, at most 60 characters.
struct ConnectorName {
    SystemId system;
    std::string name;

    static std::optional<ConnectorName> parse(std::string_view text);
    std::string text() const { return system.text() + "/" + name; }
    /// "systems/housing/permits/connectors/nightly/"
    std::string folder() const { return "systems/" + system.text() + "/connectors/" + name + "/"; }
    auto operator<=>(const ConnectorName&) const = default;
};

enum class ExchangeDirection { Pull, Push };
constexpr std::string_view nameOf(ExchangeDirection direction) {
    return direction == ExchangeDirection::Pull ? "pull" : "push";
}

/// When it runs, as written; what it means is judged by gateway/sync.
struct ConnectorSchedule {
    std::string cron;
    std::string zone = "Asia/Shanghai";
    std::string days;  ///< all, working or rest; empty: all, or working where there is a calendar
    std::string jitter = "0s";
    std::string missed = "once";  ///< skip, once or each: what becomes of runs that were due while nothing could run
    std::string calendar{};       ///< lines of holidays and worked weekends
    std::vector<std::string> windows{}, blackout{};
};

struct ConnectorLimits {
    std::uint32_t page_records = 1000;
    std::uint64_t page_bytes = 16 * 1024 * 1024;
    std::chrono::seconds deadline{60};   ///< of one call
    std::uint32_t attempts = 6;          ///< of a call that may pass, and of a payload before it is parked
    std::uint32_t refused_percent = 90;  ///< more of what was read refused: the run ends; 100: it never does
};

/// Everything of a connector's file but its settings, whose form is the type's own.
struct ConnectorHead {
    std::string type;
    ExchangeDirection direction = ExchangeDirection::Pull;
    std::string mapping{};  ///< name; a pull has one
    std::optional<ConnectorSchedule> schedule{};
    ConnectorLimits limits{};
    SignatureRule signature = SignatureRule::IfPresent;  ///< of what a pull reads
    ReconcileOrder reconcile{};                          ///< of its reconciliations, where nobody orders otherwise
    std::map<std::string, int, std::less<>> lines{};     ///< of its file, by key: "type", "schedule/windows/0"

    /// The line of what stands at `place`; where it is not written, of what it belongs to; 1: of neither.
    int lineOf(std::string_view place) const;
};

/// One that was live. Never changed afterwards.
struct ConnectorVersion {
    ConnectorHead head;
    std::string document;  ///< the file up to its mark
    std::string mapping;   ///< the text of the mapping as it was when the version was tested
    std::string type_version, digest, tested_at;
};

struct RegisteredConnector {
    ConnectorName name;
    std::optional<std::string> draft{};  ///< the file; nothing: nothing is worked on
    ConnectorHead draft_head{};
    std::map<int, ConnectorVersion> versions{};
    int live = 0;  ///< the version that runs; 0: none was ever activated
    bool suspended = false;
    std::string tested{};  ///< digest of what was last seen to work; empty: nothing
    std::string tested_at{};
    std::uint64_t tested_refused = 0;  ///< records that were refused then, and accepted so
    std::string live_since{};          ///< activated, rolled back or resumed; RFC 3339; empty: by a former version

    const ConnectorVersion* liveVersion() const {
        const auto found = versions.find(live);
        return found == versions.end() ? nullptr : &found->second;
    }
    /// From when on its live version is expected to keep its schedule; RFC 3339. Of what a former version of the
    /// gateway made live, the test that came before it.
    const std::string& liveSince() const {
        const ConnectorVersion* const version = liveVersion();
        return live_since.empty() && version != nullptr ? version->tested_at : live_since;
    }
};

}  // namespace caseway

// gateway/register/connector_standing.hpp - where a connector stands: what runs, what is worked on, whether that was
// seen to work. Computed from its files, the installed mappings and types; a stored state could disagree with them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/registered_connector.hpp"
#include "gateway/formats/register/connector_document.hpp"

namespace caseway {

/// What a connector depends on besides its own files.
struct ConnectorWorld {
    std::map<std::string, std::string> mappings;  ///< name of an installed mapping to its text
    std::map<std::string, std::string> types;     ///< type of connector to its version
};

/// What the next test tests and the next activation makes live: the draft, or the live version over again with the
/// mapping and the type as they are now.
struct ConnectorCandidate {
    ConnectorDocument document;
    std::string file;     ///< its path in the register
    std::string text;     ///< without a mark
    std::string mapping;  ///< text; empty for a push without one
    std::string type_version;
    std::string digest;
};
/// Refusals: connector_type_unknown, mapping_not_installed.
Result<ConnectorCandidate> candidateOf(const RegisteredConnector& connector, const ConnectorWorld& world);

/// What a test has just shown.
struct SeenToWork {
    std::string digest;         ///< of the candidate that was tried
    std::uint64_t refused = 0;  ///< records, which whoever asked has accepted
};

/// Whether exactly this was seen to work, now or for a former version.
bool isTested(const RegisteredConnector& connector, const std::string& digest);

/// In the version of a plug-in: what stands behind the last one is the digest of its files, or kFilesUnknown where they
/// cannot be read.
inline constexpr char kFilesMark = '+';
inline constexpr std::string_view kFilesUnknown = "unknown";

/// Whether the type that is here is the one that was tested: its version, and its files (`+…`) where the mark of the
/// test names them; a former release named none.
bool isSameTypeVersion(std::string_view tested, std::string_view installed);

/// Why this version of the connector `name` does not run with a type that is here in this version: it is a plug-in, and
/// another one than was tested. Of what is compiled in the gateway's own tests speak. Refusal: connector_type_changed.
std::optional<Refusal> whyOtherPlugin(const std::string& name, const ConnectorVersion& version,
                                      std::string_view installed);

/// In `differs`: what runs has no more what it stands on.
inline constexpr const char* kTypeGone = "type or mapping gone";

struct ConnectorStanding {
    std::string state;    ///< draft, tested, active, suspended
    std::string draft{};  ///< of what waits beside the live version: draft or tested; empty: nothing waits
    std::vector<std::string> differs{};  ///< in what it differs from the live version: document, mapping, type
};
ConnectorStanding standingOf(const RegisteredConnector& connector, const ConnectorWorld& world);

/// The head of the draft, or of the live version where there is none.
const ConnectorHead& headOf(const RegisteredConnector& connector);

}  // namespace caseway

// gateway/formats/register/connector_document.hpp - a connector's files: draft.yaml and versions/NNNN.yaml (type,
// direction, mapping, settings, schedule, limits), and state.yaml. Form: docs/connectors/README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/domain/registered_connector.hpp"
#include "gateway/formats/yaml/yaml_tree.hpp"

namespace caseway {

/// What activation wrote at the end of a version's file: what was seen to work.
struct TestedMark {
    std::string type_version, digest, at;
};

struct ConnectorDocument {
    ConnectorHead head;
    YamlNode settings{};
    int settings_line = 1;
    std::optional<TestedMark> tested{};
    std::size_t mark_at = 0;  ///< where the mark begins; the file's length without one
};

/// What could be read of the file; its mistakes behind those that are in `mistakes` already.
ConnectorDocument readConnectorParts(const std::string& file, std::string_view yaml, std::vector<Refusal>& mistakes);
/// Every mistake of the file at once; settings are judged by their type's schema alone. Code: connector_not_good.
Result<ConnectorDocument, std::vector<Refusal>> readConnectorDocument(const std::string& file, std::string_view yaml);

struct ConnectorStateDocument {
    int live = 0;
    bool suspended = false;
    std::string tested, tested_at;
    std::uint64_t tested_refused = 0;
    std::string live_since{};  ///< when it was activated, rolled back or resumed last; RFC 3339
};
/// Refusal: connector_not_good.
Result<ConnectorStateDocument> readConnectorState(const std::string& file, std::string_view yaml);
std::string connectorStateYaml(const ConnectorStateDocument& state);
/// `state` with what was tested where `of` is: a test is seen where it was done, and claimed nowhere else. Nothing
/// where no file is left to write. Either is the text of a state.yaml; one that cannot be read stays as it is.
std::optional<std::string> withTestOf(const std::optional<std::string>& of, const std::optional<std::string>& state);
/// `document` as it stands in the file of a version: to the byte, but for a last line end; in lines where it bears no
/// mark behind it as it is, such as one JSON object.
std::string documentOfVersion(std::string_view document);
/// That with its mark.
std::string versionYaml(std::string_view document, const TestedMark& mark);
/// "0007"
std::string versionFileName(int version);

/// What a test proves, in hex: type and its version, direction, settings as written, the mapping with its text. Neither
/// schedule nor limits: they decide when and how much, not whether it works.
std::string connectorDigest(const ConnectorDocument& document, std::string_view mapping, std::string_view type_version);

/// What a node says, as one text: the same for every spelling of it, but for quotes.
std::string textForDigest(const YamlNode& node);

/// Several mistakes as one refusal: the first with the others. `mistakes` must not be empty.
Refusal joined(std::vector<Refusal> mistakes);

/// A file to fill in. `settings`: lines of settingsSample.
std::string connectorSample(const std::string& type, const std::string& title, bool reads, const std::string& settings);

}  // namespace caseway

// tests/fuzz/connector_files_fuzz.cpp - a connector's files, settings and schemas, and lists of destinations out of any
// bytes. Bytes before the first NUL are a schema, those behind it a file.
#include "gateway/adapters/net/destination_list.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/settings/check_settings.hpp"
#include "gateway/formats/settings/settings_text.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(textOf({data, size}));
    const std::size_t nul = std::min(bytes.find('\0'), bytes.size());
    const std::string first = bytes.substr(0, nul), second = bytes.substr(std::min(nul + 1, bytes.size()));
    std::vector<Refusal> mistakes;
    const ConnectorDocument document = readConnectorParts("draft.yaml", second, mistakes);
    if (const auto schema = readSettingsSchema(first)) {
        static_cast<void>(settingsSample(*schema, 2));
        static_cast<void>(settingsTable(*schema));
        if (checkSettings(*schema, document.settings, "draft.yaml", 1).empty()) {
            const auto json =
                settingsJson(*schema, document.settings,
                             [](const SecretReference&) -> Result<std::string> { return std::string("s"); });
            JsonTree tree;
            CASEWAY_CHECK(json && parseJson(*json, JsonLimits{.depth = 100}, tree));
        }
    }
    if (mistakes.empty() && !document.tested) {
        const std::string digest = connectorDigest(document, "", "1");
        const std::string version = versionYaml(second, {"1", digest, "now"});
        const auto again = readConnectorDocument("v.yaml", version);
        if (again && again->tested) CASEWAY_CHECK(connectorDigest(*again, "", "1") == digest);
    }
    static_cast<void>(readConnectorState("state.yaml", first));
    static_cast<void>(readRegister({{"systems/a/b/connectors/c/draft.yaml", second},
                                    {"systems/a/b/connectors/c/versions/0001.yaml", second},
                                    {"systems/a/b/connectors/c/state.yaml", first}}));
    if (const auto list = DestinationList::parse(first)) static_cast<void>(list->whyNot(second, second, 22));
    return 0;
}

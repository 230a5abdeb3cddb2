// tests/unit/daemon/bureau.hpp - a department's register with one draft of a connector in memory, and what it reads.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/daemon/connector_test_change.hpp"
#include "tests/support/memory_connector.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

inline constexpr const char* kName = "housing/permits/nightly";
inline constexpr const char* kDraft = "systems/housing/permits/connectors/nightly/draft.yaml";
inline constexpr const char* kDocument = "type: memory\nmapping: open311.requests_xml\nsettings: {table: a}\n";
inline constexpr const char* kGood =
    "<service_requests><request><service_request_id>2025-1</service_request_id><status>open</status>"
    "<service_code>LAMP-07</service_code><service_name>Street lamp</service_name>"
    "<requested_datetime>2025-03-02T07:15:00+01:00</requested_datetime></request></service_requests>";
inline constexpr const char* kBad =
    "<service_requests><request><service_request_id>2025-2</service_request_id><status>lost</status>"
    "<service_code>LAMP-07</service_code><requested_datetime>never</requested_datetime></request></service_requests>";

inline std::string textOfFile(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A data folder, a log in memory and one type of connector.
struct Bureau {
    fixture::TemporaryFolder folder;
    Settings settings;
    SystemClock clock;
    std::shared_ptr<test::ListSource> source = std::make_shared<test::ListSource>();
    ConnectorTypes types;
    std::vector<AuditDocument> log;
    std::map<std::string, std::string, std::less<>> meta;
    testing::MemoryStore store;
    std::unique_ptr<Registrar> registrar;
    bool stopping = false;

    Bureau() {
        settings.data = folder.path();
        for (const char* name : {"systems/housing/permits", "mappings/open311", "keys"})
            std::filesystem::create_directories(settings.data / name);
        write("systems/housing/department.yaml", "code: \"11350200004135017C\"\nname: x\n");
        write("systems/housing/permits/system.yaml", "mappings: [open311.requests_xml]\n");
        write("mappings/open311/mapping.yaml",
              textOfFile(std::string(CASEWAY_SOURCE_DIR) + "/mappings/open311_requests_xml/mapping.yaml"));
        types.add(std::make_unique<test::MemoryType>(source));
        registrar = std::make_unique<Registrar>(Registrar::Parts{
            settings, clock,
            [this](const AuditDocument& document, const std::string& snapshot) {
                log.push_back(document);
                meta = {{std::string(kRegisterChange), document.change}, {std::string(kRegisterTree), snapshot}};
                return log.size() - 1;
            },
            [this](std::string_view name) {
                const auto found = meta.find(name);
                return found == meta.end() ? std::optional<std::string>() : found->second;
            },
            [] {}, &types});
    }
    void write(const char* path, const std::string& text) const {
        std::filesystem::create_directories((settings.data / path).parent_path());
        std::ofstream(settings.data / path, std::ios::binary) << text;
    }
    Result<ChangeReport> does(std::string_view operation, std::map<std::string, std::string> texts = {}) {
        if (!operation.starts_with("secret.")) texts.emplace("connector", kName);
        const Operation asked{operationNamed(operation), std::move(texts), {}, {}};
        if (operation != "connector.test") return registrar->change(asked, {"li", "1"}, false);
        return testConnector(*registrar,
                             ConnectorTrial({settings, types, [this] { return stopping; }, store.reader(), {}}), asked,
                             {"li", "1"}, false);
    }
    std::string drafts(const std::string& document) {
        const auto report = does("connector.add", {{"document", document}});
        return report ? "done" : report.error().code;
    }
    void offers(const char* bytes, const char* name = "a.xml") {
        source->payloads.push_back({{name, "application/xml", 1}, bytes});
    }
};

}  // namespace caseway::fixture

// tests/fuzz/register_files_fuzz.cpp - the register's documents, operations and audit documents out of any bytes.
#include "gateway/base/bytes.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/register/register_document.hpp"
#include "gateway/log/audit_document.hpp"
#include "gateway/register/operation.hpp"
#include "gateway/register/planned_change.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(textOf({data, size}));
    if (auto system = readSystemDocument("system.yaml", bytes)) {
        system->suspended = !system->suspended;
        system->mappings.push_back("more");
        const auto changed = changedSystemDocument("system.yaml", bytes, *system);
        if (changed) {
            CASEWAY_CHECK(readSystemDocument("system.yaml", *changed)->suspended == system->suspended);
            static_cast<void>(diffText({{"system.yaml", bytes, *changed}}));
        }
    }
    static_cast<void>(readDepartmentDocument("department.yaml", bytes));
    static_cast<void>(readRegister({{"systems/a/b/system.yaml", bytes}, {"systems/a/b/c.pem", bytes}}));
    if (const auto operation = Operation::read(bytes)) {
        const auto again = Operation::read(operation->json());
        CASEWAY_CHECK(again && again->json() == operation->json());
    }
    if (const auto document = AuditDocument::read(bytes)) {
        const std::string json = document->json();
        const auto again = AuditDocument::read(json);
        CASEWAY_CHECK(again && again->json() == json);
        CASEWAY_CHECK(auditDifference(auditEntry(*again, json, {}), json).empty());
    }
    return 0;
}

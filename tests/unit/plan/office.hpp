// tests/unit/plan/office.hpp - a register in memory whose operations are planned and made, and certificates for it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <set>

#include "gateway/formats/crypto/certificate.hpp"
#include "gateway/formats/crypto/certificate_request.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/register/plan.hpp"

namespace caseway::fixture {

inline const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");
constexpr auto kDay = std::chrono::hours(24);
using Lists = std::map<std::string, std::vector<std::string>>;
using Texts = std::map<std::string, std::string>;

inline std::string selfSigned(const PrivateKey& key, int from = -10, int to = 300) {
    return (*Certificate::fromDer(Certificate::selfSigned(key, "x", kNow + from * kDay, kNow + to * kDay)))->pem();
}

inline std::string keyIdOf(const std::string& pem) {
    return (*Certificate::fromPem(pem))->id().text();
}

/// A register in memory; each operation that is not refused changes it.
struct Office {
    FileTree tree;
    PrivateKey authority_key = PrivateKey::generate(KeyKind::EcP256);
    std::vector<std::string> warnings;
    Texts made;
    KeyOwners own_keys;
    std::map<std::string, OpenedByName> opened;  ///< by a department's name, besides the register
    std::set<std::string> codes_of_cases;        ///< departments' codes under which cases stand

    Office() {
        tree["systems/"] = "";
        does("department.add", {{"department", "housing"}, {"code", "11350200004135017C"}, {"name", "住建"}});
        does("department.add", {{"department", "health"}, {"code", "11520103009423114G"}, {"name", "卫健"}});
        does("system.add", {{"system", "housing/permits"}}, {{"mappings", {"a", "b"}}});
        does("system.add", {{"system", "health/licences"}});
    }
    Result<PlannedChange> plan(std::string_view name, Texts texts, Lists lists = {}, FileTree files = {}) {
        const Operation operation{operationNamed(name), std::move(texts), std::move(lists), std::move(files)};
        BOOST_REQUIRE(operation.kind != nullptr);
        const std::string pem = authority_key.toPem();
        PlanContext context{kNow, [pem](std::optional<KeyKind>) { return PrivateKey::fromPem(pem); }};
        context.has_cases = [this](const std::string& code) { return codes_of_cases.contains(code); };
        context.opened_by_name = [this](const std::string& name) {
            return opened.contains(name) ? opened.at(name) : OpenedByName();
        };
        context.own_keys = own_keys;
        return planChange(tree, operation, context);
    }
    /// "done", "nothing", or the code of the refusal.
    std::string does(std::string_view name, Texts texts, Lists lists = {}, FileTree files = {}) {
        auto change = plan(name, std::move(texts), std::move(lists), std::move(files));
        if (!change) {
            BOOST_TEST(!change.error().hint.empty(), change.error().code);
            return change.error().code;
        }
        tree = changed(tree, change->files);
        warnings = change->warnings;
        made = change->made;
        return change->isNothing() ? "nothing" : "done";
    }
    RegisterContent content() const {
        auto read = readRegister(tree);
        BOOST_REQUIRE(read.ok());
        return *read;
    }
    const RegisteredSystem& system(std::string_view id) {
        kept = content();
        return kept.systems.at(*SystemId::parse(id)).system;
    }
    RegisterContent kept;
};

}  // namespace caseway::fixture

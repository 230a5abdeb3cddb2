// tests/unit/audit/register_audit_test.cpp - what the gateway remembers of the register against what the log tells of
// it: nothing is said of them as they are, and each file that was changed beside the log is named.
#include "gateway/audit/register_audit.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/log/audit_document.hpp"
#include "tests/unit/log/log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

namespace {

const std::string kSystem = "systems/housing/permits/system.yaml";
const std::string kDepartment = "systems/housing/department.yaml";
const std::string kDraft = "systems/housing/permits/connectors/nightly/draft.yaml";

/// A department, its system, a change of that, an unmasked look at a message; then the system is removed or not.
struct Office : LogFixture {
    Office() {
        change({}, {{kDepartment, "code: A"}});
        change({}, {{kSystem, "mappings: []"}, {kDraft, "type: http"}});
        change({{kSystem, "mappings: []"}}, {{kSystem, "mappings: [a]"}});
        change({}, {{"reason", "a complaint"}});
        remember({{kDepartment, "code: A"}, {kSystem, "mappings: [a]"}, {kDraft, "type: http"}});
    }
    void change(FileTree before, FileTree after) {
        const AuditDocument document{
            "li", "1000", idOf(7).text(), "system_added", "x", std::move(before), std::move(after)};
        const std::string json = document.json();
        const auto writer = store.beginWrite();
        log->begin();
        writer->putEnvelope(log->append(*writer, auditEntry(document, json, Instant())), {json, {}});
        log->seal(*writer);
        writer->commit();
    }
    void remember(FileTree files) {
        remembered = std::move(files);
        AuditDocument snapshot;
        snapshot.after = remembered;
        meta(snapshot.json());
    }
    void meta(const std::string& text) {
        const auto writer = store.beginWrite();
        writer->putMeta(kRegisterTree, text);
        writer->commit();
    }
    std::string told() {
        Findings findings(10);
        const auto snapshot = store.snapshot();
        RegisterAudit audit(*snapshot, findings);
        for (LogIndex index = 0; index < log->size(); ++index) audit.leaf(index);
        audit.finish();
        std::string text;
        for (const Finding& one : findings.kept())
            text += one.what + " " + one.where + ": " + one.expected + ", found " + one.found + "\n";
        return text;
    }
    FileTree remembered;
};

std::string digestOf(const std::string& text) {
    return "sha256:" + toHex(sha256(text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RegisterAuditOfFiles)

BOOST_AUTO_TEST_CASE(says_nothing_of_a_register_as_the_log_tells_it) {
    Office office;
    BOOST_TEST(office.told() == "");
    FileTree digests;  // where the files are very many
    for (const auto& [path, text] : office.remembered) digests.emplace(path, digestOf(text));
    office.remember(digests);
    BOOST_TEST(office.told() == "");
    office.change(digests, {});
    office.remember({});
    BOOST_TEST(office.told() == "");
    LogFixture empty;
    Findings none(1);
    const auto snapshot = empty.store.snapshot();
    RegisterAudit(*snapshot, none).finish();
    BOOST_TEST(none.count() == 0U);
}

BOOST_AUTO_TEST_CASE(names_each_file_that_was_changed_beside_the_log) {
    struct Case {
        const char* name;
        std::function<void(FileTree&)> change;
        std::string told;
    };
    const Case cases[] = {
        {"another text", [](FileTree& files) { files[kSystem] = "mappings: [b]"; },
         kSystem + ": as leaf 2 left it, found another text\n"},
        {"another digest", [](FileTree& files) { files[kSystem] = digestOf("mappings: [b]"); },
         kSystem + ": as leaf 2 left it, found another text\n"},
        {"forgotten", [](FileTree& files) { files.erase(kDepartment); },
         kDepartment + ": as leaf 0 left it, found none\n"},
        {"nobody logged it", [](FileTree& files) { files["systems/housing/x/a.pem"] = "a key"; },
         "systems/housing/x/a.pem: none: no change tells of it, found remembered\n"},
        {"a reason is no file", [](FileTree& files) { files["reason"] = "a complaint"; },
         "reason: none: no change tells of it, found remembered\n"},
        {"a connector's other text, as a digest", [](FileTree& files) { files[kDraft] = digestOf("type: sql"); },
         kDraft + ": as leaf 1 left it, found another text\n"},
        {"a connector's text, as a digest", [](FileTree& files) { files[kDraft] = digestOf("type: http"); }, ""},
    };
    for (const Case& one : cases) {
        Office office;
        FileTree files = office.remembered;
        one.change(files);
        office.remember(files);
        BOOST_TEST(office.told() == (one.told.empty() ? "" : "register_differs " + one.told), one.name);
    }
}

BOOST_AUTO_TEST_CASE(leaves_a_lost_document_to_who_looks_for_it) {
    Office office;
    office.store.tables().envelopes.rows().erase(1);
    office.remember({});
    BOOST_TEST(office.told() == "");
}

BOOST_AUTO_TEST_CASE(names_a_document_that_cannot_be_read_and_goes_on) {
    Office office;
    office.store.tables().damaged_envelopes.insert(1);
    office.remember({});
    BOOST_TEST(office.told() ==
               "envelope_changed leaf 1: a row that can be read, found store_corrupt: a body of no form\n");
}

BOOST_AUTO_TEST_CASE(tells_a_memory_that_is_gone_or_cannot_be_read) {
    Office office;
    office.meta("{");
    BOOST_TEST(office.told().starts_with("register_differs register_tree: files as JSON, found "));
    Office other;
    other.remember({});
    BOOST_TEST(other.told().find(kSystem + ": as leaf 2 left it, found none") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

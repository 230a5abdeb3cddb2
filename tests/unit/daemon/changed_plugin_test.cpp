// tests/unit/daemon/changed_plugin_test.cpp - a plug-in that is another one than was tested: its connector runs
// nothing, and that is told wherever somebody looks.
#include "gateway/register/connector_standing.hpp"
#include "tests/unit/daemon/office_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

/// What is here, what the mark of the version's test says, and whether it runs.
struct MarkCase {
    const char *made_of, *tested;
    bool runs;
};
const MarkCase kMarks[] = {
    {"", "1.0.0", true},
    {"", "0.9.0", true},  // compiled in: the gateway's own tests speak of it
    {"0123456789abcdef0123", "1.0.0+0123456789abcdef", true},
    {"0123456789abcdef0123", "1.0.0+fedcba9876543210", false},
    {"0123456789abcdef0123", "1.1.0+0123456789abcdef", false},
    {"0123456789abcdef0123", "1.0.0", true},  // of a release that kept no digest
    {"0123456789abcdef0123", "0.9.0", false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ChangedPlugins)

BOOST_AUTO_TEST_CASE(are_not_judged_by_who_cannot_read_their_files) {
    ConnectorVersion version;
    version.type_version = "1.0.0+0123456789abcdef";
    BOOST_TEST(!whyOtherPlugin("a/b/c", version, "1.0.0+unknown"));
    BOOST_TEST(whyOtherPlugin("a/b/c", version, "1.0.0+fedcba9876543210").has_value());
}

BOOST_AUTO_TEST_CASE(may_have_a_version_that_bears_the_mark_itself) {
    BOOST_TEST(isSameTypeVersion("1.0.0+7", "1.0.0+7+0123456789abcdef"));
    BOOST_TEST(isSameTypeVersion("1.0.0+7+0123456789abcdef", "1.0.0+7+0123456789abcdef"));
    BOOST_TEST(!isSameTypeVersion("1.0.0", "1.0.0+7+0123456789abcdef"));
    BOOST_TEST(!isSameTypeVersion("1.0.0+7", "1.0.0+0123456789abcdef"));
}

BOOST_AUTO_TEST_CASE(run_nothing_until_they_were_seen_to_work) {
    for (const MarkCase& one : kMarks) {
        Office office;
        office.source->made_of = one.made_of;
        auto version = std::make_shared<LiveConnector>(*office.live(kName));
        version->file.type_version = one.tested;
        office.opens({version});
        BOOST_TEST(office.runner->start(kName, {}).ok());
        const Run run = office.next();
        BOOST_TEST(Office::endOf(run) == (one.runs ? "done" : "stopped connector_type_changed"), one.tested);
        BOOST_TEST(office.source->settings.size() == (one.runs ? 1U : 0U));
        const auto why = whyNotOpened({{kName, version}}, office.types, office.settings);
        BOOST_TEST(why.size() == (one.runs ? 0U : 1U));
        if (why.empty()) continue;
        BOOST_TEST(why.front().where == kName);
        BOOST_TEST(why.front().hint.starts_with("caseway connector test housing/permits/nightly, then"));
        BOOST_TEST(run.trouble->message.find(one.tested) != std::string::npos, run.trouble->message);
    }
}

BOOST_AUTO_TEST_CASE(bear_the_digest_of_their_files_in_their_version) {
    const auto source = std::make_shared<ListSource>();
    const MemoryType type(source);
    BOOST_TEST(versionOf(type) == "1.0.0");
    source->made_of = std::string(64, 'a');
    BOOST_TEST(versionOf(type) == "1.0.0+aaaaaaaaaaaaaaaa");
}

BOOST_AUTO_TEST_CASE(a_note_of_the_source_stands_in_the_row_of_its_run) {
    Office office;
    office.source->note = "a signature that nobody verifies";
    office.opens({office.live(kName)});
    BOOST_TEST(office.runner->start(kName, {}).ok());
    const Run run = office.next();
    BOOST_TEST(run.note == office.source->note);
    BOOST_TEST(lastRunsOf(office.memory.reader(), kName, 1).at(0).note == office.source->note);
}

BOOST_AUTO_TEST_SUITE_END()

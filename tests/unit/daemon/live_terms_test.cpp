// tests/unit/daemon/live_terms_test.cpp - under which name a cursor stands, and what a run began with: other settings
// are others however their file is spelled, and what stands there from former releases stays where it is.
#include <boost/test/unit_test.hpp>

#include "gateway/daemon/live_connectors.hpp"
#include "gateway/formats/crypto/digest.hpp"

using namespace caseway;

namespace {

LiveConnector liveOf(const std::string& document) {
    LiveConnector live;
    live.name = ConnectorName::parse("housing/permits/nightly").value();
    live.file.document = document;
    live.file.head.type = "sql";
    return live;
}

/// A document with one setting, and the place of its value.
const char* const kSpellings[] = {
    "type: sql\nsettings: {table: @}\n",
    "type: sql\nsettings:\n  table: @\nlimits:\n  attempts: 2\n",
    "type: sql\n\"settings\": {\"table\": \"@\"}\n",
    "type: sql\n'settings':\n  table: @\n",
    "type: sql\nsettings : {table: @}\n",
    "type: sql\n? settings\n: {table: @}\n",
    "{\"type\": \"sql\", \"settings\": {\"table\": \"@\"}}\n",
    "  type: sql\n  settings:\n    table: @\n",
    "\xEF\xBB\xBFsettings: {table: @}\ntype: sql\n",
    "type: sql\nsettings: {\ntable: @\n}\n",
    "type: sql\nsettings:\n  query: |\n    SELECT 1\n    # @\n",
};

std::string with(std::string text, const std::string& value) {
    return text.replace(text.find('@'), 1, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LiveTerms)

BOOST_AUTO_TEST_CASE(are_others_where_settings_are_however_they_are_spelled) {
    for (const char* spelling : kSpellings) {
        const LiveConnector former = liveOf(with(spelling, "cases")), other = liveOf(with(spelling, "others"));
        BOOST_TEST(former.cursorName() != other.cursorName(), spelling);
        BOOST_TEST(former.terms() != other.terms(), spelling);
        const LiveConnector slower = liveOf(with(spelling, "cases") + "# slower now\n");
        BOOST_TEST(former.cursorName() == slower.cursorName(), spelling);
    }
}

/// Who installs another release does not read everything again.
BOOST_AUTO_TEST_CASE(stay_what_they_were_where_the_lines_say_all) {
    for (const char* lines : {"settings: {table: a}  # ours\n", "settings:\n  table: \"a\"\n", "settings: {}\n", ""}) {
        const LiveConnector live = liveOf("type: sql\n" + std::string(lines) + "limits: {attempts: 2}\n");
        const std::string digest = toHex(sha256("sql\n" + std::string(lines))).substr(0, 16);
        BOOST_TEST(live.cursorName() == "housing/permits/nightly#" + digest, lines);
    }
}

BOOST_AUTO_TEST_SUITE_END()

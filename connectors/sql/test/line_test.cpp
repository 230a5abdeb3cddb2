// connectors/sql/test/line_test.cpp - the line to the database: who may listen, how fast it is asked, and that a
// statement without an end ends.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/faults.hpp"
#include "connectors/sql/sql_settings.hpp"
#include "connectors/sql/test/case_settings.hpp"

using namespace caseway;
using fixture::CaseTable;
using fixture::codeOf;
using fixture::kFlag;
using fixture::open;
using fixture::PostgresDatabase;
using fixture::readPages;
using fixture::settingsFor;
using fixture::SqliteDatabase;

namespace {

/// The way to a server that nobody dials.
OdbcConnection::Way wayTo(const std::string& members) {
    const std::string json =
        R"({"driver":"PostgreSQL Unicode","table":"t","key":["id"],)" + members + "," + kFlag + "}";
    return SqlSettings::read(SettingsTree::read(json, SqlSettings::kSchema)).way({});
}
std::size_t count(const std::string& text, const std::string& part) {
    return fixture::count(text, part);
}

/// Settings of the test's server, its TLS as given.
std::string tlsSettings(const PostgresDatabase& database, const std::string& mode, const std::string& authorities,
                        const std::string& server = "127.0.0.1") {
    std::string settings = settingsFor(database, kFlag, R"(,"authorities_file":")" + authorities + "\"");
    settings.replace(settings.find(R"("SSLmode":"disable")"), 19, R"("SSLmode":")" + mode + "\"");
    settings.replace(settings.find("127.0.0.1"), 9, server);
    return settings;
}

const char* const kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 'x' AS name, '0' AS sync_flag "
    "FROM n WHERE i < 0";

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlLine)

BOOST_AUTO_TEST_CASE(another_machine_is_verified_unless_the_settings_say_otherwise) {
    const auto remote = wayTo(R"("server":"192.0.2.7")");
    BOOST_TEST(count(remote.text, "SSLmode=verify-full;") == 1U);
    BOOST_TEST(remote.exposed == "");
    for (const char* const mode : {"verify-ca", "require", "prefer", "allow", "disable"}) {
        const auto less = wayTo(R"("server":"192.0.2.7","options":{"sslMode":")" + std::string(mode) + "\"}");
        BOOST_TEST(count(less.text, "SSLmode=verify-full") == 0U);
        BOOST_TEST(less.exposed.find(mode) != std::string::npos, less.exposed);
    }
    BOOST_TEST(wayTo(R"("server":"192.0.2.7","options":{"SSLmode":"verify-full"})").exposed == "");
    for (const char* const here : {"127.0.0.1", "::1"}) {
        const auto way = wayTo(R"("server":")" + std::string(here) + "\"");
        BOOST_TEST(count(way.text, "SSLmode") == 0U);
        BOOST_TEST(way.exposed == "");
    }
}

BOOST_AUTO_TEST_CASE(a_server_is_talked_to_where_its_authority_and_name_are_right) {
    PostgresDatabase database;
    CaseTable(database).fill(1);
    const auto& server = PostgresDatabase::server();
    const auto read = [&](const std::string& settings) { return codeOf(readPages(*open(settings))); };
    BOOST_TEST(read(tlsSettings(database, "verify-full", server.authority())) == "none");
    BOOST_TEST(read(tlsSettings(database, "verify-full", server.otherAuthority())) == "certificate_not_trusted");
    BOOST_TEST(read(tlsSettings(database, "verify-full", server.authority(), "localhost")) ==
               "certificate_not_trusted");
    BOOST_TEST(read(tlsSettings(database, "verify-ca", server.authority(), "localhost")) == "none");
    BOOST_TEST(read(tlsSettings(database, "verify-full", "/nowhere/ca.pem")) == "bad_setting");
}

BOOST_AUTO_TEST_CASE(an_authority_file_lies_where_connectors_may_read) {
    PostgresDatabase database;
    CaseTable(database).fill(1);
    ConnectorSurroundings surroundings;
    surroundings.allow_folder = [](const std::string& folder) {
        throw configFault("folder_not_allowed", folder, "not in the list", "add it");
    };
    const std::string settings = tlsSettings(database, "verify-full", PostgresDatabase::server().authority());
    BOOST_TEST(codeOf(readPages(*open(settings, surroundings))) == "folder_not_allowed");
}

BOOST_AUTO_TEST_CASE(a_proxy_is_refused_by_name) {
    for (const char* const given :
         {R"("server":"192.0.2.7","proxy":{"url":"http://proxy.example:3128"})", R"("server":"192.0.2.7","proxy":{})"})
        BOOST_CHECK_EXCEPTION(wayTo(given), ConnectorFault, [](const ConnectorFault& fault) {
            return fault.parts().code == "bad_setting" && fault.parts().where == "/proxy" &&
                   fault.parts().message.find("proxy") != std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(rows_and_statements_keep_to_their_pace) {
    SqliteDatabase database;
    CaseTable(database).fill(20);
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(600);
    for (const char* const limit : {"rows_per_second", "statements_per_second"}) {
        const auto settings = [&](const std::string& pace) {
            return settingsFor(database, kFlag, R"(,"limits":{")" + std::string(limit) + "\":" + pace + "}");
        };
        BOOST_TEST(codeOf(readPages(*open(settings("1"), surroundings))) == "deadline_passed", limit);
        BOOST_TEST(codeOf(readPages(*open(settings("1000")))) == "none", limit);
    }
}

BOOST_AUTO_TEST_CASE(an_endless_view_ends_and_the_connector_goes_on) {
    SqliteDatabase database;
    database.run("CREATE TABLE short (id integer PRIMARY KEY, name text, sync_flag text)");
    database.run("INSERT INTO short VALUES (1, 'a', '0')");
    database.run(std::string("CREATE VIEW case_apply AS ") + kEndless);
    const auto read = [&](std::chrono::milliseconds deadline, const std::string& more) {
        ConnectorSurroundings surroundings;
        surroundings.deadline = deadline;
        const auto connector = open(settingsFor(database, kFlag, more), surroundings);
        // The second is not told that the first still hangs: its thread is back.
        const std::string first = codeOf(readPages(*connector)), second = codeOf(readPages(*connector));
        BOOST_TEST(first == second);
        return first;
    };
    BOOST_TEST(read(std::chrono::milliseconds(500), "") == "deadline_passed");
    BOOST_TEST(read(std::chrono::minutes(5), R"(,"query_seconds":1)") == "timed_out");
    BOOST_TEST(read(std::chrono::minutes(5), R"(,"query_seconds":1,"count":false)") == "timed_out");
    database.run("DROP VIEW case_apply");
    database.run("CREATE VIEW case_apply AS SELECT * FROM short");
    BOOST_TEST(codeOf(readPages(*open(settingsFor(database, R"("watermark":{"column":"id","overlap":0})")))) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

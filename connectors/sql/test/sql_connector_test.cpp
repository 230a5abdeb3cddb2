// connectors/sql/test/sql_connector_test.cpp - a department's table in real PostgreSQL and SQLite.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/contract_test.hpp"
#include "connectors/sdk/test/former_call.hpp"
#include "connectors/sql/test/case_settings.hpp"
#include "connectors/sql/test/silent_server.hpp"

using namespace caseway;
using namespace caseway::fixture;

/// PostgreSQL's driver forgets a few bytes of each connection; the leak sanitizer asks here.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:psqlodbc";
}

namespace {

ContractSubject subjectOf(const ConnectorType& type, const Database& database, const std::string& mode) {
    return {
        .type = type,
        .settings = settingsFor(database, mode),
        .bad_settings = {
            {"no table of that name", "{" + database.way() + R"(,"table":"no_such","key":["id"],)" + mode + "}"},
            {"a key that is no column",
             "{" + database.way() + R"(,"table":"case_apply","key":["no_such"],)" + mode + "}"},
            {"a flag that is no column", settingsFor(database, R"("flag":{"column":"no_such"})")},
            {"neither flag nor watermark", "{" + database.way() + R"(,"table":"case_apply","key":["id"]})"},
            {"an option that loads a library", settingsFor(database, mode, R"(,"options":{"LoadExt":"/tmp/x.so"})")},
            {"a server with a port",
             R"({"driver":"PostgreSQL Unicode","server":"db.example:5432","database":"d","table":"t","key":["id"],)" +
                 mode + "}"},
            {"a driver that is a path",
             R"({"driver":"/tmp/x.so","file":"/tmp/x","table":"t","key":["id"],)" + mode + "}"}}};
}

struct Nowhere final : PageSink {
    void payload(const PayloadHead&) override {}
    void bytes(std::string_view) override {}
};

struct Key {
    const char *type, *before, *behind;
};
std::ostream& operator<<(std::ostream& out, const Key& key) {
    return out << key.type;
}
const Key kKeys[] = {{"bytea", "\\x00ff0", ""},
                     {"uuid", "00000000-0000-0000-0000-00000000000", ""},
                     {"char(10)", "k", ""},
                     {"real", "0.", ""},
                     {"money", "", ".25"},
                     {"numeric", "123456789012345678901234567890.", ""},
                     {"timestamptz", "2026-01-01 00:00:00.12345", "+08"},
                     {"interval", "", " days 01:00"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(SqlConnector)

BOOST_DATA_TEST_CASE(keeps_the_contract_with_a_flag, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    const auto type = makeSqlType();
    ContractSubject subject = subjectOf(*type, *database, kFlag);
    subject.other_side = &table;
    checkContract(subject, 20);
}

BOOST_DATA_TEST_CASE(keeps_the_contract_with_a_watermark, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    const auto type = makeSqlType();
    ContractSubject subject = subjectOf(*type, *database, kWatermark);
    subject.other_side = &table;
    checkContract(subject, 20);
}

BOOST_DATA_TEST_CASE(rows_become_documents_with_their_types, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.fill(1);
    database->run("UPDATE " + table.prefix() + "case_apply SET sync_flag = NULL");
    const auto read = readPages(*open(settingsFor(*database, kFlag)));
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(*read.total == 1);
    BOOST_TEST(read.bytes.find("\"id\":1,") != std::string::npos);
    BOOST_TEST(read.bytes.find("\"name\":\"\xE8\xAE\xB8\xE5\x8F\xAF\"") != std::string::npos);
    BOOST_TEST(read.bytes.find("\"fee\":12.5") != std::string::npos);
    BOOST_TEST(read.bytes.find("\"changed\":\"2026-01-01 00:00:01\"") != std::string::npos);
    BOOST_TEST(read.bytes.find("\"sync_flag\":null") != std::string::npos);
    const auto absent =
        readPages(*open(settingsFor(*database, kFlag, R"(,"nulls":"absent","columns":["id","sync_flag"])")));
    BOOST_TEST(absent.bytes == "[{\"id\":1}]");
}

BOOST_DATA_TEST_CASE(tables_and_columns_have_the_departments_own_names, kProducts, product) {
    const auto database = make(product);
    const std::string prefix = database->timeType() == "timestamp" ? "" : "share.";
    database->run("CREATE TABLE " + prefix +
                  "\"申请\" (\"编号\" integer PRIMARY KEY, \"状态\" varchar(20), \"标志\" varchar(2))");
    if (!prefix.empty()) database->run("GRANT UPDATE (\"标志\") ON share.\"申请\" TO center");
    database->run("INSERT INTO " + prefix + "\"申请\" VALUES (7, '已受理', '0')");
    const auto connector = open("{" + database->way() +
                                R"(,"table":"申请","key":["编号"],"flag":{"column":"标志","unread":"0","done":"1"}})");
    const auto read = readPages(*connector);
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.bytes == R"([{"编号":7,"状态":"已受理","标志":"0"}])");
    connector->acknowledge(read.next);
    BOOST_TEST(database->value("SELECT \"标志\" FROM " + prefix + "\"申请\"") == "1");
}

BOOST_DATA_TEST_CASE(a_row_that_changes_between_reading_and_marking_stays_unread, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.fill(3);
    const auto connector = open(settingsFor(*database, kFlag));
    const auto read = readPages(*connector);
    BOOST_TEST(read.records == 3);
    BOOST_TEST(read.withheld == "rows whose flag is set");
    table.change();  // its flag is still 0: only its content tells
    connector->acknowledge(read.next);
    BOOST_TEST(database->value("SELECT COUNT(*) FROM " + table.prefix() + "case_apply WHERE sync_flag = '0'") == "1");
    BOOST_TEST(readPages(*connector, read.next).records == 1);
}

/// As the driver gives them and takes them back: a value that it read otherwise would find no row, or every row again.
BOOST_DATA_TEST_CASE(rows_are_found_again_by_keys_of_each_type, boost::unit_test::data::make(kKeys), key) {
    PostgresDatabase database;
    database.run(std::string("CREATE TABLE share.keyed (k ") + key.type + " PRIMARY KEY, sync_flag varchar(2))");
    database.run("GRANT UPDATE (sync_flag) ON share.keyed TO center");
    for (int i = 1; i <= 5; ++i)
        database.run("INSERT INTO share.keyed VALUES ('" + std::string(key.before) + std::to_string(i) + key.behind +
                     "')");
    const auto connector = open("{" + database.way() + R"(,"table":"keyed","key":["k"],)" + kFlag + "}");
    Cursor from;
    std::uint64_t records = 0;
    PageEnd end;
    for (int page = 0; page < 10 && !end.last; ++page, from = end.next) {
        struct Sink final : PageSink {
            void payload(const PayloadHead&) override {}
            void bytes(std::string_view) override {}
        } sink;
        end = connector->read(from, {.records = 2}, sink);
        records += end.records;
        connector->acknowledge(end.next);
    }
    BOOST_TEST(records == 5);
    BOOST_TEST(database.value("SELECT COUNT(*) FROM share.keyed WHERE sync_flag = '1'") == "5");
}

BOOST_DATA_TEST_CASE(a_missing_flag_column_is_told_with_those_there_are, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    const auto steps = open(settingsFor(*database, R"("flag":{"column":"sign_state"})"))->check();
    BOOST_TEST(!steps.back().good);
    BOOST_TEST(steps.back().detail == "column_not_found, sign_state: the table has: id, name, fee, changed, sync_flag");
}

/// Between two pages, or between a page and its marks: nobody has to wait for what does not pass by itself.
BOOST_DATA_TEST_CASE(a_table_or_column_that_goes_while_it_is_read_is_told_as_that, kProducts, product) {
    for (const bool is_table : {true, false}) {
        for (const std::string& mode : {kFlag, kWatermark}) {
            for (const bool is_marked : {false, true}) {
                if (is_marked && mode == kWatermark) continue;
                const auto database = make(product);
                CaseTable table(*database);
                table.fill(6);
                const auto connector = open(settingsFor(*database, mode));
                Nowhere sink;
                const PageEnd first = connector->read({}, {.records = 3}, sink);
                BOOST_TEST(!first.last);
                const std::string name = table.prefix() + "case_apply";
                const std::string column = mode == kFlag ? "sync_flag" : "changed";
                database->run(is_table ? "DROP TABLE " + name : "ALTER TABLE " + name + " DROP COLUMN " + column);
                std::string code = "none";
                ConnectorFaultKind kind = ConnectorFaultKind::Transient;
                try {
                    if (is_marked)
                        connector->acknowledge(first.next);
                    else
                        connector->read(first.next, {.records = 3}, sink);
                } catch (const ConnectorFault& fault) {
                    code = fault.parts().code;
                    kind = fault.kind();
                }
                BOOST_TEST(code == (is_table ? "table_not_found" : "column_not_found"), mode << is_marked);
                BOOST_TEST((kind == ConnectorFaultKind::Config));
            }
        }
    }
}

BOOST_DATA_TEST_CASE(a_key_that_two_rows_have_is_found_before_and_while_reading, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.fill(3);
    const auto connector = open("{" + database->way() + R"(,"table":"case_apply","key":["name"],)" + kFlag + "}");
    BOOST_TEST(connector->check().back().detail.starts_with("key_not_unique"));
    BOOST_TEST(codeOf(readPages(*connector)) == "key_not_unique");
    BOOST_TEST(codeOf(readPages(*connector, {}, {.records = 1})) == "key_not_unique");
    database->run("UPDATE " + table.prefix() + "case_apply SET changed = NULL");
    BOOST_TEST(open(settingsFor(*database, kWatermark))->check().back().detail.starts_with("key_missing"));
}

BOOST_DATA_TEST_CASE(names_are_quoted_and_never_run, kProducts, product) {
    const auto database = make(product);
    CaseTable table(*database);
    table.fill(2);
    database->run("CREATE TABLE " + table.prefix() +
                  R"("odd ""name'; DROP TABLE x" ("a""b" integer PRIMARY KEY, "select" varchar(9), "f" varchar(1)))");
    database->run("INSERT INTO " + table.prefix() + R"("odd ""name'; DROP TABLE x" VALUES (1, 'x'';--', '0'))");
    const auto read = readPages(
        *open("{" + database->way() + R"(,"table":"odd \"name'; DROP TABLE x","key":["a\"b"],"flag":{"column":"f"}})"));
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.bytes == R"([{"a\"b":1,"select":"x';--","f":"0"}])");
    const auto evil =
        readPages(*open(settingsFor(*database, R"("flag":{"column":"sync_flag","unread":"0' OR '1'='1"})")));
    BOOST_TEST(evil.records == 0);
}

BOOST_AUTO_TEST_CASE(rights_and_passwords_are_config_faults) {
    PostgresDatabase database;
    CaseTable table(database);
    table.fill(1);
    std::string settings = settingsFor(database, kFlag);
    settings.replace(settings.find("center;hush"), 11, "wrong");
    const auto wrong = readPages(*open(settings));
    BOOST_TEST(codeOf(wrong) == "access_refused");
    BOOST_TEST((wrong.fault->kind() == ConnectorFaultKind::Config));
    database.run("REVOKE UPDATE ON share.case_apply FROM center");
    const auto steps = open(settingsFor(database, kFlag))->check();
    BOOST_TEST(steps.back().name == "may set the flag");
    BOOST_TEST(steps.back().detail.starts_with("access_refused"));
    BOOST_TEST(open(settingsFor(database, kWatermark))->check().back().good);
    database.run("REVOKE ALL ON share.case_apply FROM center");
    const auto none = readPages(*open(settingsFor(database, kWatermark)));
    BOOST_TEST((codeOf(none) == "access_refused" || codeOf(none) == "table_not_found"), codeOf(none));
}

BOOST_AUTO_TEST_CASE(statements_have_a_time_out) {
    PostgresDatabase database;
    database.run(
        "CREATE VIEW share.case_apply AS SELECT 1 AS id, pg_sleep(20)::text AS name, '0'::varchar(1) AS sync_flag");
    const auto slow = readPages(*open(settingsFor(database, kFlag, R"(,"query_seconds":1)")));
    BOOST_TEST(codeOf(slow) == "timed_out");
    ConnectorSurroundings hurried;
    hurried.deadline = std::chrono::milliseconds(900);
    const auto late = readPages(*open(settingsFor(database, kFlag), hurried));
    BOOST_TEST((codeOf(late) == "timed_out" || codeOf(late) == "deadline_passed"), codeOf(late));
}

BOOST_AUTO_TEST_CASE(texts_that_the_database_does_not_know_to_be_gbk_are_read) {
    PostgresDatabase server;
    if (server.value("SELECT COUNT(*) FROM pg_database WHERE datname = 'old'") == "0")
        server.run("CREATE DATABASE old ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    PostgresDatabase database("PostgreSQL ANSI", "old");
    database.run("DROP SCHEMA IF EXISTS share CASCADE");
    database.run("CREATE SCHEMA share");
    database.run("GRANT USAGE ON SCHEMA share TO center");
    database.run("CREATE TABLE share.case_apply (id varchar(20) PRIMARY KEY, name varchar(20), sync_flag varchar(1))");
    database.run("GRANT SELECT, UPDATE ON share.case_apply TO center");
    database.run("INSERT INTO share.case_apply VALUES (E'\\xD0\\xED1', E'\\xC1\\x91\\xD0\\xED', '0')");
    const auto unknowing = readPages(*open(settingsFor(PostgresDatabase("PostgreSQL Unicode", "old"), kFlag)));
    BOOST_TEST_REQUIRE(codeOf(unknowing) == "statement_refused");
    BOOST_TEST(unknowing.fault->parts().next_step.find("text_encoding") != std::string::npos);
    const auto connector = open(settingsFor(database, kFlag, R"(,"text_encoding":"gbk")"));
    const auto read = readPages(*connector);
    BOOST_TEST(codeOf(read) == "none");
    BOOST_TEST(read.bytes.find("\"id\":\"\xE8\xAE\xB8"
                               "1\"") != std::string::npos);
    connector->acknowledge(read.next);
    BOOST_TEST(database.value("SELECT sync_flag FROM share.case_apply") == "1");
    database.run("UPDATE share.case_apply SET name = E'\\xFF\\xFF', sync_flag = '0'");
    const auto broken = readPages(*connector);
    BOOST_TEST(codeOf(broken) == "none");
    BOOST_TEST(broken.bytes.find("text_not_readable: column `name` has a text that is not in GB18030") !=
               std::string::npos);
    connector->acknowledge(broken.next);  // refused rows are marked as the others are
    BOOST_TEST(database.value("SELECT sync_flag FROM share.case_apply") == "1");
}

BOOST_AUTO_TEST_CASE(the_destination_is_asked_for) {
    PostgresDatabase database;
    CaseTable table(database);
    ConnectorSurroundings closed;
    closed.allow_destination = [](const std::string& host, const std::string& address, std::uint16_t) {
        throw ConnectorFault(ConnectorFaultKind::Config,
                             {"destination_not_allowed", host + " " + address, "no", "ask", {}});
    };
    closed.allow_folder = [](const std::string& folder) {
        throw ConnectorFault(ConnectorFaultKind::Config, {"folder_not_allowed", folder, "no", "ask", {}});
    };
    BOOST_TEST(codeOf(readPages(*open(settingsFor(database, kFlag), closed))) == "destination_not_allowed");
    SqliteDatabase file;
    CaseTable other(file);
    BOOST_TEST(codeOf(readPages(*open(settingsFor(file, kFlag), closed))) == "folder_not_allowed");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_gone_is_a_transient_fault_and_comes_back) {
    PostgresDatabase database;
    CaseTable table(database);
    table.fill(2);
    const auto connector = open(settingsFor(database, kFlag));
    BOOST_TEST(readPages(*connector).records == 2);
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'center'");
    const auto broken = readPages(*connector);
    BOOST_REQUIRE(broken.fault.has_value());
    BOOST_TEST((broken.fault->kind() == ConnectorFaultKind::Transient), broken.fault->what());
    BOOST_TEST(readPages(*connector).records == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_takes_the_connection_and_says_nothing_is_cut_off_and_holds_no_run) {
    fixture::SilentServer server;
    ConnectorSurroundings surroundings;
    surroundings.deadline = std::chrono::milliseconds(100);
    const auto type = makeSqlType();
    const auto opened = [&] {
        return type->open(
            R"({"driver":"PostgreSQL Unicode","server":"127.0.0.1","port":)" + std::to_string(server.port()) +
                R"(,"database":"d","user":"u","table":"t","key":["id"],"login_seconds":300,)" + kFlag + "}",
            surroundings);
    };
    struct NoSink final : PageSink {
        void payload(const PayloadHead&) override {}
        void bytes(std::string_view) override {}
    } sink;
    const auto faultOfRead = [&](Connector& connector) -> std::string {
        try {
            connector.read({}, {}, sink);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code + ": " + fault.parts().message;
        }
        return "none";
    };
    const auto connector = opened();
    BOOST_TEST(faultOfRead(*connector).starts_with("other_side_hangs: no answer"));
    BOOST_TEST(server.connections() == 1U);
    // The call ends now that its connection is cut, and the next run begins another.
    const std::string next = fixture::saidAfterFormerCall([&] { return faultOfRead(*opened()); });
    BOOST_TEST(next.starts_with("other_side_hangs: no answer"), next);
    BOOST_TEST(server.connections() == 2U);
    server.hangUp();
    const std::string after = fixture::saidAfterFormerCall([&] { return faultOfRead(*connector); });
    BOOST_TEST(after.starts_with("database_"), after);
}

BOOST_AUTO_TEST_SUITE_END()

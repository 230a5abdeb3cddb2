// connectors/thrift/test/contract_test.cpp - the promises of the port against the example server, as it is shipped:
// Python, Apache Thrift, TLS with a client certificate.
#include "connectors/sdk/contract_test.hpp"

#include <sqlite3.h>

#include <csignal>
#include <memory>

#include "connectors/sdk/settings_tree.hpp"
#include "connectors/sdk/test/sample_settings.hpp"
#include "connectors/thrift/test/remote_server.hpp"
#include "connectors/thrift/thrift_type.hpp"

using namespace caseway;
using fixture::RemoteServer;

namespace {

/// The department's table of permits; a record is a row.
class PermitTable final : public OtherSide {
public:
    explicit PermitTable(const std::string& path) {
        sqlite3* opened = nullptr;
        const int code = sqlite3_open(path.c_str(), &opened);
        database_.reset(opened);
        if (code != SQLITE_OK) throw std::runtime_error("no database");
        sqlite3_busy_timeout(opened, 10'000);
        run("CREATE TABLE IF NOT EXISTS permit(seq INTEGER PRIMARY KEY AUTOINCREMENT, no TEXT UNIQUE, office TEXT, "
            "title TEXT)");
        run("CREATE TABLE IF NOT EXISTS decision(key TEXT PRIMARY KEY, body BLOB)");
    }
    void fill(std::size_t records) override {
        run("DELETE FROM permit");
        for (std::size_t i = 0; i < records; ++i) add();
    }
    void add() override { put("FJ-" + std::to_string(++number_), "施工许可"); }
    bool change() override {
        put("FJ-" + std::to_string(number_), "施工许可 " + std::to_string(++changes_));
        return true;
    }
    bool removeUnread() override {
        run("DELETE FROM permit WHERE seq = (SELECT max(seq) FROM permit)");
        return true;
    }
    std::string state() override {
        return run("SELECT seq || no || title FROM permit ORDER BY seq") + "/" +
               run("SELECT key || body FROM decision ORDER BY key");
    }
    std::string run(const std::string& sql) {
        std::string rows;
        const auto take = [](void* all, int, char** values, char**) {
            static_cast<std::string*>(all)->append(values[0]).append(";");
            return 0;
        };
        if (sqlite3_exec(database_.get(), sql.c_str(), take, &rows, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database_.get()));
        return rows;
    }

private:
    struct Closer {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    void put(const std::string& no, const std::string& title) {
        run("INSERT OR REPLACE INTO permit(no, office, title) VALUES ('" + no + "', 'north', '" + title + "')");
    }
    std::unique_ptr<sqlite3, Closer> database_;
    int number_ = 0;
    int changes_ = 0;
};

struct Fixture {
    Fixture() { std::signal(SIGPIPE, SIG_IGN); }  // as the gateway does
    RemoteServer& server = RemoteServer::shared();
    std::unique_ptr<ConnectorType> type = makeThriftType();
    PermitTable table{server.path("permits.db")};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ThriftContract, Fixture)

BOOST_AUTO_TEST_CASE(is_kept_by_the_example) {
    checkContract(
        {.type = *type,
         .settings = server.settings("permits"),
         .bad_settings = {{"no host", R"({"port":1})"},
                          {"a host with a path", R"({"host":"x/y","port":1})"},
                          {"a certificate without its key", R"({"host":"x","port":1,"tls":{"certificate":"x"}})"},
                          {"a pin of no form", R"({"host":"x","port":1,"tls":{"public_keys":["sha256//abc"]}})"},
                          {"a secret that is a setting, too",
                           R"({"host":"x","port":1,"remote":{"a":"x"},"remote_secrets":{"a":"x"}})"},
                          {"an authority that is none", R"({"host":"127.0.0.1","port":1,"tls":{"authorities":"x"}})"},
                          {"an office that is none", server.settings("permits", R"(,"remote":{"office":7})")}},
         .other_side = &table,
         .items = {{"2026-0001", "<a/>"}, {"案件/../1", std::string(100'000, 'b')}}},
        23);
}

BOOST_AUTO_TEST_CASE(what_is_written_arrives_in_batches_that_fit_a_frame) {
    std::vector<OutgoingItem> items{{"large", std::string(17'000'000, 'a')}};
    for (int i = 0; i < 5; ++i) items.push_back({"m" + std::to_string(i), std::string(5'000'000, 'm')});
    for (int i = 0; i < 2500; ++i) items.push_back({"s" + std::to_string(i), "s"});
    const auto connector = type->open(server.settings("permits"), {});
    const std::vector<WriteAnswer> answers = connector->write(items);
    BOOST_TEST_REQUIRE(answers.size() == items.size());
    BOOST_TEST((answers[0].outcome == WriteOutcome::Refused));
    BOOST_TEST(answers[0].reason.find("16 MB") != std::string::npos);
    for (std::size_t i = 1; i < answers.size(); ++i)
        BOOST_TEST((answers[i].outcome == WriteOutcome::Written), items[i].key << ": " << answers[i].reason);
    BOOST_TEST(table.run("SELECT count(*) FROM decision WHERE length(body) = 5000000 OR key LIKE 's%'") == "2505;");
    BOOST_TEST((connector->write({items[1]}).front().outcome == WriteOutcome::Same));
}

BOOST_AUTO_TEST_CASE(the_sample_fits_the_schema) {
    BOOST_CHECK_NO_THROW(SettingsTree::read(fixture::sampleSettings("thrift"), type->spec().settings_schema));
}

BOOST_AUTO_TEST_SUITE_END()

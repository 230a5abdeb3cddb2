// connectors/csv_python/test/csv_test.cpp - the plug-in in Python, run by the host as the gateway runs it.
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/contract_test.hpp"
#include "tests/support/plugin_fixture.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// The department's folder: a record is a row, `fill` makes files of three.
class CsvSide final : public OtherSide {
public:
    explicit CsvSide(fs::path folder) : folder_(std::move(folder)) {}
    void fill(std::size_t records) override {
        for (const auto& entry : fs::directory_iterator(folder_)) fs::remove_all(entry);
        for (std::size_t made = 0; made < records;) {
            std::string csv = "case_no,title\n";
            for (int row = 0; row < 3 && made < records; ++row, ++made) csv += line();
            put(csv);
        }
    }
    void add() override { put("case_no,title\n" + line()); }
    std::string state() override {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(folder_))
            all += entry.path().string() + " " +
                   (entry.is_regular_file() ? std::to_string(entry.file_size()) : std::string()) + "\n";
        return all;
    }

private:
    std::string line() { return "FJ-" + std::to_string(++number_) + ",施工许可\n"; }
    void put(const std::string& csv) {
        const fs::path file = folder_ / ("export-" + std::to_string(++files_) + ".csv");
        PluginInstallation::write(file, csv);
        // in the order of their making, whatever the clock's grain
        fs::last_write_time(file,
                            fs::file_time_type::clock::now() - std::chrono::hours(1) + std::chrono::seconds(files_));
    }
    fs::path folder_;
    int number_ = 0;
    int files_ = 0;
};

struct Fixture {
    Fixture() {
        installation.install(PluginInstallation::built("csv_python"));
        host = std::make_unique<PluginHost>(installation.settings);
        BOOST_REQUIRE_EQUAL(host->types().size(), 1U);
    }
    std::string settings(const std::string& more = "") {
        return R"({"folder":")" + folder.string() + R"(","settle_seconds":0)" + more + "}";
    }
    ConnectorSurroundings surroundings() const {
        ConnectorSurroundings given;
        given.allow_folder = [this](const std::string& named) {
            if (!named.starts_with(folder.string()))
                throw ConnectorFault(ConnectorFaultKind::Config, {"folder_not_allowed", named, "not open", "open it"});
        };
        return given;
    }
    std::unique_ptr<Connector> open(const std::string& more = "") {
        return host->types().front()->open(settings(more), surroundings());
    }
    PluginInstallation installation;
    fs::path folder = installation.exchangeFolder();
    std::unique_ptr<PluginHost> host;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CsvPython, Fixture)

BOOST_AUTO_TEST_CASE(keeps_the_contract) {
    CsvSide side(folder);
    ContractSubject subject{*host->types().front(), settings()};
    subject.bad_settings = {{"no folder", "{}"},
                            {"a folder that is not there", R"({"folder":")" + (folder / "none").string() + R"("})"},
                            {"a folder that is not open", R"({"folder":"/etc"})"}};
    subject.surroundings = surroundings();
    subject.other_side = &side;
    checkContract(subject, 8);
}

BOOST_AUTO_TEST_CASE(reads_gbk_with_a_quoted_line_break) {
    // 办件 in GBK; the last character of the file needs four bytes of GB 18030
    PluginInstallation::write(folder / "gbk.csv", "\xb0\xec\xbc\xfe,title\nFJ-1,\"a\r\nb\"\nFJ-2,\x95\x32\x82\x36\n");
    KeptPage page;
    const PageEnd end = open()->read("", {}, page);
    BOOST_TEST(end.last);
    BOOST_REQUIRE_EQUAL(page.payloads.size(), 1U);
    BOOST_TEST(
        page.payloads[0].second ==
        R"({"file": "gbk.csv", "records": [{"办件": "FJ-1", "title": "a\r\nb"}, {"办件": "FJ-2", "title": "𠀀"}]})");
}

BOOST_AUTO_TEST_CASE(says_which_file_has_no_encoding) {
    PluginInstallation::write(folder / "broken.csv", "a,b\n1,\xff\xff\n");
    KeptPage page;
    try {
        open()->read("", {}, page);
        BOOST_ERROR("taken");
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().code == "plugin_csv_encoding");
        BOOST_TEST(fault.parts().where == "broken.csv");
        BOOST_TEST((fault.kind() == ConnectorFaultKind::Config));
    }
}

BOOST_AUTO_TEST_CASE(loses_no_column_to_another_of_its_name) {
    PluginInstallation::write(folder / "twice.csv", "no,name,name\n1,a,b\n");
    KeptPage page;
    try {
        open()->read("", {}, page);
        BOOST_ERROR("taken");
    } catch (const ConnectorFault& fault) {
        BOOST_TEST(fault.parts().code == "plugin_csv_malformed");
        BOOST_TEST(std::string(fault.what()).find("two columns of one name: name") != std::string::npos, fault.what());
    }
}

BOOST_AUTO_TEST_CASE(one_bad_file_holds_up_no_other_and_is_told_at_last) {
    std::string row, columns = "a";  // one of five megabytes; a word more than the columns that there may be
    for (int field = 0; field < 1'300'000; ++field) row += "\"\n\",";
    for (int name = 0; name < 10'000; ++name) columns += "," + std::to_string(name);
    const std::pair<const char*, std::string> kBad[] = {
        {"plugin_csv_encoding", "a,b\n1,\xff\xff\n"},
        {"plugin_csv_malformed", "a,b\n\"1\"x,2\n"},
        {"plugin_csv_malformed", "a,b\n" + row + "\n"},
        {"plugin_csv_malformed", row + "\n1\n"},
        {"plugin_csv_malformed", columns + "\n1\n"},
        {"plugin_csv_malformed", "\"a" + std::string(700'000, 'x') + "\n" + std::string(700'000, 'x') + "\n"},
        {"plugin_csv_not_readable", "a\n1\n"}};
    for (const auto& [code, text] : kBad) {
        const fs::path bad = folder / "a-bad.csv", good = folder / "b-good.csv";
        PluginInstallation::write(bad, text);
        PluginInstallation::write(good, "a\n2\n");
        fs::last_write_time(bad, fs::last_write_time(good) - std::chrono::minutes(1));
        if (std::string(code).ends_with("readable")) fs::permissions(bad, fs::perms::none);
        const auto connector = open();
        KeptPage page;
        const PageEnd end = connector->read("", {}, page);
        BOOST_TEST(end.records == 1U, code);
        BOOST_TEST(!end.last, code);
        try {
            KeptPage none;
            connector->read(end.next, {}, none);
            BOOST_ERROR(code << " was not told");
        } catch (const ConnectorFault& fault) {
            BOOST_TEST(fault.parts().code == code);
            BOOST_TEST(fault.parts().where == "a-bad.csv");
        }
        fs::remove(bad);
        KeptPage last;
        BOOST_TEST(connector->read(end.next, {}, last).last, code);
    }
}

BOOST_AUTO_TEST_CASE(a_bad_file_that_was_mended_is_read_beside_one_that_was_not) {
    const std::string broken = "a,b\n\"1\"x,2\n";
    const auto put = [this](const char* name, const std::string& text, int minutes_ago) {
        PluginInstallation::write(folder / name, text);
        fs::last_write_time(folder / name, fs::file_time_type::clock::now() - std::chrono::minutes(minutes_ago));
    };
    put("a.csv", broken, 30);
    put("b.csv", broken, 20);
    put("c.csv", "a,b\n1,2\n", 10);
    const auto connector = open();
    KeptPage page;
    const PageEnd end = connector->read("", {}, page);
    BOOST_TEST(end.records == 1U);
    const auto told = [&](const std::string& cursor) {
        try {
            KeptPage none;
            connector->read(cursor, {}, none);
            return std::string("read");
        } catch (const ConnectorFault& fault) {
            return fault.parts().where + ": " + fault.parts().message;
        }
    };
    const std::string both = told(end.next);
    BOOST_TEST(both.starts_with("a.csv: "), both);
    BOOST_TEST(both.ends_with("; not read either: b.csv"), both);
    put("b.csv", "a,b\n3,4\n5,6\n", 5);
    KeptPage mended;
    const PageEnd after = connector->read(end.next, {}, mended);
    BOOST_TEST(after.records == 2U);
    BOOST_TEST(told(after.next).starts_with("a.csv: "));
    BOOST_TEST(told(after.next).find("b.csv") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(leaves_a_file_alone_that_is_still_written) {
    PluginInstallation::write(folder / "new.csv", "a\n1\n");
    KeptPage page;
    const auto connector =
        host->types().front()->open(R"({"folder":")" + folder.string() + R"(","settle_seconds":3600})", surroundings());
    BOOST_TEST(connector->read("", {}, page).records == 0U);
}

BOOST_AUTO_TEST_CASE(a_large_page_comes_in_parts) {
    std::string csv = "a\n";
    for (int row = 0; row < 40; ++row) csv += std::string(500'000, static_cast<char>('a' + row % 26)) + "\n";
    PluginInstallation::write(folder / "large.csv", csv);
    KeptPage page;
    const PageEnd end = open()->read("", {1000, 1U << 30}, page);
    BOOST_TEST(end.records == 40U);
    BOOST_TEST(page.payloads.size() == 1U);
    BOOST_TEST(page.payloads.at(0).second.size() > 20'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()

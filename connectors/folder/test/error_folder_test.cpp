// connectors/folder/test/error_folder_test.cpp - what goes to the error folder, and the reason beside it.
#include <boost/test/unit_test.hpp>

#include "connectors/folder/test/folder_fixture.hpp"

using namespace caseway;
using fixture::Folder;
using fixture::Names;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(FolderOfErrors, Folder)

BOOST_AUTO_TEST_CASE(what_goes_to_the_error_folder_is_told_once_behind_all_others) {
    const std::string settings = R"(,"max_file_bytes":100,"error":")" + (department.folder / "error") + R"(")";
    Cursor cursor;
    const auto run = [&] {  // as a run does: each page is acknowledged before the next is read
        const auto connector = open(settings);
        fixture::TextSink sink;
        PageEnd end;
        for (int page = 0; page < 5 && !end.last; ++page) {
            const Cursor from = cursor;
            try {
                end = connector->read(from, {}, sink);
            } catch (const ConnectorFault& fault) {
                return std::to_string(sink.files.size()) + " " + fault.parts().code;
            }
            if (!end.last && end.next == from) return std::string("stuck");
            connector->acknowledge(cursor = end.next);
        }
        return std::to_string(sink.files.size()) + (end.last ? " done" : " without end");
    };
    department.put("large.xml", std::string(200, 'x'));
    BOOST_TEST(run() == "0 file_refused");
    BOOST_TEST(run() == "0 done");
    department.put("large.xml", std::string(300, 'x'));
    department.put("a.xml", "<a/>");
    BOOST_TEST(run() == "1 file_refused");
    BOOST_TEST(department.names("error").size() == 4U);  // each of the two with its reason
    department.put("b.xml", "<b/>");
    BOOST_TEST(run() == "1 done");
    BOOST_TEST(department.names("out").empty());
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_error_folder_is_told_by_each_pass_until_somebody_takes_it_away) {
    const std::string settings =
        R"(,"marker":"{name}.ok","max_file_bytes":100,"error":")" + (department.folder / "error") + R"(")";
    Cursor cursor;
    const auto told = [&] {  // a run whose pages are acknowledged; how many files its end tells
        const auto connector = open(settings);
        fixture::TextSink sink;
        PageEnd end;
        try {
            for (; !end.last; connector->acknowledge(cursor))
                end = connector->read(cursor, {}, sink), cursor = end.next;
        } catch (const ConnectorFault& fault) {
            return fault.parts().code;
        }
        return std::to_string(end.aside.value_or(WaitingFiles{}).count);
    };
    const auto put = [&](const std::string& name, std::size_t bytes) {
        department.put(name, std::string(bytes, 'x'));
        department.put(name + ".ok", "");
    };
    BOOST_TEST(told() == "0");
    put("large.xml", 200);
    BOOST_TEST(told() == "file_refused");
    put("large.xml", 300);  // its name is taken there
    BOOST_TEST(told() == "file_refused");
    put("a.xml", 10);
    BOOST_TEST(told() == "2");  // neither reasons nor markers
    BOOST_TEST(told() == "2");
    const auto before = std::chrono::system_clock::now() - std::chrono::hours(1);
    BOOST_TEST((open(settings)->read({}, {}, *std::make_unique<fixture::TextSink>()).aside.value().since > before));
    for (const std::string& name : department.names("error"))
        if (name.starts_with("large.xml.2")) fs::remove(department.folder / ("error/" + name));
    BOOST_TEST(told() == "1");
    fs::remove(department.folder / "error/large.xml");
    BOOST_TEST(told() == "0");  // what is left are reasons
}

BOOST_AUTO_TEST_CASE(each_file_in_the_error_folder_has_a_reason_of_its_own_under_its_number) {
    const auto second = std::chrono::system_clock::now() + std::chrono::hours(1);  // for all files
    const FolderType in_one_second([second] { return second; });
    const auto putAside = [&](std::size_t bytes) {
        department.put("x.xml", std::string(bytes, 'x'));
        const auto connector =
            in_one_second.open(department.settings(R"(,"min_age_seconds":0,"max_file_bytes":100,"error":")" +
                                                   (department.folder / "error") + R"(")"),
                               {});
        fixture::TextSink sink;
        connector->acknowledge(connector->read("", {}, sink).next);
    };
    for (std::size_t bytes = 200; bytes < 204; ++bytes) putAside(bytes);
    const auto error = [&](const std::string& name) { return std::string(department.folder / "error/") + name; };
    const auto pairs = [&] {  // sizes of the files that have a reason under their number, which tells that size
        std::string sizes;
        for (const std::string& name : department.names("error")) {
            if (name.find(".reason.txt") != std::string::npos) continue;
            const std::string size = std::to_string(fs::file_size(error(name)));
            const std::string reason = error("x.xml.reason.txt" + name.substr(5));
            if (fixture::contentOf(reason).find(size) != std::string::npos) sizes += size + " ";
        }
        return sizes;
    };
    BOOST_TEST(pairs() == "200 201 202 203 ");
    BOOST_TEST(department.names("error").size() == 8U);

    fs::remove(error("x.xml"));  // its reason was left there
    putAside(204);
    BOOST_TEST(pairs().find("204") != std::string::npos, pairs());
    for (const std::string& name : department.names("error")) fs::remove(error(name));
    putAside(205);
    fs::remove(error("x.xml"));  // as a crash before the move, and the same again
    putAside(205);
    BOOST_TEST(department.names("error") == (Names{"x.xml", "x.xml.reason.txt"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

// connectors/folder/test/writing_test.cpp - items as files: whole under their names, marker last, again the same.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "connectors/folder/folder.hpp"
#include "connectors/sdk/test/exchange_department.hpp"

using namespace caseway;
using Names = std::vector<std::string>;

namespace {

struct Folder {
    fixture::ExchangeDepartment department;
    FolderType type;
    std::unique_ptr<Connector> connector = type.open(department.settings(R"(,"out_marker":"{stem}.done")"), {});
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(FolderWriting, Folder)

BOOST_AUTO_TEST_CASE(an_item_is_a_file_and_its_marker) {
    BOOST_TEST((connector->write({{"2026-1", "<a/>"}}).at(0).outcome == WriteOutcome::Written));
    BOOST_TEST(department.names("in") == (Names{"2026-1.done", "2026-1.xml"}), boost::test_tools::per_element());
    BOOST_TEST(fixture::contentOf(department.folder / "in/2026-1.xml") == "<a/>");
}

BOOST_AUTO_TEST_CASE(the_departments_group_may_read_it_whatever_the_umask_of_the_service) {
    const mode_t former = ::umask(077);
    connector->write({{"2026-1", "<a/>"}});
    ::umask(former);
    for (const char* name : {"in/2026-1.xml", "in/2026-1.done"}) {
        struct stat facts {};
        BOOST_REQUIRE(::stat((department.folder / name).c_str(), &facts) == 0);
        BOOST_TEST((facts.st_mode & 0777) == 0640U, name);
    }
}

BOOST_AUTO_TEST_CASE(a_marker_that_a_crash_left_out_is_made_when_the_item_comes_again) {
    connector->write({{"2026-1", "<a/>"}});
    std::filesystem::remove(department.folder / "in/2026-1.done");
    std::ofstream(department.folder / "in/.2026-1.xml.part") << "<half";
    BOOST_TEST((connector->write({{"2026-1", "<a/>"}}).at(0).outcome == WriteOutcome::Same));
    BOOST_TEST(std::filesystem::exists(department.folder / "in/2026-1.done"));
}

BOOST_AUTO_TEST_CASE(a_half_written_file_of_a_crash_is_begun_again) {
    std::ofstream(department.folder / "in/.2026-1.xml.part") << "<half";
    BOOST_TEST((connector->write({{"2026-1", "<a/>"}}).at(0).outcome == WriteOutcome::Written));
    BOOST_TEST(department.names("in") == (Names{"2026-1.done", "2026-1.xml"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_content_under_one_key_is_refused_and_nothing_overwritten) {
    connector->write({{"2026-1", "<a/>"}});
    const std::vector<WriteAnswer> answers = connector->write({{"2026-1", "<b/>"}, {"2026-2", "<c/>"}});
    BOOST_TEST((answers.at(0).outcome == WriteOutcome::Refused));
    BOOST_TEST(!answers.at(0).reason.empty());
    BOOST_TEST((answers.at(1).outcome == WriteOutcome::Written));
    BOOST_TEST(fixture::contentOf(department.folder / "in/2026-1.xml") == "<a/>");
}

BOOST_AUTO_TEST_CASE(a_key_leads_to_no_other_folder) {
    connector->write({{"../../escape", "<a/>"}, {"..", "<b/>"}, {"/etc/x", "<c/>"}, {"", "<d/>"}});
    BOOST_TEST(department.names("in").size() == 8U);
    for (const std::string& name : department.names("in")) BOOST_TEST(name.find("..") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_link_that_took_the_name_is_not_written_through) {
    department.put("target", "untouched");
    std::filesystem::create_symlink(department.folder / "out/target", department.folder / "in/2026-1.xml");
    BOOST_TEST((connector->write({{"2026-1", "<a/>"}}).at(0).outcome == WriteOutcome::Refused));
    BOOST_TEST(fixture::contentOf(department.folder / "out/target") == "untouched");
}

BOOST_AUTO_TEST_SUITE_END()

// tests/unit/daemon/folder_rights_test.cpp - a data folder that was copied, unpacked or touched as root.
#include "gateway/daemon/folder_rights.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "gateway/base/fault.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fixture::TemporaryFolder folder;
    Settings settings;

    Folder() {
        settings.data = fs::path(folder.path()) / "data";
        for (const char* name : {"keys", "tls", "systems/housing"}) fs::create_directories(settings.data / name);
        for (const char* name : {"keys/log.key", "keys/ca.key", "tls/server.key", "systems/housing/department.yaml"}) {
            std::ofstream(settings.data / name) << "x";
            mode(name, 0600);
        }
        mode("", 0700);
    }
    void mode(const char* name, ::mode_t mode) const {
        BOOST_REQUIRE(::chmod((settings.data / name).c_str(), mode) == 0);
    }
    /// The findings' first words, of their paths the last part.
    std::string found() const {
        std::string all;
        for (const RightsFinding& one : rightsFindings(settings)) {
            BOOST_TEST(!one.next_step.empty());
            all += one.what.substr(one.what.rfind(": ") + 2) + (one.is_bad ? "! " : " ");
        }
        return all;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(FolderRights)

BOOST_AUTO_TEST_CASE(are_good_as_they_were_made) {
    BOOST_TEST(Folder().found() == "");
}

BOOST_AUTO_TEST_CASE(tell_which_keys_others_can_read) {
    for (const char* key : {"keys/log.key", "keys/ca.key", "tls/server.key"}) {
        Folder folder;
        folder.mode(key, 0640);
        BOOST_TEST(folder.found() == "others can read this key! ", key);
    }
}

BOOST_AUTO_TEST_CASE(tell_where_others_can_write_or_enter) {
    Folder folder;
    folder.mode("systems/housing", 0777);
    folder.mode("systems/housing/department.yaml", 0666);
    BOOST_TEST(folder.found() == "others can write there! ");
    folder.mode("", 0755);
    BOOST_TEST(folder.found() == "others can enter it others can write there! ");
    folder.mode("", 0777);
    BOOST_TEST(folder.found() == "others can enter it! others can write there! ");
}

BOOST_AUTO_TEST_CASE(tell_what_is_of_another_owner_and_write_nothing_where_all_is) {
    Folder folder;
    BOOST_CHECK_NO_THROW(requireOwnFolder(folder.settings));
    if (::geteuid() != 0) return;  // only root can give files away
    const fs::path& data = folder.settings.data;
    BOOST_REQUIRE(::chown((data / "systems/housing/department.yaml").c_str(), 12345, 12345) == 0);
    BOOST_TEST(folder.found().find("whose the data folder is") != std::string::npos, folder.found());
    BOOST_CHECK_NO_THROW(requireOwnFolder(folder.settings));
    BOOST_REQUIRE(::chown(data.c_str(), 12345, 12345) == 0);
    BOOST_CHECK_THROW(requireOwnFolder(folder.settings), Fault);
}

BOOST_AUTO_TEST_SUITE_END()

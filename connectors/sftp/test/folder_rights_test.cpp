// connectors/sftp/test/folder_rights_test.cpp - what rights say of moving files, told before a night's run finds out.
#include "connectors/sftp/folder_rights.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace caseway {
namespace {

constexpr std::uint32_t kOwner = SSH_FILEXFER_ATTR_UIDGID;
constexpr std::uint32_t kRights = SSH_FILEXFER_ATTR_PERMISSIONS;

struct Rule {
    const char* name;
    std::uint32_t flags, permissions, uid;
    const char* user;
    const char* doubt;
};
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
    return out << rule.name;
}

const Rule kRules[] = {
    {"ours, by all that is known", kOwner | kRights, 040755, 1001, "center", ""},
    {"open to its group", kOwner | kRights, 040775, 0, "center", ""},
    {"open to all", kOwner | kRights, 041777, 0, "center", ""},
    {"open to nobody", kOwner | kRights, 040555, 1001, "center", "nobody may change it"},
    {"root's own", kOwner | kRights, 040755, 0, "center", "only root may change it"},
    {"root's own, and we are root", kOwner | kRights, 040755, 0, "root", ""},
    {"another's than the files", kOwner | kRights, 040755, 1002, "center",
     "it is user 1002's, the folder that is read is user 1001's"},
    {"a server that tells no owner", kRights, 040755, 0, "center", ""},
    {"a server that tells no rights", kOwner, 0, 0, "center", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(FolderRights)

BOOST_DATA_TEST_CASE(say_whether_files_can_be_moved, kRules, rule) {
    sftp_attributes_struct folder{};
    folder.flags = rule.flags;
    folder.permissions = rule.permissions;
    folder.uid = rule.uid;
    BOOST_TEST(doubtOf(folder, rule.user, 1001) == rule.doubt);
}

BOOST_AUTO_TEST_CASE(say_whether_others_files_move_out_where_our_own_do) {
    const auto doubt = [](std::uint32_t flags, std::uint32_t permissions, std::uint32_t of_folder, std::uint32_t ours) {
        sftp_attributes_struct folder{}, own{};
        folder.flags = own.flags = flags;
        folder.permissions = permissions;
        folder.uid = of_folder;
        own.uid = ours;
        return doubtOfOthers(folder, own);
    };
    BOOST_TEST(doubt(kOwner | kRights, 041777, 0, 1001) ==
               "it is sticky and user 0's: only files of user 1001, who we are, can be moved out of it");
    BOOST_TEST(doubt(kOwner | kRights, 040777, 0, 1001) == "");
    BOOST_TEST(doubt(kOwner | kRights, 041777, 1001, 1001) == "");
    BOOST_TEST(doubt(kOwner | kRights, 041777, 1001, 0) == "");
    BOOST_TEST(doubt(kOwner, 041777, 0, 1001) == "");
    BOOST_TEST(doubt(kRights, 041777, 0, 1001) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace caseway

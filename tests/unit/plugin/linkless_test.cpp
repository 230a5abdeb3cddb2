// tests/unit/plugin/linkless_test.cpp - a folder that was checked and became a link is not opened to a plug-in.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "gateway/adapters/plugin/confinement.hpp"
#include "gateway/adapters/plugin/linkless_open.hpp"
#include "gateway/ports/connector.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
namespace fs = std::filesystem;

namespace {

struct Folders {
    fixture::TemporaryFolder top;
    fs::path root = fs::canonical(top.path());
    fs::path out = root / "share" / "housing" / "out", secret = root / "secret" / "out";
    Folders() {
        fs::create_directories(out);
        fs::create_directories(secret);
    }
    /// As a department does that may write in `share`.
    void swap() {
        fs::rename(root / "share" / "housing", root / "share" / "was");
        fs::create_directory_symlink(root / "secret", root / "share" / "housing");
    }
    std::string codeOf(const ConfinementPlan& plan) {
        try {
            Confinement confinement(plan);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code;
        }
        return "";
    }
};

bool isSame(int opened, const fs::path& path) {
    struct stat one {};
    struct stat other {};
    const bool same = opened >= 0 && ::fstat(opened, &one) == 0 && ::stat(path.c_str(), &other) == 0 &&
                      one.st_ino == other.st_ino && one.st_dev == other.st_dev;
    if (opened >= 0) ::close(opened);
    return same;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PluginLinks, Folders)

BOOST_AUTO_TEST_CASE(both_ways_open_the_folder_and_no_link) {
    for (const auto open : {&openWithoutLinks, &openByParts}) {
        BOOST_TEST(isSame(open(out), out));
        BOOST_TEST(isSame(open("/"), "/"));
        BOOST_TEST(open(root / "nothing") == -1);
        BOOST_TEST(errno == ENOENT);
        fs::create_directory_symlink(out, root / "link");
        for (const char* const through : {"link", "link/x", "link/.."}) {
            BOOST_TEST(open(root / through) == -1, through);
            BOOST_TEST((errno == ELOOP || errno == ENOTDIR), through);
        }
        fs::remove(root / "link");
    }
}

BOOST_AUTO_TEST_CASE(a_folder_that_became_a_link_is_open_to_no_plugin) {
    if (kernelProtections().landlock_abi == 0) return;  // then nothing is opened by rules
    BOOST_TEST(codeOf({root, {out}, false}) == "");
    swap();
    BOOST_TEST(codeOf({root, {out}, false}) == "connector_folder_missing");
    BOOST_TEST(codeOf({out, {}, false}) == "connector_folder_unsafe");
}

BOOST_AUTO_TEST_SUITE_END()

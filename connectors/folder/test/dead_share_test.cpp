// connectors/folder/test/dead_share_test.cpp - a folder on a network share whose server is gone: whoever looks at it
// waits for ever, and the connector's caller does not.
#include <future>

#include "connectors/folder/test/folder_fixture.hpp"
#include "connectors/sdk/test/former_call.hpp"
#include "tests/support/dead_mount.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

struct DeadFolder {
    DeadMount dead;
    FolderType type{};
    std::string settings = R"({"folder":")" + dead.path() + R"(/out"})";

    /// `CODE: MESSAGE` of what opening it, and then a page, ended with. `looks`: as the gateway does before it is
    /// given.
    std::string saidBy(bool looks) {
        ConnectorSurroundings surroundings;
        surroundings.deadline = std::chrono::milliseconds(200);
        if (looks)
            surroundings.allow_folder = [](const std::string& folder) { std::filesystem::exists(folder + "/x"); };
        try {
            TextSink sink;
            type.open(settings, surroundings)->read({}, {}, sink);
        } catch (const ConnectorFault& fault) {
            return fault.parts().code + ": " + fault.parts().message;
        } catch (const std::filesystem::filesystem_error& error) {
            return "released: " + error.code().message();
        }
        return "none";
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DeadShares)

BOOST_AUTO_TEST_CASE(is_left_where_it_is_looked_at_and_where_it_is_read,
                     *boost::unit_test::precondition(canMountDeadShares)) {
    for (const bool looks : {true, false}) {
        DeadFolder folder;
        BOOST_TEST_REQUIRE(folder.dead.isMounted());
        auto first = std::async(std::launch::async, [&] { return folder.saidBy(looks); });
        const bool is_held = first.wait_for(std::chrono::minutes(1)) != std::future_status::ready;
        if (is_held) folder.dead.release();
        BOOST_TEST(!is_held);
        BOOST_TEST(first.get().starts_with("other_side_hangs: no answer"));
        BOOST_TEST(folder.saidBy(looks).starts_with("other_side_hangs: a former call"));
        folder.dead.release();  // the server is back, or its mount was taken away
        const std::string then = saidAfterFormerCall([&] { return folder.saidBy(looks); });
        BOOST_TEST(!then.starts_with("other_side_hangs"), then);
    }
}

BOOST_AUTO_TEST_SUITE_END()

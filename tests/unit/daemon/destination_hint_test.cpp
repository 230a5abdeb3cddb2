// tests/unit/daemon/destination_hint_test.cpp - the entry that a refused destination is told: pasted into the
// configuration it is taken, and it helps.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "gateway/daemon/connector_access.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;

namespace {

/// Where a connector would go, and the entry that the refusal tells; empty: none would help.
struct ReachCase {
    const char *opened, *host, *address, *entry;
};
const ReachCase kReaches[] = {
    {"", "sftp.example", "10.1.0.1", "sftp.example:443"},
    {"", "10.1.0.1", "10.1.0.1", "10.1.0.1:443"},
    {"", "fd00::5", "fd00::5", "[fd00::5]:443"},
    {"", "[fd00::5]", "fd00::5", "[fd00::5]:443"},
    {"", "::1", "::1", "[::1]:443"},
    {"", "127.0.0.1", "127.0.0.1", "127.0.0.1:443"},
    {"", "db.example", "127.0.0.1", "127.0.0.1:443"},  // no name leads to this machine
    {"", "db.example", "::1", "[::1]:443"},
    {"", "localhost", "127.0.0.1", "localhost:443"},
    {"", "meta.example", "169.254.169.254", "169.254.169.254:443"},
    {"", "::ffff:127.0.0.1", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:443"},
    {"db.example", "db.example", "127.0.0.1", "127.0.0.1:443"},
    {"*.example:443", "db.example", "::1", "[::1]:443"},
    {"health=10.1.0.1:443", "db.example", "10.1.0.1", "10.1.0.1:443"},  // another's by its address
    {"", "0x7f.1", "127.0.0.1", ""},
    {"", "fe80::1%eth0", "fe80::1%eth0", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DestinationHints)

BOOST_AUTO_TEST_CASE(tell_an_entry_that_is_taken_and_helps) {
    constexpr std::string_view kBefore = "the center adds ", kAfter = " to connectors.destinations";
    for (const ReachCase& one : kReaches) {
        fixture::TemporaryFolder folder;
        Settings settings;
        settings.data = folder.path();
        std::string opened = one.opened;
        if (!opened.empty() && opened.find('=') == std::string::npos) opened.insert(0, "housing=");
        const auto refusal = [&]() -> std::string {
            try {
                surroundingsOf(settings, "housing", {}, {}).allow_destination(one.host, one.address, 443);
                return {};
            } catch (const ConnectorFault& fault) {
                return fault.parts().next_step;
            }
        };
        settings.connectors.destinations = opened;
        const std::string told = refusal();
        const std::size_t at = told.find(kBefore), end = told.find(kAfter);
        if (at == std::string::npos) {
            BOOST_TEST(told.find("no entry") != std::string::npos, told);
            BOOST_TEST(one.entry == std::string(), told);
            continue;
        }
        const std::string entry = told.substr(at + kBefore.size(), end - at - kBefore.size());
        BOOST_TEST(entry == "housing=" + std::string(one.entry));
        std::ofstream(settings.data / "caseway.properties")
            << "connectors.destinations = " << (opened.empty() ? "" : opened + ", ") << entry << "\n";
        settings.connectors.destinations =
            readSettings(settings.data / "caseway.properties", settings.data).connectors.destinations;
        BOOST_TEST(refusal() == "", one.host << " by " << entry);
    }
}

BOOST_AUTO_TEST_SUITE_END()

// tests/unit/register/connector_hold_test.cpp - what holds a connector, and the command that ends it.
#include <boost/test/unit_test.hpp>

#include "gateway/register/connector_hold.hpp"

using namespace caseway;

namespace {

struct HoldCase {
    bool suspended, system_suspended, department_suspended, granted;
    const char* told;  ///< where, and the command
};
const HoldCase kCases[] = {
    {false, false, false, true, ""},
    {true, false, true, true, "connector: caseway connector resume housing/permits/nightly"},
    {false, true, true, true, "system: caseway system activate housing/permits"},
    {false, false, true, false, "department: caseway department resume housing"},
    {false, false, false, false, "mapping: caseway system grant housing/permits --mapping permits"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorHold)

BOOST_AUTO_TEST_CASE(tells_the_nearest_reason) {
    for (const HoldCase& one : kCases) {
        RegisteredSystem system{};
        system.id = *SystemId::parse("housing/permits");
        system.suspended = one.system_suspended;
        system.department_suspended = one.department_suspended;
        if (one.granted) system.mappings = {"permits"};
        RegisteredConnector connector{};
        connector.name = *ConnectorName::parse("housing/permits/nightly");
        connector.suspended = one.suspended;
        connector.live = 1;
        connector.versions[1].head.direction = ExchangeDirection::Pull;
        connector.versions[1].head.mapping = "permits";
        const auto why = whyNotLive(system, connector);
        const std::string told = why ? why->where + ": " + why->hint : std::string();
        BOOST_TEST(told.starts_with(one.told), told);
        BOOST_TEST(told.empty() == std::string(one.told).empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

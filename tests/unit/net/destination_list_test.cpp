// tests/unit/net/destination_list_test.cpp - where connectors may talk to: cases as a table, odd forms of addresses
// included.
#include "gateway/adapters/net/destination_list.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace caseway;

namespace {

struct DestinationCase {
    const char* list;
    const char* host;
    const char* address;
    std::uint16_t port;
    bool may;
};

constexpr const char* kEverything = "0.0.0.0/0, ::/0";

const DestinationCase kCases[] = {
    // deny by default
    {"", "sftp.housing.example", "10.1.2.3", 22, false},
    {"other.example", "sftp.housing.example", "10.1.2.3", 22, false},
    // names, suffixes, ports
    {"sftp.housing.example", "sftp.housing.example", "10.1.2.3", 22, true},
    {"sftp.housing.example", "SFTP.Housing.Example.", "10.1.2.3", 22, true},
    {"sftp.housing.example:22", "sftp.housing.example", "10.1.2.3", 22, true},
    {"sftp.housing.example:22", "sftp.housing.example", "10.1.2.3", 443, false},
    {"*.housing.example", "a.b.housing.example", "10.1.2.3", 1, true},
    {"*.housing.example", "housing.example", "10.1.2.3", 1, false},
    {"*.housing.example", "evilhousing.example", "10.1.2.3", 1, false},
    {" a.example , b.example ", "b.example", "10.1.2.3", 1, true},
    // ranges, whatever the name
    {"10.1.0.0/16", "any.example", "10.1.255.1", 80, true},
    {"10.1.0.0/16", "any.example", "10.2.0.1", 80, false},
    {"10.1.0.0/16:443", "any.example", "10.1.0.1", 80, false},
    {"10.1.0.0/17", "x.example", "10.1.128.0", 80, false},
    {"10.1.2.3", "10.1.2.3", "10.1.2.3", 80, true},
    {"2001:db8::/32", "x.example", "2001:db8:1::5", 80, true},
    {"[2001:db8::1]:443", "[2001:db8::1]", "2001:db8::1", 443, true},
    {"[2001:db8::1]:443", "[2001:db8::1]", "2001:db8::1", 80, false},
    {"2001:db8::1", "2001:db8::1", "2001:db8::1", 443, true},
    // an IPv4 address in whatever IPv6 wraps it
    {"10.1.0.0/16", "x.example", "::ffff:10.1.0.1", 80, true},
    {"10.1.0.0/16", "x.example", "64:ff9b::10.1.0.1", 80, true},
    {kEverything, "x.example", "::ffff:127.0.0.1", 80, false},
    {kEverything, "x.example", "::ffff:7f00:1", 80, false},
    {kEverything, "x.example", "::127.0.0.1", 80, false},
    {kEverything, "x.example", "64:ff9b::7f00:1", 80, false},
    {kEverything, "x.example", "2002:7f00:1::", 80, false},
    {kEverything, "x.example", "64:ff9b:1::7f00:1", 80, false},
    {kEverything, "x.example", "64:ff9b:1:7f00:0:100::", 80, false},
    {"*.example", "x.example", "64:ff9b:1::a00:1", 80, false},
    {kEverything, "x.example", "2002:a9fe:a9fe::1", 80, false},
    // this machine, the link, metadata: never by a wide range or a name
    {kEverything, "x.example", "127.0.0.1", 80, false},
    {kEverything, "x.example", "127.9.9.9", 80, false},
    {kEverything, "x.example", "0.0.0.0", 80, false},
    {kEverything, "x.example", "::", 80, false},
    {kEverything, "x.example", "::1", 80, false},
    {kEverything, "x.example", "169.254.169.254", 80, false},
    {kEverything, "x.example", "100.100.100.200", 80, false},
    {kEverything, "x.example", "fe80::1", 80, false},
    {kEverything, "x.example", "fd00:ec2::254", 80, false},
    {kEverything, "x.example", "224.0.0.1", 80, false},
    {kEverything, "x.example", "255.255.255.255", 80, false},
    {kEverything, "x.example", "8.8.8.8", 80, true},
    {"rebound.example", "rebound.example", "127.0.0.1", 80, false},
    {"*.example", "metadata.example", "169.254.169.254", 80, false},
    // this machine's addresses in the network: 10.9.0.5 and 2001:db8:9::5
    {"rebound.example", "rebound.example", "10.9.0.5", 5432, false},
    {"rebound.example:5432", "rebound.example", "::ffff:10.9.0.5", 5432, false},
    {"*.example", "x.example", "2001:db8:9::5", 80, false},
    {"10.9.0.0/16", "x.example", "10.9.0.5", 80, false},
    {"10.9.0.0/16", "x.example", "10.9.0.6", 80, true},
    {kEverything, "x.example", "2001:db8:9::5", 80, false},
    {"localhost", "localhost", "10.9.0.5", 80, false},
    {"10.9.0.5:5432", "x.example", "10.9.0.5", 5432, true},
    {"10.9.0.5:5432", "x.example", "10.9.0.5", 22, false},
    {"2001:db8:9::5", "x.example", "2001:db8:9::5", 80, true},
    // but where they are named
    {"127.0.0.1:2222", "127.0.0.1", "127.0.0.1", 2222, true},
    {"127.0.0.1:2222", "127.0.0.1", "127.0.0.1", 22, false},
    {"127.0.0.0/8", "x.example", "127.5.0.1", 22, true},
    {"::1", "localhost", "::1", 22, true},
    {"localhost", "localhost", "127.0.0.1", 22, true},
    {"169.254.169.254", "169.254.169.254", "169.254.169.254", 80, true},
    // odd numbers: libraries read them as addresses, filters do not
    {"127.0.0.1, 0.0.0.0/0", "127.1", "127.0.0.1", 80, false},
    {"127.0.0.1, 0.0.0.0/0", "2130706433", "127.0.0.1", 80, false},
    {"127.0.0.1, 0.0.0.0/0", "0x7f.0.0.1", "127.0.0.1", 80, false},
    {"127.0.0.1, 0.0.0.0/0", "0177.0.0.1", "127.0.0.1", 80, false},
    {"127.0.0.1, 0.0.0.0/0", "0x7f000001", "127.0.0.1", 80, false},
    {"10.0.0.0/8", "x.example", "10.1", 80, false},
    {"10.0.0.0/8", "x.example", "012.1.1.1", 80, false},
    {"10.0.0.0/8", "x.example", "10.1.1.1%eth0", 80, false},
    {"10.0.0.0/8", "x.example", " 10.1.1.1", 80, false},
    {"0.0.0.0/0", "10.1.1.1", "10.2.2.2", 80, false},  // another address than the host says
    {"0.0.0.0/0", "", "10.2.2.2", 80, false},
    {"0.0.0.0/0", "x.example", "10.2.2.2", 0, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(DestinationsOfConnectors)

BOOST_AUTO_TEST_CASE(are_those_of_the_list_and_no_others) {
    for (const DestinationCase& one : kCases) {
        const auto list =
            DestinationList::parse(one.list, {*IpAddress::parse("10.9.0.5"), *IpAddress::parse("2001:db8:9::5")});
        BOOST_TEST_REQUIRE(list.ok(), one.list);
        const std::string why = list->whyNot(one.host, one.address, one.port);
        BOOST_TEST(why.empty() == one.may, one.list << " | " << one.host << " at " << one.address << ": " << why);
    }
}

BOOST_AUTO_TEST_CASE(of_a_bad_list_are_told_with_the_entry) {
    for (const char* bad :
         {"*", "*.", "a.example:0", "a.example:70000", "a.example:x", "10.0.0.0/33", "10.0.0/8", "http://a.example",
          "a b", "127.1", "0x7f000001", "2001:db8::/129", "::ffff:10.0.0.0/104", "a.example:22:22", "*.*.x"}) {
        const auto list = DestinationList::parse(bad);
        BOOST_TEST_REQUIRE(!list.ok(), bad);
        BOOST_TEST(list.error().code == "destination_list_bad");
        BOOST_TEST(list.error().value == bad);
    }
}

BOOST_AUTO_TEST_CASE(know_the_addresses_of_this_machine) {
    const auto own = ownAddresses();
    BOOST_TEST(std::count(own.begin(), own.end(), *IpAddress::parse("127.0.0.1")) == 1);
    for (const IpAddress& address : own)
        if (address.isV4()) {
            const auto& bytes = address.bytes();
            std::string text;
            for (std::size_t i = 12; i < 16; ++i) text += (i > 12 ? "." : "") + std::to_string(bytes[i]);
            BOOST_TEST(!DestinationList::parse("rebound.example")->whyNot("rebound.example", text, 80).empty(), text);
        }
}

BOOST_AUTO_TEST_SUITE_END()

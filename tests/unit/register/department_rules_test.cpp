// tests/unit/register/department_rules_test.cpp - no file of the register makes a department that no command would.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/register/department_rules.hpp"
#include "gateway/formats/register/read_register.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(DepartmentRules)

BOOST_AUTO_TEST_CASE(are_those_of_the_commands_whoever_wrote_the_file) {
    constexpr const char* kGood = "code: \"11440232MB2C00001X\"\n";
    const struct {
        const char* department;
        const char* yaml;
        const char* code;
    } kCases[] = {
        {"police", "code: \"11440232MB2C00002X\"\n", "good"},
        {"police", kGood, "department_known"},
        {"all", "code: \"11440232MB2C00002X\"\n", "department_name_bad"},
        {"Police", "code: \"11440232MB2C00002X\"\n", "department_name_bad"},
        {"公安", "code: \"11440232MB2C00002X\"\n", "department_name_bad"},
        {"police", "code: \"11\"\n", "department_code_bad"},
        {"police", "code: \"11440232mb2c00002x\"\n", "department_code_bad"},
        {"police", "code: \"11440232MB2C00002X\"\nname: \"a\\nb\"\n", "register_not_good"},
        {"police", "code: \"11440232MB2C00002X\"\nname: \"a\\e[31mb\"\n", "register_not_good"},
    };
    for (const auto& one : kCases) {
        const std::string file = std::string("systems/") + one.department + "/department.yaml";
        const auto read = readRegister({{"systems/housing/department.yaml", kGood}, {file, one.yaml}});
        BOOST_TEST((read ? "good" : read.error().code) == one.code, file << one.yaml);
        if (!read) BOOST_TEST(read.error().where.starts_with(file), read.error().where);
    }
}

BOOST_AUTO_TEST_CASE(tell_grants_of_what_is_no_department_and_read_on) {
    const auto told = [](const char* grant) {
        const auto content =
            readRegister({{"systems/housing/a/system.yaml",
                           "department_code: \"11440232MB2C00001X\"\nmappings: []\n" + std::string(grant)},
                          {"systems/county/c/system.yaml", "department_code: \"county-1\"\nmappings: []\n"}});
        BOOST_REQUIRE(content.ok());
        std::string all;
        for (const Refusal& one : emptyGrants(*content)) all += one.where + "=" + one.value + ";";
        return all;
    };
    BOOST_TEST(told("may_read: [county, \"*\"]\non_behalf_of: [\"11440232MB2C00002X\"]\n") == "");
    BOOST_TEST(told("on_behalf_of: [county-1]\n") == "");  // of a department that only its systems name
    BOOST_TEST(told("may_read: [../x]\n") == "systems/housing/a/system.yaml may_read=../x;");
    BOOST_TEST(told("on_behalf_of: [police]\n") == "systems/housing/a/system.yaml on_behalf_of=police;");
}

BOOST_AUTO_TEST_CASE(give_a_code_to_one_department_also_where_only_systems_bring_it) {
    const std::string system = "department_code: \"11440232MB2C00001X\"\nmappings: []\n";
    FileTree files{{"systems/housing/a/system.yaml", system}, {"systems/housing/b/system.yaml", system}};
    BOOST_TEST(bool(readRegister(files)));
    files["systems/police/c/system.yaml"] = system;
    BOOST_TEST(readRegister(files).error().code == "department_known");
    BOOST_TEST(readRegister(files).error().where == "systems/police/c/system.yaml");
}

BOOST_AUTO_TEST_SUITE_END()

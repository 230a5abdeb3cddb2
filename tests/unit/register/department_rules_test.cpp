// tests/unit/register/department_rules_test.cpp - no file of the register makes a department that no command would.
#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(let_no_grant_name_what_is_no_department) {
    const auto read = [](const char* grant) {
        const auto content =
            readRegister({{"systems/housing/a/system.yaml",
                           "department_code: \"11440232MB2C00001X\"\nmappings: []\n" + std::string(grant)}});
        return content ? "good" : content.error().code;
    };
    BOOST_TEST(read("may_read: [police, \"*\"]\non_behalf_of: [\"11440232MB2C00002X\"]\n") == "good");
    BOOST_TEST(read("may_read: [../x]\n") == "grant_name_bad");
    BOOST_TEST(read("on_behalf_of: [police]\n") == "grant_name_bad");
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

// tests/unit/plan/department_removal_test.cpp - what goes by a department's short name is not left to the next one.
#include <boost/test/unit_test.hpp>

#include "tests/unit/plan/office.hpp"

using namespace caseway;
using fixture::Office;
using fixture::Texts;

BOOST_AUTO_TEST_SUITE(DepartmentRemoval)

BOOST_AUTO_TEST_CASE(leaves_no_grant_behind_for_the_next_department_of_a_name) {
    Office office;
    const Texts department{{"department", "tax"}}, reader{{"system", "health/licences"}};
    office.does("department.add", {{"department", "tax"}, {"code", "11440232MB2C00003X"}, {"name", "税"}});
    office.does("system.grant", reader, {{"may_read", {"tax"}}});
    BOOST_TEST(office.does("department.remove", department) == "department_granted");
    office.does("system.revoke_grant", reader, {{"may_read", {"tax"}}});
    BOOST_TEST(office.does("department.remove", department) == "done");
}

BOOST_AUTO_TEST_CASE(leaves_no_secret_behind_for_the_next_department_of_a_name) {
    Office office;
    const Texts department{{"department", "tax"}};
    const Texts whole{{"department", "tax"}, {"code", "11440232MB2C00003X"}, {"name", "税"}};
    office.does("department.add", whole);
    office.opened["tax"] = {{"tax/a", "tax/b"}, {"connectors.destinations"}};
    const auto refused = office.plan("department.remove", department);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().hint ==
               "caseway secret remove tax/a; caseway secret remove tax/b, then remove the "
               "department");
    BOOST_TEST(office.does("department.remove", department) == "department_has_secrets");
    FileTree files = office.tree;
    std::erase_if(files, [](const auto& file) { return file.first.ends_with('/'); });
    files.erase("systems/tax/department.yaml");
    BOOST_TEST(office.does("apply", {}, {}, files) == "department_has_secrets");
    office.opened["tax"].secrets.clear();
    BOOST_TEST(office.does("department.remove", department) == "done");
    BOOST_TEST_REQUIRE(office.warnings.size() == 1U);
    BOOST_TEST(office.warnings.front().starts_with("connectors.destinations of the configuration"));
    // Where a hand took it out, the next one is told.
    office.opened["tax"] = {{"tax/a"}, {}};
    BOOST_TEST(office.does("department.add", whole) == "done");
    BOOST_TEST_REQUIRE(office.warnings.size() == 1U);
    BOOST_TEST(office.warnings.front().starts_with("secrets of the name tax are kept already: tax/a"));
}

BOOST_AUTO_TEST_SUITE_END()

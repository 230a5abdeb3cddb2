// tests/unit/daemon/lost_cases_test.cpp - a code that was changed by hand beside the cases that stand under the former
// one.
#include "gateway/daemon/lost_cases.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/memory_store.hpp"

using namespace caseway;

namespace {

constexpr const char* kCode = "11350200004135017C";
constexpr const char* kOther = "11350200004145012L";

struct Installation {
    testing::MemoryStore store;
    int number = 0;

    void open(const std::string& system, const std::string& department, bool by_window = false) {
        CaseRow row;
        row.owner = SystemId::parse(system).value();
        row.department = department;
        row.by_window = by_window;
        row.source_case_no = "C" + std::to_string(++number);
        const auto writer = store.beginWrite();
        writer->putCase(row);
        writer->commit();
    }
    std::vector<RunFinding> findings(const std::string& code) {
        const auto content = readRegister({{"systems/housing/department.yaml", "code: \"" + code + "\"\nname: x\n"},
                                           {"systems/housing/permits/system.yaml", "mappings: []\n"}});
        return lostCases(store.reader(), content.value());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(LostCases)

BOOST_AUTO_TEST_CASE(are_told_with_the_code_to_put_back) {
    Installation it;
    BOOST_TEST(it.findings(kCode).empty());
    it.open("housing/permits", kCode);
    it.open("housing/permits", kCode);
    BOOST_TEST(it.findings(kCode).empty());
    const auto found = it.findings(kOther);
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].what.find("cases of housing/permits stand under the code 11350200004135017C") == 0U);
    BOOST_TEST(found[0].next_step.find("code: \"11350200004135017C\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(name_the_file_that_states_the_code) {
    const auto nextStep = [](bool department) {
        Installation it;
        it.open("housing/permits", kOther);
        FileTree files{{"systems/housing/permits/system.yaml",
                        "mappings: []\n" + (department ? "" : std::string("department_code: \"") + kCode + "\"\n")}};
        if (department) files["systems/housing/department.yaml"] = std::string("code: \"") + kCode + "\"\nname: x\n";
        const auto found = lostCases(it.store.reader(), readRegister(files).value());
        BOOST_TEST_REQUIRE(found.size() == 1U);
        return found[0].next_step;
    };
    const std::string code(kOther),
        in_department = "`code: \"" + code + "\"` back into systems/housing/department.yaml",
        in_system = "`department_code: \"" + code + "\"` back into systems/housing/permits/system.yaml";
    BOOST_TEST(nextStep(true).find("put " + in_department) == 0U);
    BOOST_TEST(nextStep(false) == "put " + in_system + ", then kill -HUP");
}

BOOST_AUTO_TEST_CASE(are_none_where_a_system_opened_them_for_another_department) {
    Installation it;
    it.open("housing/permits", kOther, true);
    it.open("housing/permits", "");  // an alias
    BOOST_TEST(it.findings(kCode).empty());
}

BOOST_AUTO_TEST_CASE(are_found_behind_those_of_today) {
    Installation it;
    it.open("housing/permits", kOther);
    it.open("housing/permits", kCode);
    BOOST_TEST(it.findings(kOther).size() == 1U);
    BOOST_TEST(it.findings(kCode).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

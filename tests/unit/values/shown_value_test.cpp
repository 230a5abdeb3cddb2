// tests/unit/values/shown_value_test.cpp - what a refusal shows of a value: to everybody, and to who has the payload.
#include "gateway/normalize/shown_value.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

struct Sample {
    const char* field;  ///< nullptr: of extra
    const char* value;
    bool to_all, to_owner;  ///< in clear
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ShownValues)

BOOST_AUTO_TEST_CASE(are_masked_where_they_may_be_a_person_in_the_wrong_column) {
    const Sample samples[] = {
        {"status", "ZHANG SAN", false, false},
        {"status", "77", true, true},
        {"status", "B-7", true, true},
        {"status", "open", false, true},
        {"status", "办结", false, true},
        {"status", "E12345678", false, false},
        {"apply_time", "E12345678", false, false},
        {"apply_time", "LI XIAOLI", false, false},
        {"apply_time", "2023-02-29", false, true},
        {"apply_time", "24", true, true},
        {"data_version", "84561234", false, true},
        {"data_version", "1.5", true, true},
        {"data_version", "13800138000", false, false},
        {"result.fee", "1,234.5", true, true},
        {"result.fee", "100元", false, false},
        {"region_code", "44023", true, true},
        {"applicant_name", "77", false, false},
        {"applicant_id_no", "77", false, false},
        {"item_code", "77", false, false},
        {nullptr, "77", false, false},
        {"status", "1\n2", false, false},
        {"status", "A1A1A1A1A1A1", false, true},
    };
    for (const Sample& one : samples) {
        const bool is_code = one.field != nullptr && std::string_view(one.field) == "status";
        const auto field = one.field != nullptr ? fieldNamed(one.field) : std::nullopt;
        BOOST_TEST_CONTEXT((one.field != nullptr ? one.field : "extra") << " " << one.value) {
            BOOST_TEST((shownValue(field, is_code, one.value, false) == one.value) == one.to_all);
            BOOST_TEST((shownValue(field, is_code, one.value, true) == one.value) == one.to_owner);
        }
    }
}

BOOST_AUTO_TEST_CASE(of_kinds_are_shown_as_codes_are) {
    BOOST_TEST(shownKind("10", false) == "10");
    BOOST_TEST(shownKind("heartbeat", false) == "h***t (9)");
    BOOST_TEST(shownKind("heartbeat", true) == "heartbeat");
    BOOST_TEST(shownKind("84561234", true) == "8***4 (8)");
}

BOOST_AUTO_TEST_SUITE_END()

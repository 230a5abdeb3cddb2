// tests/unit/values/unfit_value_test.cpp - several values in one text, numbers with their units, and who takes what
// does not fit a field.
#include <boost/test/unit_test.hpp>
#include <memory>

#include "gateway/normalize/near_codes.hpp"
#include "gateway/normalize/number_with_unit.hpp"
#include "tests/unit/values/value_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

namespace {

/// As the loader makes them of `field: {unfit: place}`.
struct Pair {
    FieldSpec field, place;
};
Pair pairOf(std::string_view field, ValueSpec value, std::string_view place) {
    Pair pair{spec(field, value), spec(place, {.empty_values = value.empty_values})};
    pair.field.unfit_place = std::make_shared<const FieldSpec>(pair.place);
    pair.place.unfit_of = std::make_shared<const FieldSpec>(spec(field, std::move(value)));
    return pair;
}

struct Sample {
    const char* raw;
    const char* in_field;
    const char* in_place;
};

void check(const Pair& pair, const std::vector<Sample>& samples, RawKind kind = RawKind::Text) {
    for (const Sample& sample : samples) {
        BOOST_TEST_CONTEXT(sample.raw) {
            BOOST_TEST(applied(pair.field, sample.raw, kind) == sample.in_field);
            BOOST_TEST(applied(pair.place, sample.raw, kind) == sample.in_place);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(UnfitValues)

BOOST_AUTO_TEST_CASE(tells_what_an_expression_could_not_compute) {
    TextArena arena;
    for (const char* field : {"result.fee", "accept.promise_limit"}) {
        const ValueRule rule = ruleOf(spec(field));
        for (const char* none : {"NaN", "Infinity", "-Infinity"}) {
            const ValueOutcome outcome = rule.apply(RawKind::Text, none, arena);
            BOOST_TEST(shown(outcome).starts_with("refused: "), field);
            BOOST_TEST(outcome.hint.find("`when`") != std::string_view::npos, field << " '" << none << "'");
        }
        BOOST_TEST(rule.apply(RawKind::Text, "ten", arena).hint.find("`when`") == std::string_view::npos, field);
    }
}

BOOST_AUTO_TEST_CASE(reads_a_number_and_its_unit) {
    const auto shownOf = [](std::string_view text) {
        const auto found = readNumberWithUnit(text);
        return found ? found->digits + "|" + std::string(found->unit) : std::string("none");
    };
    const std::pair<const char*, const char*> samples[] = {{"15", "15|"},
                                                           {"15个工作日", "15|工作日"},
                                                           {" 15 个 工作日", "15|工作日"},
                                                           {"15 天", "15|天"},
                                                           {"十五日", "15|日"},
                                                           {"十个工作日内", "10|工作日"},
                                                           {"二十", "20|"},
                                                           {"二十三天", "23|天"},
                                                           {"一百零五天", "105|天"},
                                                           {"两个月", "2|月"},
                                                           {"一千二百", "1200|"},
                                                           {"廿", "20|"},
                                                           {"廿五日", "25|日"},
                                                           {"一百廿五天", "125|天"},
                                                           {"廿五五天", "none"},
                                                           {"廿廿天", "none"},
                                                           {"廿五百", "none"},
                                                           {"020", "020|"},
                                                           {"24小时", "24|小时"},
                                                           {"15WD", "15|WD"},
                                                           {"三", "3|"},
                                                           {"即办", "none"},
                                                           {"", "none"},
                                                           {"5-10个工作日", "none"},
                                                           {"15.5天", "none"},
                                                           {"15（天）", "none"},
                                                           {"自受理起15天", "none"},
                                                           {"一五", "none"},
                                                           {"十百", "none"},
                                                           {"15天5小时", "none"},
                                                           {"十五天三", "none"},
                                                           {"1234567890", "none"},
                                                           {"一百廿天", "120|天"},
                                                           {"一千零二十日", "1020|日"},
                                                           {"十几天", "none"},
                                                           {"二十多天", "none"},
                                                           {"10余个工作日", "none"},
                                                           {"2天半", "none"},
                                                           {"10万", "none"},
                                                           {"三万", "none"},
                                                           {"千万", "none"},
                                                           {"15天左右", "none"},
                                                           {"15天以上", "none"},
                                                           {"一百二", "none"},
                                                           {"廿百", "none"},
                                                           {"-3", "none"}};
    for (const auto& [text, expected] : samples) BOOST_TEST(shownOf(text) == expected, text << ": " << shownOf(text));
}

BOOST_AUTO_TEST_CASE(a_field_takes_the_part_of_a_text_that_it_is_made_for) {
    ValueSpec number;
    number.part = TextPart::Number;
    number.empty_values = {"无"};
    for (const auto& [raw, expected] :
         std::vector<std::pair<const char*, const char*>>{{"１５个工作日", "number 15"},
                                                          {"十五天", "number 15"},
                                                          {"15", "number 15"},
                                                          {"无", "absent"},
                                                          {"", "absent"},
                                                          {"当场", "refused: integer_unreadable"},
                                                          {"15.5天", "refused: integer_unreadable"}})
        BOOST_TEST(applied(spec("accept.promise_limit", number), raw) == expected, raw);
    BOOST_TEST(applied(spec("accept.promise_limit", number), "15.0", RawKind::Number) == "number 15");
    ValueSpec unit;
    unit.part = TextPart::Unit;
    unit.codes = {{"工作日", "1"}, {"天", "2"}};
    for (const auto& [raw, expected] :
         std::vector<std::pair<const char*, const char*>>{{"15个工作日", "1"},
                                                          {"十五天内", "2"},
                                                          {"15", "absent"},
                                                          {"即办", "absent"},
                                                          {"1年", "refused: code_unknown"}})
        BOOST_TEST(applied(spec("accept.promise_limit_unit", unit), raw) == expected, raw);
}

BOOST_AUTO_TEST_CASE(of_several_telephones_the_first_that_fits_stands_and_all_are_kept) {
    check(pairOf("contact_mobile", {.split = "/、 "}, "extra.phones"),
          {{"0751-5381234/13827938123", "0751-5381234", "0751-5381234/13827938123"},
           {"13827938123、13900001111", "13827938123", "13827938123、13900001111"},
           {"13827938123 13900001111", "13827938123", "13827938123 13900001111"},
           {"+86 138 2793 8123 / 0751-5381234", "+86 138 2793 8123", "+86 138 2793 8123 / 0751-5381234"},
           {"138 2793 8123", "138 2793 8123", "absent"},
           {"5381234/5381235", "5381234/5381235", "absent"},
           {"办公室主任王先生 13827938123", "absent", "办公室主任王先生 13827938123"},
           {"请联系王先生办公室的电话或手机，号码见附件", "absent", "请联系王先生办公室的电话或手机，号码见附件"},
           {"", "absent", "absent"}});
    check(pairOf("contact_mobile", {.split = "/"}, "extra.phones"),
          {{R"(["13827938123","13900001111"])", "absent", R"(array ["13827938123","13900001111"])"}}, RawKind::Array);
    check(pairOf("contact_mobile", {.split = "/"}, "extra.phones"),
          {{"13827938123、13900001111", "absent", "13827938123、13900001111"}});
    BOOST_TEST(applied(pairOf("contact_mobile", {.split = "/", .required = true}, "extra.phones").field,
                       "13827938123、13900001111") == "refused: too_long");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_goes_where_it_fits_or_is_refused_for_its_own_reason) {
    check(pairOf("dept_code", {.check = CheckDigit::CreditCode}, "dept_org_code"),
          {{"91350100m000100y43", "91350100M000100Y43", "absent"},
           {"08337220-4", "absent", "08337220-4"},
           {"91350100M000100Y44", "refused: credit_code_wrong", "absent"}});
    check(pairOf("region_code", {}, "extra.region"),
          {{"440232", "440232000000", "absent"}, {"4402", "absent", "4402"}});
    BOOST_TEST(applied(pairOf("region_code", {.required = true}, "extra.region").field, "4402") ==
               "refused: pattern_broken");
}

BOOST_AUTO_TEST_CASE(a_text_as_short_as_a_filler_is_looked_at) {
    check(pairOf("applicant_name", {.empty_values = {"无", "--"}}, "extra.name"),
          {{"无", "absent", "absent"}, {"--", "absent", "absent"}, {"李", "李", "absent"}, {"abc", "abc", "absent"}});
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_told_with_its_table_and_the_code_that_is_near) {
    ValueSpec value;
    value.codes = {{"1", "00"}, {"2", "01"}, {"finished", "09"}};
    value.codes_name = "results";
    const ValueRule rule = ruleOf(spec("result.result_code", value));
    TextArena arena;
    for (const auto& [raw, near] : std::vector<std::pair<const char*, const char*>>{
             {"02", "2"}, {"Finished", "finished"}, {"finishd", "finished"}, {"7", ""}}) {
        const ValueOutcome outcome = rule.applyText(raw, arena);
        BOOST_TEST(outcome.rule == "a code of the mapping's table results");
        BOOST_TEST(outcome.hint == "known codes: 1, 2, finished; add it to `codes`, or say what `other` codes mean");
        BOOST_TEST(NearCodes().of(rule, outcome.text) == near);
    }
    value.codes_name.clear();
    const ValueRule own = ruleOf(spec("result.result_code", value));
    BOOST_TEST(own.applyText("7", arena).rule == "a code of the mapping's table fields.result.result_code.codes");
}

BOOST_AUTO_TEST_CASE(a_payload_whose_codes_are_all_unknown_is_not_compared_with_the_table_for_ever) {
    ValueSpec value;
    for (int code = 100'000; code < 600'000; code += 100) value.codes.emplace_back(std::to_string(code), "00");
    const ValueRule rule = ruleOf(spec("result.result_code", value));
    NearCodes near;
    BOOST_TEST(near.of(rule, "0100100") == "100100");
    BOOST_TEST(near.of(rule, "7") == "");
    int found = 0;
    for (int code = 900'000; code < 910'000; ++code) found += near.of(rule, std::to_string(code)).empty() ? 0 : 1;
    BOOST_TEST(found > 0);
    BOOST_TEST(found < 100);
    BOOST_TEST(near.of(rule, "0100100") == "100100");
    BOOST_TEST(near.of(rule, "0100200") == "");
    BOOST_TEST(NearCodes().of(rule, "0100200") == "100200");
}

BOOST_AUTO_TEST_SUITE_END()

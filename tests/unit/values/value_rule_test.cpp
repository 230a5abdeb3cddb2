// tests/unit/values/value_rule_test.cpp - what departments write, and what the record takes: samples, field by field.
#include <boost/test/unit_test.hpp>

#include "gateway/normalize/number_form.hpp"
#include "tests/unit/values/value_cases.hpp"

using namespace caseway;
using namespace caseway::cases;

namespace {

std::vector<std::string> mistakesOf(const FieldSpec& field) {
    std::vector<MappingMistake> mistakes;
    ValueRule::compile(field, "mapping.yaml", mistakes);
    std::vector<std::string> places;
    for (const auto& mistake : mistakes) {
        BOOST_TEST(!mistake.hint.empty());
        places.push_back(mistake.where);
    }
    return places;
}

struct Sample {
    const char* field;
    const char* raw;
    const char* expected;
};

void check(const std::vector<Sample>& samples, const ValueSpec& value = {}) {
    for (const Sample& sample : samples) {
        const std::string found = applied(spec(sample.field, value), sample.raw);
        BOOST_TEST(found == sample.expected,
                   sample.field << " '" << sample.raw << "': " << found << ", not " << sample.expected);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ValueRules)

BOOST_AUTO_TEST_CASE(trims_all_kinds_of_white_space) {
    check({{"applicant_name", "\u3000 张三\t\r\n\u00A0\u200B", "张三"},
           {"applicant_name", "\uFEFF李 四", "李 四"},
           {"applicant_name", " \u3000\u200B ", "absent"},
           {"applicant_name", "、", "、"}});
    check({{"applicant_name", " 张三 ", " 张三 "}}, {.trim = false});
}

BOOST_AUTO_TEST_CASE(folds_full_width_in_code_like_fields_only) {
    check({{"source_case_no", "ＡＢ－１２３", "AB-123"},
           {"contact_mobile", "１３８００１３８０００", "13800138000"},
           {"post_code", "５１２０００", "512000"},
           {"apply_time", "２０２０－０１－０２　０３：０４：０５", "2020-01-02T03:04:05+08:00"},
           {"applicant_name", "ＡＢＣ（中国）", "ＡＢＣ（中国）"},
           {"address", "１号", "１号"},
           {"case_title", "关于Ａ", "关于Ａ"},
           {"item_code", "①㎡", "①㎡"}});
    check({{"case_title", "Ａ１～", "A1~"}}, {.fold = true});
    check({{"source_case_no", "Ａ", "Ａ"}}, {.fold = false});
}

BOOST_AUTO_TEST_CASE(finds_the_mappings_own_words_however_wide_either_is_written) {
    ValueSpec codes;
    codes.codes = {{"准予许可（通过）", "00"}, {"０１", "01"}, {"(不予)", "02"}};
    check({{"result.result_code", "准予许可（通过）", "00"},
           {"result.result_code", "准予许可(通过)", "00"},
           {"result.result_code", "01", "01"},
           {"result.result_code", "（不予）", "02"}},
          codes);
    check({{"item_code", "／", "absent"}, {"item_code", "无（略）", "absent"}}, {.empty_values = {"／", "无（略）"}});
    ValueSpec times;
    times.time = {{DateForm::Kind::Pattern, "%Y-%m-%d %H：%M"}};
    times.no_date = {"（无）"};
    check({{"apply_time", "2020-01-02 03：04", "2020-01-02T03:04:00+08:00"}, {"apply_time", "（无）", "absent"}},
          times);
    // as they stand where nothing is folded
    check({{"case_title", "／", "absent"}, {"case_title", "/", "/"}}, {.empty_values = {"／"}});
    ValueSpec twice;
    twice.codes = {{"１", "00"}, {"1", "01"}, {"２", "02"}, {"2", "02"}};
    BOOST_TEST(
        mistakesOf(spec("result.result_code", twice)) == std::vector<std::string>{"fields.result.result_code.codes"},
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_absent_null_empty_and_cleared_apart) {
    const FieldSpec plain = spec("item_name"),
                    clears = spec("item_name", {.empty_values = {"无"}, .empty_clears = true});
    BOOST_TEST(applied(plain, "", RawKind::Missing) == "absent");
    BOOST_TEST(applied(plain, "", RawKind::Null) == "absent");
    BOOST_TEST(applied(plain, "") == "absent");
    BOOST_TEST(applied(clears, "", RawKind::Missing) == "absent");
    BOOST_TEST(applied(clears, "", RawKind::Null) == "absent");
    BOOST_TEST(applied(clears, "") == "cleared");
    BOOST_TEST(applied(clears, " 无 ") == "cleared");
    BOOST_TEST(applied(clears, "[]", RawKind::Array) == "cleared");
    BOOST_TEST(applied(spec("item_name", {.required = true}), "", RawKind::Missing) == "refused: required_missing");
    BOOST_TEST(applied(spec("item_name", {.empty_values = {"-"}, .required = true}), "-") ==
               "refused: required_missing");
}

BOOST_AUTO_TEST_CASE(gives_the_default_where_nothing_stands) {
    const FieldSpec field = spec("data_version", {.fallback = "01", .empty_values = {"/"}});
    BOOST_TEST(applied(field, "", RawKind::Missing) == "number 1");
    BOOST_TEST(applied(field, "/") == "number 1");
    BOOST_TEST(applied(field, "7") == "number 7");
}

BOOST_AUTO_TEST_CASE(gives_the_constant_whatever_stands) {
    FieldSpec field = spec("region_code");
    field.constant = "440232";
    BOOST_TEST(applied(field, "", RawKind::Missing) == "440232000000");
    BOOST_TEST(applied(field, "x") == "440232000000");
}

BOOST_AUTO_TEST_CASE(reads_codes_by_the_mappings_own_table) {
    ValueSpec table;
    table.codes = {{"0", "00"}, {"1", "02"}, {"01", "01"}, {"9", ""}};
    check({{"result.result_code", "0", "00"},
           {"result.result_code", "１", "02"},
           {"result.result_code", "01", "01"},
           {"result.result_code", "9", "absent"},
           {"result.result_code", "7", "refused: code_unknown"},
           {"result.result_code", "00", "refused: code_unknown"}},
          table);
    BOOST_TEST(applied(spec("result.result_code", table), "1", RawKind::Number) == "02");
    table.other_codes = "09";
    check({{"result.result_code", "7", "09"}}, table);
    for (const std::size_t size : {1, 8, 9, 200}) {  // few are looked at one after the other, many are searched
        ValueSpec many;
        for (std::size_t i = 0; i < size; ++i) many.codes.emplace_back("c" + std::to_string(i * 7 % size), "w");
        for (const auto& [code, meaning] : many.codes) BOOST_TEST(applied(spec("window_no", many), code) == "w", code);
        for (const char* unknown : {"c", "c0 0", "C0", "c200", "d", "0"})
            BOOST_TEST(applied(spec("window_no", many), unknown) == "refused: code_unknown", unknown);
    }
    // a JSON number by its worth, whatever the field
    ValueSpec windows;
    windows.codes = {{"1", "A"}, {"2.50", "B"}, {"2.5", "C"}};
    windows.other_codes = "Z";
    for (const char* field : {"window_no", "extra.window"})
        for (const auto& [number, expected] :
             {std::pair{"1", "A"}, {"1.0", "A"}, {"10e-1", "A"}, {"2.50", "B"}, {"2.500", "Z"}, {"1.5", "Z"}})
            BOOST_TEST(applied(spec(field, windows), number, RawKind::Number) == expected, field << number);
    BOOST_TEST(applied(spec("window_no", windows), "1.0") == "Z");
    BOOST_TEST(applied(spec("window_no"), "1.0", RawKind::Number) == "1");
    for (const char* zero : {"-0", "-0.0", "0.0", "0"})
        BOOST_TEST(applied(spec("window_no", {.codes = {{"0", "N"}}}), zero, RawKind::Number) == "N", zero);
    BOOST_TEST(applied(spec("window_no", {.codes = {{"0", "N"}, {"-0", "M"}}}), "-0", RawKind::Number) == "M");
    BOOST_TEST(applied(spec("result.fee", {.codes = {{"0", ""}, {"1", "10.00"}}}), "1.0", RawKind::Number) == "10.00");
    check({{"status", "90", "90"}, {"status", "办结", "refused: code_unknown"}});
    TextArena arena;
    table.other_codes.reset();
    const ValueRule rule = ruleOf(spec("result.result_code", table));
    BOOST_TEST(rule.apply(RawKind::Text, "7", arena).hint.starts_with("known codes: 0, 01, 1, 9;"));
}

BOOST_AUTO_TEST_CASE(holds_texts_to_their_length_and_characters) {
    std::string hundred, long_one(1001, 'a');
    for (int i = 0; i < 100; ++i) hundred += "𠮷";
    check({{"applicant_name", hundred.c_str(), hundred.c_str()},
           {"applicant_name", (hundred + "a").c_str(), "refused: too_long"},
           {"item_name", long_one.c_str(), "refused: too_long"},
           {"applicant_name", "张\n三", "refused: control_character"},
           {"steps.opinion", "同意\n\t无", "同意\n\t无"},
           {"steps.opinion", "同意\x01", "refused: control_character"}});
    BOOST_TEST(applied(spec("case_no"), std::string_view("a\0b", 3)) == "refused: control_character");
}

BOOST_AUTO_TEST_CASE(keeps_only_texts_that_are_their_own_value) {
    ValueSpec untrimmed, fillers, codes;
    untrimmed.trim = false;
    fillers.empty_values = {"无"};
    codes.codes = {{"a", "b"}};
    const std::vector<FieldSpec> fields = {
        spec("case_title"),         spec("contact_mobile"),       spec("source_case_no"), spec("extra.a"),
        spec("address", untrimmed), spec("address", fillers),     spec("apply_time"),     spec("applicant_id_no"),
        spec("case_title", codes),  spec("accept.promise_limit"), spec("applicant_type")};
    std::vector<std::string> texts = {
        "", "1", "无", "a", "2018-09-13 13:33:27", std::string(18, '1'), std::string(19, '1'), std::string(5000, 'x')};
    for (const char* piece :
         {" ", "\t", "\n", "\x01", "\u3000", "\u00A0", "\u200B", "\uFEFF", "１", "中", "\x7f", "初"})
        for (const char* plain : {"", "ab", "0123456789abcdef", "建筑工程施工许可证"})
            for (const std::string& text :
                 {plain + std::string(piece), piece + std::string(plain), plain + (piece + std::string(plain))})
                texts.push_back(text);
    std::size_t kept = 0;
    for (const FieldSpec& field : fields) {
        const ValueRule rule = ruleOf(field);
        for (const std::string& text : texts) {
            const bool clean =
                std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
            BOOST_TEST(rule.keepsText(text, clean) == rule.keepsText(text, false), text);
            if (!rule.keepsText(text, clean)) continue;
            ++kept;
            TextArena arena;
            BOOST_TEST(shown(rule.apply(RawKind::Text, text, arena)) == text);
        }
    }
    BOOST_TEST(kept > 50);
    const ValueRule title = ruleOf(spec("case_title"));
    for (const char* space : {" ", "\t", "\r", "\u3000", "\u00A0", "\u200B", "\uFEFF", "\x01", "\x1f"})
        for (const std::string text : {"甲", "0123456789abcdef"})
            BOOST_TEST(!(title.keepsText(text + space, false) || title.keepsText(space + text, false)),
                       "'" << space << "'");
    BOOST_TEST(ruleOf(spec("case_title")).keepsText("建筑工人", false));
    BOOST_TEST(!ruleOf(spec("contact_mobile")).keepsText("１", false));
}

BOOST_AUTO_TEST_CASE(finds_control_and_full_width_characters_at_every_offset) {
    for (std::size_t size = 1; size <= 20; ++size)
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, '~');
            BOOST_TEST(applied(spec("item_code"), text) == text);
            text[at] = '\x1f';
            if (at != 0 && at + 1 != size) BOOST_TEST(applied(spec("item_code"), text) == "refused: control_character");
            std::string folded(size, '~');
            folded[at] = 'A';
            BOOST_TEST(applied(spec("item_code"), std::string(text).replace(at, 1, "Ａ")) == folded);
        }
}

BOOST_AUTO_TEST_CASE(refuses_what_nobody_sees_in_numbers_and_codes) {
    for (const char* seen :
         {"A\u200B1", "\u202EA1", "A\u00AD1", "A\u00A01", "A1\x7F", "A\u0085", "A\uFEFF1", "A\u20661"})
        for (const char* field : {"case_no", "source_case_no", "item_code", "applicant_id_no", "contact_mobile"})
            for (const auto fold : {std::optional<bool>(), std::optional<bool>(false)})
                BOOST_TEST(applied(spec(field, {.fold = fold}), seen) == "refused: control_character", field << seen);
    check({{"applicant_name", "张\u200D三", "张\u200D三"},  // names are left as written
           {"case_no", "粤建许〔2026〕第1号", "粤建许〔2026〕第1号"},
           {"case_no", "\u200BA1\uFEFF", "A1"},  // white space at the ends goes
           {"case_no", "Ａ　1", "A 1"}});
}

BOOST_AUTO_TEST_CASE(keeps_an_array_exact) {
    std::string out;
    for (const char* literal : {"12345678901234567890", "1e400", "1.50", "-0"}) {
        appendExactNumber(literal, out);
        out += ' ';
    }
    BOOST_TEST(out == "\"12345678901234567890\" \"1e400\" 1.5 0 ");
}

BOOST_AUTO_TEST_CASE(reads_numbers_amounts_and_truth) {
    check({{"accept.promise_limit", "15", "number 15"},
           {"accept.promise_limit", "007", "number 7"},
           {"accept.promise_limit", "15.0", "refused: integer_unreadable"},
           {"accept.promise_limit", "15个工作日", "refused: integer_unreadable"},
           {"accept.promise_limit", "-1", "refused: integer_out_of_range"},
           {"data_version", "0", "refused: integer_out_of_range"},
           {"data_version", "99999999999999999999999", "refused: integer_out_of_range"},
           {"result.fee", "12.50", "12.50"},
           {"result.fee", "0012.5000", "12.50"},
           {"result.fee", "-0.00", "0.00"},
           {"result.fee", "１２．５", "12.5"},
           {"result.fee", "1,234.5", "refused: money_unreadable"},
           {"result.fee", "1.234", "refused: money_unreadable"},
           {"result.fee", "1e3", "refused: money_unreadable"},
           {"result.fee", "100元", "refused: money_unreadable"},
           {"result.fee", "999999999999999", "refused: money_unreadable"},
           {"result.is_fee", "是", "boolean true"},
           {"result.is_fee", "n", "boolean false"},
           {"result.is_fee", "TRUE", "boolean true"},
           {"result.is_fee", "0", "boolean false"},
           {"result.is_fee", "2", "refused: boolean_unreadable"},
           {"region_code", "440232", "440232000000"},
           {"region_code", "440232001", "440232001000"},
           {"region_code", "4402", "refused: pattern_broken"},
           {"region_code", "44023200", "refused: pattern_broken"},
           {"materials.sm3", "ABCDEF", "refused: pattern_broken"}});
    BOOST_TEST(applied(spec("result.is_fee"), "false", RawKind::Boolean) == "boolean false");
    BOOST_TEST(applied(spec("source_case_no"), "20201020", RawKind::Number) == "20201020");
}

BOOST_AUTO_TEST_CASE(keeps_what_extra_was) {
    const FieldSpec extra = spec("extra.a");
    BOOST_TEST(applied(extra, " x ") == "x");
    BOOST_TEST(applied(extra, "15", RawKind::Number) == "number 15");
    BOOST_TEST(applied(extra, "1.50", RawKind::Number) == "number 1.5");
    BOOST_TEST(applied(extra, "-0", RawKind::Number) == "number 0");
    BOOST_TEST(applied(extra, "1E400", RawKind::Number) == "1E400");
    BOOST_TEST(applied(extra, "12345678901234567890.12", RawKind::Number) == "12345678901234567890.12");
    BOOST_TEST(applied(extra, "1e21", RawKind::Number) == "number 1e+21");
    BOOST_TEST(applied(extra, "0.0000001", RawKind::Number) == "number 1e-7");
    BOOST_TEST(applied(extra, "0.000001", RawKind::Number) == "number 0.000001");
    BOOST_TEST(applied(extra, "123456789012345680000", RawKind::Number) == "number 123456789012345680000");
    BOOST_TEST(applied(extra, "true", RawKind::Boolean) == "boolean true");
    BOOST_TEST(applied(extra, "[1]", RawKind::Array) == "array [1]");
    BOOST_TEST(applied(spec("extra.t", {.time = {{DateForm::Kind::EpochSeconds, ""}}}), "1777858200") ==
               "2026-05-04T09:30:00+08:00");
}

BOOST_AUTO_TEST_CASE(checks_id_numbers_and_credit_codes) {
    check({{"applicant_id_no", "11010519491231002x", "11010519491231002X"},
           {"applicant_id_no", "４４０５２４１８８００１０１００１４", "440524188001010014"},
           {"applicant_id_no", "110105194912310021", "refused: id_number_wrong"},
           {"applicant_id_no", "110105194913310024", "refused: id_number_wrong"},
           {"applicant_id_no", "1101**********002X", "1101**********002X"},
           {"applicant_id_no", "110105491231002", "110105491231002"},
           {"applicant_id_no", "110105491331002", "refused: id_number_wrong"}},
          {.check = CheckDigit::IdCard});
    check({{"applicant_id_no", "110105491231002", "11010519491231002X"}},
          {.check = CheckDigit::IdCard, .convert_old_id = true});
    check({{"dept_code", "9144030071526726XG", "9144030071526726XG"},
           {"dept_code", "9144030071526726xg", "9144030071526726XG"},
           {"dept_code", "9144030071526726XH", "refused: credit_code_wrong"},
           {"dept_code", "000000000000000000", "refused: credit_code_wrong"},
           {"dept_code", "083372204", "refused: credit_code_wrong"}},
          {.check = CheckDigit::CreditCode});
    check({{"applicant_id_no", "9144030071526726XG", "9144030071526726XG"},
           {"applicant_id_no", "11010519491231002X", "11010519491231002X"},
           {"applicant_id_no", "000000000000000000", "refused: id_number_wrong"},
           {"applicant_id_no", "11010519491231002Y", "refused: id_number_wrong"}},
          {.check = CheckDigit::IdCardOrCreditCode});
    check({{"dept_org_code", "083372204", "083372204"},
           {"dept_org_code", "０８３３７２２０－４", "08337220-4"},
           {"dept_org_code", "71526726x", "71526726X"},
           {"dept_org_code", "083372205", "refused: org_code_wrong"},
           {"dept_org_code", "0833722-04", "refused: org_code_wrong"},
           {"dept_org_code", "08337220", "refused: org_code_wrong"},
           {"dept_org_code", "交通局", "refused: org_code_wrong"},
           {"dept_org_code", "9144030071526726XG", "refused: too_long"}},
          {.check = CheckDigit::OrgCode});
}

BOOST_AUTO_TEST_CASE(counts_characters_not_bytes) {
    const auto repeated = [](std::string_view text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i) all += text;
        return all;
    };
    const ValueSpec checked{.check = CheckDigit::IdCard};
    for (const std::string_view character : {"1", "中", "😀"}) {
        BOOST_TEST(applied(spec("applicant_id_no", checked), repeated(character, 50)) == "refused: id_number_wrong");
        BOOST_TEST(applied(spec("applicant_id_no", checked), repeated(character, 51)) == "refused: too_long");
        BOOST_TEST(applied(spec("applicant_id_no"), repeated(character, 50)) == repeated(character, 50));
        BOOST_TEST(applied(spec("applicant_id_no"), repeated(character, 51)) == "refused: too_long");
        BOOST_TEST(applied(spec("extra.id", checked), repeated(character, 80)) == "refused: id_number_wrong");
    }
}

BOOST_AUTO_TEST_CASE(finds_each_mistake_when_the_mapping_loads) {
    const auto only = [](const char* place) { return std::vector<std::string>{place}; };
    ValueSpec codes;
    codes.codes = {{"1", "77"}};
    BOOST_TEST((mistakesOf(spec("status", codes)) == only("fields.status.codes")));
    BOOST_TEST((mistakesOf(spec("case_kind", {.other_codes = "9"})) == only("fields.case_kind.other")));
    BOOST_TEST((mistakesOf(spec("steps.start_time", {.time = {{DateForm::Kind::Pattern, "%Q"}}})) ==
                only("fields.steps.fields.start_time.time")));
    BOOST_TEST((mistakesOf(spec("apply_time", {.zone = "Asia/Shangai"})) == only("fields.apply_time.zone")));
    BOOST_TEST((mistakesOf(spec("case_no", {.time = {{DateForm::Kind::Rfc3339, ""}}})) == only("fields.case_no.time")));
    BOOST_TEST((mistakesOf(spec("case_no", {.no_date = {"-"}})) == only("fields.case_no.no_date")));
    BOOST_TEST((mistakesOf(spec("data_version", {.fallback = "x"})) == only("fields.data_version.default")));
    BOOST_TEST((mistakesOf(spec("case_kind", {.split = ";"})) == only("fields.case_kind.split")));
    BOOST_TEST((mistakesOf(spec("status", {.check = CheckDigit::IdCard})) == only("fields.status.check")));
    BOOST_TEST((mistakesOf(spec("case_no", {.convert_old_id = true})) == only("fields.case_no.convert_old_id")));
    BOOST_TEST(
        (mistakesOf(spec("case_no", {.required = true, .empty_clears = true})) == only("fields.case_no.empty_clears")));
    FieldSpec constant = spec("operation");
    constant.constant = "X";
    BOOST_TEST((mistakesOf(constant) == only("fields.operation.value")));
}

BOOST_AUTO_TEST_CASE(a_month_is_told_to_lack_its_day) {
    const ValueRule rule = ruleOf(spec("apply_time"));
    TextArena arena;
    BOOST_TEST(rule.applyText("２０２４年５月", arena).hint.starts_with("it names no day, and none is guessed"));
    BOOST_TEST(rule.applyText("soon", arena).hint.starts_with("add the form to `time`"));
}

BOOST_AUTO_TEST_SUITE_END()

// tests/unit/plan/operation_test.cpp - what an administrator asks, as JSON: strict as the OpenAPI document has it.
#include "gateway/register/operation.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(Operations)

BOOST_AUTO_TEST_CASE(say_what_is_wrong_with_them) {
    const auto codeOf = [](std::string_view json) {
        const auto read = Operation::read(json);
        return read ? std::string("good") : read.error().code;
    };
    BOOST_TEST(codeOf(R"({"operation":"system.suspend","system":"a/b"})") == "good");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":"a/b","mappings":["x"],"auditor":true})") == "good");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":"a/b","mappings":"x"})") == "member_unknown");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":"a/b","mappings":[1]})") == "member_unknown");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":["a/b"]})") == "member_unknown");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":5})") == "member_unknown");
    BOOST_TEST(codeOf(R"({"operation":"system.add","system":true})") == "member_unknown");
    for (const char* marked : {"auditor?", "mappings[]", "?", "[]", ""})
        BOOST_TEST(codeOf(R"({"operation":"system.add","system":"a/b",")" + std::string(marked) + R"(":"x"})") ==
                       "member_unknown",
                   marked);
    BOOST_TEST(codeOf(R"({"operation":"apply","files":{},"files{}":"x"})") == "member_unknown");
    BOOST_TEST(codeOf(R"({"operation":"system.add"})") == "member_missing");
    BOOST_TEST(codeOf(R"({"operation":"apply"})") == "member_missing");
    BOOST_TEST(codeOf(R"({"operation":"apply","plan":"x"})") == "member_missing");
    BOOST_TEST(codeOf(R"({"operation":"apply","files":{}})") == "good");
    BOOST_TEST(codeOf(R"({"operation":"apply","files":{},"plan":""})") == "plan_changed");
    BOOST_TEST(codeOf(R"({"operation":1})") == "operation_unknown");
    BOOST_TEST(codeOf("[]") == "operation_unknown");
    BOOST_TEST(codeOf("{") == "malformed_json");
}

BOOST_AUTO_TEST_CASE(tell_of_a_file_that_may_be_empty) {
    const auto read = Operation::read(R"({"operation":"connector.add","connector":"a/b/c","document":""})");
    BOOST_TEST_REQUIRE(!read);
    BOOST_TEST(read.error().code == "member_missing");
    BOOST_TEST(read.error().hint.find("that file is empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(grant_nothing_by_a_word_that_stands_for_true_or_false) {
    const auto said = [](std::string_view value) {
        return Operation::read(R"({"operation":"system.grant","system":"a/b","auditor":)" + std::string(value) + "}");
    };
    BOOST_TEST(said("true").value().text("auditor") == "true");
    BOOST_TEST(said("false").value().text("auditor").empty());
    for (const char* value : {R"("true")", R"("false")", R"("")", "0", "1", "5", "null", "[]", "{}"})
        BOOST_TEST((!said(value) && said(value).error().code == "member_unknown"), value);
    BOOST_TEST(said("true").value().json() == R"({"operation":"system.grant","auditor":true,"system":"a/b"})");
}

BOOST_AUTO_TEST_CASE(travel_as_json) {
    for (const OperationKind& kind : kOperationKinds) {
        Operation operation{&kind, {{"x", "y"}}, {}, {}};
        operation.texts.clear();
        if (kind.name == "apply") operation.files = {{"systems/a", "b\n\"c\""}};
        if (kind.name == "system.grant") operation.lists = {{"mappings", {"a", "b"}}};
        for (const std::string_view member : {"system", "department"})
            if (kind.required.find(member) != std::string_view::npos) operation.texts[std::string(member)] = "v";
        const auto again = Operation::read(operation.json());
        if (!again) continue;  // a member is missing: told above
        BOOST_TEST(again->json() == operation.json(), kind.name);
        BOOST_TEST((again->files == operation.files && again->lists == operation.lists));
    }
}

BOOST_AUTO_TEST_SUITE_END()

// tests/unit/json/reader_test.cpp - events, limits and places of mistakes, from memory and through chunks of every
// size.
#include "gateway/formats/json/reader.hpp"
#include "gateway/formats/json/document.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <tuple>

#include "tests/unit/json/recorded_events.hpp"

namespace caseway {
namespace {

/// Gives `piece` bytes at a time.
class DrippingSource final : public ByteSource {
public:
    DrippingSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = std::min({piece_, buffer.size(), bytes_.size() - at_});
        if (count != 0) std::memcpy(buffer.data(), bytes_.data() + at_, count);
        at_ += count;
        return count;
    }
    void rewind() override { at_ = 0; }

private:
    std::string_view bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

std::string outcome(const Result<Done>& read, const RecordedEvents& events) {
    return read ? events.all : read.error().code + " at " + read.error().where;
}

/// The same from memory and dripped; all must agree.
std::string read(std::string_view json, const JsonLimits& limits = {}) {
    RecordedEvents events;
    const std::string first = outcome(readJson(json, limits, events), events);
    for (const std::size_t piece : {1, 2, 3, 7, 1'000'000}) {
        DrippingSource source(json, piece);
        RecordedEvents again;
        const std::string other = outcome(readJson(source, limits, again), again);
        BOOST_TEST(other == first, "in pieces of " << piece << ": " << other);
    }
    return first;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(JsonReader)

BOOST_AUTO_TEST_CASE(tells_every_kind_of_value) {
    BOOST_TEST(read(R"({"a":[1,-0,1.50e+3,true,false,null,"x"],"b":{},"c":[]})") ==
               "{ k:a [ #1 #-0 #1.50e+3 true false null \"x\" ] k:b { } k:c [ ] }");
    BOOST_TEST(read(" \t\r\n7 \n") == "#7");
    BOOST_TEST(read("\"\"") == "\"\"");
    BOOST_TEST(read(R"({"":{"":1}})") == "{ k: { k: #1 } }");
}

BOOST_AUTO_TEST_CASE(keeps_numbers_as_written) {
    for (const char* number : {"0", "-0", "12345678901234567890123", "0.10", "1E5", "1e-7", "-9007199254740993",
                               "100.00", "3.141592653589793238462643383279", "4294967296", "18446744073709551616",
                               "1e-400", "1e400", "-1E+999999999999", "0e0", "-0.0e-0", "9.9e308"}) {
        BOOST_TEST(read(number) == "#" + std::string(number));
        BOOST_TEST(read("[" + std::string(number) + "]") == "[ #" + std::string(number) + " ]");
    }
    const std::string digits(400, '7');
    BOOST_TEST(read("{\"id\":" + digits + "}") == "{ k:id #" + digits + " }");
    for (std::size_t before : {65533U, 65534U, 65535U, 65536U, 65537U})
        BOOST_TEST(read(std::string(before, ' ') + "[1234.5e6,7]") == "[ #1234.5e6 #7 ]");
}

BOOST_AUTO_TEST_CASE(unescapes_strings) {
    BOOST_TEST(read(R"("a\"\\\/\b\f\n\r\tz")") == "\"a\"\\/\b\f\n\r\tz\"");
    BOOST_TEST(read(R"("\u5f20\u0041\uD840\uDC87")") == "\"张A\U00020087\"");
    BOOST_TEST(read("\"张\U00020087é\x7f\"") == "\"张\U00020087é\x7f\"");
    BOOST_TEST(read(R"("\u0000")") == std::string("\"\0\"", 3));
}

BOOST_AUTO_TEST_CASE(says_where_a_text_is_malformed) {
    struct Case {
        std::string_view json;
        const char* expected;
    };
    using namespace std::string_view_literals;
    const std::vector<Case> cases = {
        {"", "malformed_json at byte 0"},
        {"  ", "malformed_json at byte 2"},
        {"{", "malformed_json at byte 1"},
        {"[1,]", "malformed_json at byte 3"},
        {"{\"a\":1,}", "malformed_json at byte 7"},
        {"{'a':1}", "malformed_json at byte 1"},
        {"{\"a\" 1}", "malformed_json at byte 5"},
        {"[1 2]", "malformed_json at byte 3"},
        {"{} {}", "malformed_json at byte 3"},
        {"{}x", "malformed_json at byte 2"},
        {"{}\0"sv, "malformed_json at byte 2"},
        {"{}\0garbage"sv, "malformed_json at byte 2"},
        {"\0{}"sv, "wrong_encoding at byte 0"},
        {"[1\0]"sv, "malformed_json at byte 2"},
        {"nul", "malformed_json at byte 3"},
        {"True", "malformed_json at byte 0"},
        {"NaN", "malformed_json at byte 0"},
        {"-Infinity", "malformed_json at byte 1"},
        {"01", "malformed_json at byte 1"},
        {"+1", "malformed_json at byte 0"},
        {".5", "malformed_json at byte 0"},
        {"1.", "malformed_json at byte 2"},
        {"1e", "malformed_json at byte 2"},
        {"0x10", "malformed_json at byte 1"},
        {"1e+", "malformed_json at byte 3"},
        {"[-]", "malformed_json at byte 2"},
        {"[1.e5]", "malformed_json at byte 3"},
        {"[1.5.5]", "malformed_json at byte 4"},
        {"[--1]", "malformed_json at byte 2"},
        {"[1e5e5]", "malformed_json at byte 4"},
        {"-01", "malformed_json at byte 2"},
        {"\"a", "malformed_json at byte 2"},
        {"\"a\nb\"", "malformed_json at byte 2"},
        {"\"\\x\"", "malformed_json at byte 1"},
        {"\"\\u12G4\"", "malformed_json at byte 1"},
        {R"("\uD800")", "malformed_json at byte 1"},
        {R"("\uD800\u0041")", "malformed_json at byte 1"},
        {R"("\uDC00")", "malformed_json at byte 7"},
        {"// c\n1", "malformed_json at byte 0"},
        {"\xEF\xBB\xBF{}", "malformed_json at byte 0"},  // the mark is taken off before
        {"[\"a\xFF\"]", "wrong_encoding at byte 3"},
        {"[\"\xED\xA0\x80\"]", "wrong_encoding at byte 2"},
        {"[\"\xE5\xBC", "wrong_encoding at byte 2"},
        {"{}\xC0\x80", "wrong_encoding at byte 2"},
        {"\xFF", "wrong_encoding at byte 0"},
        {"[1,,\"\xFF\"]", "malformed_json at byte 3"},  // the first mistake
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.json) BOOST_TEST(read(c.json) == c.expected);
}

BOOST_AUTO_TEST_CASE(refuses_depth_beyond_the_limit) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    BOOST_TEST(read(nested(200)).starts_with("[ ["));
    BOOST_TEST(read(nested(201)) == "too_deep at byte 200");
    BOOST_TEST(read(R"({"a":{"b":1}})", {.depth = 1}) == "too_deep at byte 5");
    BOOST_TEST(read("1", {.depth = 0}) == "#1");
    // Whatever the caller allows, the parser's own recursion stays bounded.
    BOOST_TEST(read(nested(1'000'000), {.depth = 10'000'000}) == "too_deep at byte 1000");
}

BOOST_AUTO_TEST_CASE(limits_numbers_and_strings) {
    BOOST_TEST(read("0." + std::string(1022, '1')).starts_with("#0.111"));
    BOOST_TEST(read("0." + std::string(1023, '1')).starts_with("malformed_json"));
    RecordedEvents none;
    BOOST_TEST(readJson("[" + std::string(200'000, '1') + "]", JsonLimits{}, none).error().code == "malformed_json");
    const JsonLimits small{.string_bytes = 10};
    BOOST_TEST(read("\"0123456789\"", small) == "\"0123456789\"");
    BOOST_TEST(read("\"0123456789a\"", small).starts_with("malformed_json"));
    BOOST_TEST(read("{\"0123456789a\":1}", small).starts_with("malformed_json"));
    RecordedEvents events;
    BOOST_TEST(readJson("\"" + std::string(100'000, 'x') + "\"", small, events).error().code == "malformed_json");
    std::string names = "{\"n\":0";
    for (int i = 0; i < 5'000; ++i) names += ",\"n" + std::to_string(i) + "\":0";
    BOOST_TEST(read(names + "}", JsonLimits{.string_bytes = 10'000}).starts_with("malformed_json"));
}

BOOST_AUTO_TEST_CASE(goes_on_behind_a_text_that_is_too_long_where_the_handler_does) {
    const JsonLimits small{.string_bytes = 200};
    for (const std::string& text : {std::string(201, 'x'), std::string(200'000, 'x'),
                                    std::string(70'000, 'y') + R"(\n\u5F20)", R"(\u5F20)" + std::string(198, 'x')}) {
        const std::string json = R"([{"a":")" + text + R"(","b":")" + text + R"("},")" + text + R"(","short",{"a":1}])";
        for (const std::size_t piece : {1U, 7U, 65'536U, 1'000'000U}) {
            DrippingSource source(json, piece);
            RecordedEvents events;
            events.takes_long = true;
            BOOST_TEST(outcome(readJson(source, small, events), events) ==
                       "[ { k:a long k:b long } long \"short\" { k:a #1 } ]");
        }
        RecordedEvents events;
        events.takes_long = true;
        BOOST_TEST(outcome(readJson(json, small, events), events) ==
                   "[ { k:a long k:b long } long \"short\" { k:a #1 } ]");
    }
    const std::string text(201, 'x');
    for (const std::string& broken : {"[\"" + text + "\\x\"]", "[\"" + text, "[\"" + text + "\n\"]",
                                      "[\"" + text + "\\uD800\"]", "[{\"" + text + "\":1}]"}) {
        RecordedEvents events;
        events.takes_long = true;
        BOOST_TEST(outcome(readJson(broken, small, events), events).starts_with("malformed_json"), broken);
    }
}

BOOST_AUTO_TEST_CASE(tells_utf_16_and_utf_32_by_their_zero_bytes) {
    using namespace std::string_view_literals;
    for (const auto& [json, form] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"{\0}\0"sv, "UTF-16LE"},
                                                                    {"\0{\0}"sv, "UTF-16BE"},
                                                                    {"{\0\0\0}\0\0\0"sv, "UTF-32LE"},
                                                                    {"\0\0\0{\0\0\0}"sv, "UTF-32BE"},
                                                                    {"\"\0\xB7\x5F\"\0"sv, "UTF-16LE"},
                                                                    {"1\0"sv, "UTF-16LE"}}) {
        BOOST_TEST(read(json) == "wrong_encoding at byte 0");
        RecordedEvents events;
        BOOST_TEST(readJson(json, {}, events).error().rule.find(form) != std::string::npos, form);
    }
    BOOST_TEST(read("\0\0"sv) == "malformed_json at byte 0");
}

BOOST_AUTO_TEST_CASE(reads_strings_longer_than_a_chunk) {
    for (const std::size_t length : {65'530U, 65'535U, 65'536U, 200'000U}) {
        const std::string text = std::string(length, 'x') + "张";
        BOOST_TEST((read("[\"" + text + "\",1]") == "[ \"" + text + "\" #1 ]"));
    }
}

BOOST_AUTO_TEST_CASE(reads_short_strings_wherever_a_chunk_ends) {
    // One chunk ends at each byte of the object once, and with it of a name, a plain and an escaped string.
    const std::string object = R"({"name":"张三","b":"","esc":"a\"b"})";
    const std::string expected = "{ k:name \"张三\" k:b \"\" k:esc \"a\"b\" }";
    for (std::size_t cut = 0; cut <= object.size(); ++cut) {
        const std::string json = "[" + std::string(65'535 - cut, ' ') + object + "," + object + "]";
        BOOST_TEST(read(json) == "[ " + expected + " " + expected + " ]", "cut at " << cut);
    }
}

BOOST_AUTO_TEST_CASE(follows_the_names_of_the_last_object_only_as_they_are_written) {
    // Once decoded, a name may hold what ends or breaks one that is written so.
    BOOST_TEST(read(R"([{"a\"b":1},{"a\"b":2}])") == "[ { k:a\"b #1 } { k:a\"b #2 } ]");
    BOOST_TEST(read(R"([{"a\"b":1},{"a"b":2}])").starts_with("malformed_json at byte 16"));
    BOOST_TEST(read(R"([{"a\\b":1},{"a\b":2}])") == "[ { k:a\\b #1 } { k:a\b #2 } ]");
    BOOST_TEST(read("[{\"a\\nb\":1},{\"a\nb\":2}]").starts_with("malformed_json"));
    BOOST_TEST(read(R"([{"a\"":1,"c":2},{"a":3,"c":4}])") == "[ { k:a\" #1 k:c #2 } { k:a #3 k:c #4 } ]");
    BOOST_TEST(read(R"([{"a":1,"":2,"c":3},{"a":4,"":5,"c":6}])") ==
               "[ { k:a #1 k: #2 k:c #3 } { k:a #4 k: #5 k:c #6 } ]");
    BOOST_TEST(read(R"([{"a":1,"bc":2},{"a":3},{"a":4,"bc":5,"d":6},{"a":7,"b":8}])") ==
               "[ { k:a #1 k:bc #2 } { k:a #3 } { k:a #4 k:bc #5 k:d #6 } { k:a #7 k:b #8 } ]");
    BOOST_TEST(read(R"([{"a":1},{"a)").starts_with("malformed_json at byte 12"));
    BOOST_TEST(read(R"([{"a":1},{"a")").starts_with("malformed_json at byte 13"));
}

BOOST_AUTO_TEST_CASE(keeps_what_was_noted_of_a_name_while_it_comes_at_the_same_place) {
    class Noting final : public JsonHandler {
    public:
        bool startObject() override { return true; }
        bool key(std::string_view name) override {
            all += " new:" + std::string(name);
            return true;
        }
        bool keyAgain(std::string_view name, std::uint32_t& note) override {
            all += " " + std::string(name) + ":" + std::to_string(note);
            note = note == 0 ? static_cast<std::uint32_t>(name.front()) : note + 1000;
            return true;
        }
        bool endObject() override { return true; }
        bool startArray() override { return true; }
        bool endArray() override { return true; }
        bool text(std::string_view) override { return true; }
        bool number(std::string_view) override { return true; }
        bool boolean(bool) override { return true; }
        bool null() override { return true; }
        std::string all;
    };
    Noting handler;
    // Objects one deep, whatever arrays they stand in, and those inside them are told apart.
    const auto done = readJson(
        R"([{"a":0,"b":0},{"a":0,"b":0},{"a":{"b":0},"b":0},[{"a":{"b":0},"b":0}],{"b":0,"a":0},{"b":0,"a":0}])", {},
        handler);
    BOOST_TEST(done.ok());
    BOOST_TEST(handler.all == " new:a new:b a:0 b:0 a:97 new:b b:98 a:1097 b:0 b:1098 new:b new:a b:0 a:0");
}

BOOST_AUTO_TEST_CASE(tells_a_text_without_escapes_together_with_its_name_where_that_comes_again) {
    class Joining final : public JsonHandler {
    public:
        bool startObject() override { return add("{"); }
        bool key(std::string_view name) override { return add(std::string(name) + ":"); }
        bool keyAgain(std::string_view name, std::uint32_t&) override {
            return add("again " + std::string(name) + ":");
        }
        bool textAgain(std::string_view name, std::uint32_t& note, std::string_view value) override {
            return add(std::string(name) + std::to_string(note++) + "=" + std::string(value));
        }
        bool endObject() override { return add("}"); }
        bool startArray() override { return true; }
        bool endArray() override { return true; }
        bool text(std::string_view value) override { return add(std::string(value)); }
        bool number(std::string_view literal) override { return add("#" + std::string(literal)); }
        bool boolean(bool) override { return add("b"); }
        bool null() override { return add("n"); }
        bool add(const std::string& event) {
            all += (all.empty() ? "" : " ") + event;
            return event != "stop:" && event != "stop0=x";
        }
        std::string all;
    };
    const auto told = [](std::string_view json, const JsonLimits& limits = {}) {
        Joining handler;
        BOOST_TEST(readJson(json, limits, handler).ok());
        return handler.all;
    };
    BOOST_TEST(told(R"([{"a":"1","b":"2"},{"a":"3","b":"4"},{"a" : "5" , "b":"6"}])") ==
               "{ a: 1 b: 2 } { a0=3 b0=4 } { a1=5 b1=6 }");
    BOOST_TEST(told(R"([{"a":"1"},{"a":"x\ny"},{"a":"\u0022"},{"a":""}])") ==
               "{ a: 1 } { again a: x\ny } { again a: \" } { a0= }");
    BOOST_TEST(told(R"([{"a":"1","b":"2"},{"a":3,"b":true},{"a":null,"b":["4","5"]},{"a":{"b":"6"},"b":"7"}])") ==
               "{ a: 1 b: 2 } { again a: #3 again b: b } { again a: n again b: 4 5 } { again a: { b: 6 } b0=7 }");
    BOOST_TEST(told(R"([{"a":"1"},{"a":"2"}])", {.refuse_duplicate_names = false}) == "{ a: 1 } { a: 2 }");
    BOOST_TEST(told(R"([{"stop":1,"b":1},{"stop":"x","b":"2"}])") == "{ stop:");
    Joining handler;
    BOOST_TEST(readJson(R"([{"a":"1"},{"a":"long"}])", {.string_bytes = 3}, handler).error().code == "malformed_json");
}

BOOST_AUTO_TEST_CASE(refuses_a_name_that_an_object_has_twice) {
    BOOST_TEST(read(R"({"a":1,"a":2})") == "duplicate_name at byte 10");
    BOOST_TEST(read(R"({"a":1,"\u0061":2})") == "duplicate_name at byte 15");
    BOOST_TEST(read(R"({"":1,"":2})").starts_with("duplicate_name"));
    BOOST_TEST(read(R"([{"a":1,"b":2},{"a":1,"b":2,"a":3}])").starts_with("duplicate_name"));
    BOOST_TEST(read(R"([{"a":1,"b":2},{"b":1,"a":2,"b":3}])").starts_with("duplicate_name"));
    BOOST_TEST(read(R"([{"a":1,"b":2,"c":3},{"a":1,"a":2}])").starts_with("duplicate_name"));
    BOOST_TEST(read(R"({"a":{"a":{"a":1}},"b":{"a":1}})") == "{ k:a { k:a { k:a #1 } } k:b { k:a #1 } }");
    BOOST_TEST(read(R"([{"a":1,"b":2},{"a":1},{"a":1,"c":2},{"b":1,"a":2},{}])").starts_with("[ {"));
    BOOST_TEST(read(R"({"a":1,"a":2})", {.refuse_duplicate_names = false}) == "{ k:a #1 k:a #2 }");
}

BOOST_AUTO_TEST_CASE(finds_a_double_name_among_many_wherever_it_stands) {
    for (const std::size_t count : {31U, 32U, 33U, 34U, 100U, 3'000U}) {
        for (const std::size_t at : {std::size_t{0}, count / 2, count - 1}) {
            std::string object = "{";
            for (std::size_t i = 0; i < count; ++i) object += "\"name" + std::to_string(i) + "\":0,";
            const std::string distinct = object + "\"last\":0}";
            const std::string twice = object + "\"name" + std::to_string(at) + "\":0}";
            RecordedEvents events;
            BOOST_TEST(readJson("[" + distinct + "," + distinct + "]", {}, events).ok());
            const auto refused = readJson("[" + distinct + "," + twice + "]", {}, events);
            BOOST_REQUIRE(!refused.ok());
            BOOST_TEST(refused.error().code == "duplicate_name");
        }
    }
}

BOOST_AUTO_TEST_CASE(stops_without_refusal_where_the_handler_stops) {
    RecordedEvents events(3);
    BOOST_TEST(readJson("[1,2,3,!!!", {}, events).ok());
    BOOST_TEST(events.all == "[ #1 #2");
}

BOOST_AUTO_TEST_CASE(documents_one_behind_the_other_are_told_as_that) {
    for (const auto& [json, place, are_several] :
         {std::tuple{"{\"a\":1}\n{\"a\":2}", "byte 8", true}, std::tuple{"[1][2]", "byte 3", true},
          std::tuple{"[1]\n;", "byte 4", false}}) {
        JsonTree tree;
        const auto read = parseJson(json, {}, tree);
        BOOST_REQUIRE(!read.ok());
        BOOST_TEST(read.error().code == "malformed_json");
        BOOST_TEST(read.error().where == place);
        BOOST_TEST((read.error().hint.find("as one list") != std::string::npos) == are_several);
    }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway

// tests/unit/sqlite/codec_test.cpp - bodies come back byte for byte; damaged ones are told.
#include "gateway/adapters/sqlite/body_codec.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(BodyCodec_)

BOOST_AUTO_TEST_CASE(gives_back_what_it_was_given) {
    BodyCodec codec(100);
    std::string noise(5000, '\0');
    std::uint32_t seed = 1;
    for (char& byte : noise) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
    for (const std::string& body : {std::string(), std::string("a"), std::string(99, 'x'), std::string(100, 'x'), noise,
                                    std::string(3'000'000, 'y'), std::string("a\0b", 3)}) {
        const std::string stored(textOf(codec.encode(body)));
        BOOST_TEST((codec.decode(stored) == body));
        BOOST_TEST(stored.size() <= body.size() + 1);
    }
}

BOOST_AUTO_TEST_CASE(compresses_only_where_that_is_smaller) {
    BodyCodec codec(100);
    BOOST_TEST(codec.encode(std::string(5000, 'x')).size() < 100U);
    BOOST_TEST(static_cast<int>(codec.encode("short")[0]) == 0);
}

BOOST_AUTO_TEST_CASE(keeps_outcome_lines_in_few_bytes_and_other_bodies_as_before) {
    BodyCodec codec(100), fresh(100);
    std::string lines;
    std::uint32_t seed = 1;
    for (int line = 1; lines.size() < 200'000; ++line) {
        lines += "{\"case\":" + std::to_string(100'000 + line) + ",\"outcome\":\"new\",\"patch\":\"";
        for (int i = 0; i < 64; ++i) lines += "0123456789abcdef"[(seed = seed * 1664525 + 1013904223) >> 28];
        lines += "\",\"record\":" + std::to_string(line) + "}\n";
    }
    for (const std::string& some : {lines, lines.substr(0, 5000), std::string("{}\n"), std::string()}) {
        const std::string stored(textOf(codec.encodeLines(some)));
        BOOST_TEST((codec.decode(stored) == some));
        BOOST_TEST(stored.size() <= (some == lines ? some.size() / 2 : some.size() + 1));
    }
    const std::string after(textOf(codec.encode(lines)));
    BOOST_TEST((after == textOf(fresh.encode(lines))));
}

BOOST_AUTO_TEST_CASE(keeps_the_texts_of_records_without_their_names) {
    BodyCodec codec(1024);
    const std::string record =
        R"({"address":"乳源县人民路17号","applicant_name":"陈\"静\"","data_version":1,"status":"10"})";
    for (const std::string& text :
         {record, std::string(), std::string("{}"), std::string("\""), std::string("\",\""),
          std::string("\",\"status\":"), std::string("\",\"status\":\""), std::string("\"status\":"),
          std::string(R"({"status":9,"operation":"U"})"),
          std::string(R"({"accept":{"promise_limit":9},"steps":[{"seq":1},{"seq":2}]})"),
          std::string(R"({"novel":"x"})"), std::string(R"({"$cleared":["status"],"extra":{"status":"status"}})"),
          std::string("a\1b"), std::string("a\0b", 3), std::string("\2\2xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
          record + std::string(1000, 'x'), record + std::string(3000, 'x')}) {
        const std::string stored(textOf(codec.encodeRecord(text)));
        BOOST_TEST((codec.decode(stored) == text), text);
        BOOST_TEST(stored.size() <= text.size() + 1);
    }
    BOOST_TEST(codec.encodeRecord(record).size() <= record.size() - 40);
}

BOOST_AUTO_TEST_CASE(gives_back_texts_that_are_no_json) {
    constexpr std::string_view kPieces[] = {"\"",   ",",          ":", "\",\"", "\":\"", "status",
                                            "kind", "kind_class", "x", "\\",    "{"};
    BodyCodec codec(1024);
    std::uint32_t seed = 1;
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (int pieces = round % 40; pieces > 0; --pieces)
            text += kPieces[((seed = seed * 1664525 + 1013904223) >> 16) % std::size(kPieces)];
        BOOST_TEST_REQUIRE((codec.decode(textOf(codec.encodeRecord(text))) == text), text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_damaged_bodies) {
    BodyCodec codec(100);
    const std::string good(textOf(codec.encode(std::string(5000, 'x'))));
    std::string flag = good, cut = good.substr(0, good.size() - 3), size_lies = good;
    flag[0] = 7;
    size_lies[6] = static_cast<char>(size_lies[6] ^ 1);
    for (const std::string& bad :
         {std::string(), flag, cut, size_lies, std::string("\1", 1), std::string("\1abc"), std::string("\2\1", 2),
          std::string("\2\0\5{}\n", 6), std::string("\2\3", 2), std::string("\3{\1", 3), std::string("\3{\2\xFE", 4)}) {
        BOOST_CHECK_EXCEPTION(codec.decode(bad), Fault,
                              [](const Fault& fault) { return fault.code() == FaultCode::StoreCorrupt; });
    }
}

BOOST_AUTO_TEST_SUITE_END()

// tests/unit/text/encoding_test.cpp - what findEncoding and decodeToUtf8 promise, on the encodings that departments
// really send.
#include "gateway/formats/text/encoding.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/unit/text/bytes_of_hex.hpp"

namespace caseway {
namespace {

using namespace std::string_literals;

struct Found {
    std::string label;
    bool differs = false;
    std::string where{};  ///< of the refusal; empty where there is none

    bool operator==(const Found&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Found& found) {
    return out << found.label << (found.differs ? " differs" : "") << ' ' << found.where;
}

Found find(std::string_view bytes, std::string_view declared) {
    MemorySource source(bytes);
    const Result<FoundEncoding> found = findEncoding(source, declared);
    if (!found) return {.label = found.error().code, .differs = false, .where = found.error().where};
    return {.label = found->label, .differs = found->differs, .where = {}};
}

/// Read through every size of pieces; all must agree.
std::string decoded(std::string_view bytes, const FoundEncoding& encoding, std::size_t* failed_at = nullptr) {
    std::string first;
    for (const std::size_t piece : {1, 2, 3, 5, 64, 100'000}) {
        for (const std::size_t taken : {1, 7, 4096}) {
            DrippingSource source(bytes, piece);
            const auto stream = decodeToUtf8(source, encoding);
            for (int pass = 0; pass < 2; ++pass) {
                std::string text;
                std::string buffer(taken, '\0');
                while (const std::size_t count = stream->read(buffer)) text.append(buffer, 0, count);
                if (first.empty()) first = text;
                BOOST_TEST(text == first);
                if (failed_at != nullptr) *failed_at = stream->failedAt();
                stream->rewind();
            }
        }
    }
    return first;
}

std::string decoded(std::string_view bytes, std::string label, std::size_t* failed_at = nullptr) {
    return decoded(bytes, FoundEncoding{.label = std::move(label), .bom_bytes = 0, .declared = {}}, failed_at);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Encoding)

BOOST_AUTO_TEST_CASE(every_gb_label_means_gb18030) {
    for (const char* label : {"gb2312", "GBK", "cp936", "x-gbk", "GB18030", "gb_2312-80", " gbk\n", "EUC-CN"}) {
        BOOST_TEST(canonicalEncoding(label) == "GB18030");
    }
    BOOST_TEST(canonicalEncoding("utf8") == "UTF-8");
    BOOST_TEST(canonicalEncoding("us-ascii") == "UTF-8");
    BOOST_TEST(canonicalEncoding("iso-8859-1") == "ISO-8859-1");
    BOOST_TEST(canonicalEncoding("Big5") == "BIG5");
    BOOST_TEST(canonicalEncoding("utf-16le") == "UTF-16LE");
}

BOOST_AUTO_TEST_CASE(knows_no_unsafe_label) {
    for (const std::string& label : {""s, " "s, "UTF-7"s, "GBK//TRANSLIT"s, "UTF-8//IGNORE"s, "../../x"s, "GB18030\0x"s,
                                     "ISO-2022-CN"s, "UTF-8,GBK"s, "x"s, std::string(100'000, 'A')}) {
        BOOST_TEST(canonicalEncoding(label) == "");
    }
}

BOOST_AUTO_TEST_CASE(finds_what_a_payload_really_is) {
    const std::string utf8 = "{\"n\":\"张三，准予许可\"}";
    const std::string gbk = hex("7B 22 6E 22 3A 22 D5 C5 C8 FD E9 46 86 B4 22 7D");
    const std::string four = hex("7B 22 90 30 81 30 22 7D");
    const std::string utf16 = hex("3C 00 61 00 2F 00 3E 00");
    struct Case {
        std::string bytes;
        std::string declared;
        Found expected;
    };
    const std::vector<Case> cases = {
        {"", "", {"UTF-8"}},
        {"", "utf-16", {"UTF-8"}},
        {"{}", "", {"UTF-8"}},
        {"{}", "gbk", {"UTF-8"}},  // plain ASCII is both
        {"{}", "us-ascii", {"UTF-8"}},
        {utf8, "us-ascii", {"UTF-8", true}},
        {utf8, "ASCII", {"UTF-8", true}},
        {utf8, "ansi_x3.4-1968", {"UTF-8", true}},
        {"\xEF\xBB\xBF{}", "us-ascii", {"UTF-8", true}},
        {gbk, "us-ascii", {"GB18030", true}},
        {utf8, "", {"UTF-8"}},
        {utf8, "utf-8", {"UTF-8"}},
        {utf8, "GB2312", {"UTF-8", true}},
        {utf8, "x-unheard-of", {"UTF-8", true}},
        {"\xEF\xBB\xBF" + utf8, "GBK", {"UTF-8", true}},
        {"\xEF\xBB\xBF" + utf8, "", {"UTF-8"}},
        {gbk, "", {"GB18030"}},
        {gbk, "gb2312", {"GB18030"}},
        {gbk, "utf-8", {"GB18030", true}},
        {gbk, "UTF-7", {"GB18030", true}},
        {four, "gbk", {"GB18030", true}},
        {four, "GB2312", {"GB18030", true}},
        {four, "gb18030", {"GB18030"}},
        {gbk + "1" + gbk + "0", "gbk", {"GB18030"}},  // a digit behind two bytes is no third one
        {hex("84 31 95 33 D5 C5"), "", {"GB18030"}},
        {hex("FF FE 7B 00 7D 00"), "", {"UTF-16LE"}},
        {hex("FF FE 7B 00 7D 00"), "utf-16", {"UTF-16LE"}},
        {hex("FE FF 00 7B 00 7D"), "gbk", {"UTF-16BE", true}},
        {utf16, "UTF-16", {"UTF-16LE"}},
        {hex("00 7B 00 7D"), "UTF-16", {"UTF-16BE"}},
        {hex("FF FE 00 00 7B 00 00 00"), "", {"UTF-32LE"}},
        {"caf\xE9", "iso-8859-1", {"ISO-8859-1"}},
        {utf8, "iso-8859-1", {"ISO-8859-1"}},  // taken at its word
        {hex("A4 A4 A4 E5"), "big5", {"BIG5"}},
        // Refusals: the place is that of the first byte that does not fit.
        {"abc\xFFxyz", "", {"wrong_encoding", false, "byte 3"}},
        {"\xEF\xBB\xBF"
         "ab\xC0\x80",
         "",
         {"wrong_encoding", false, "byte 5"}},
        {gbk + "\xFF", "gbk", {"wrong_encoding", false, "byte 16"}},
        {"{\"n\":\"\xE5\xBC\xA0\xFF\"}", "utf-8", {"wrong_encoding", false, "byte 9"}},
        {"abc\xE5\xBC\xA0\xE5\xBC", "utf-8", {"wrong_encoding", false, "byte 6"}},
        {gbk + "\xC4", "gbk", {"wrong_encoding", false, "byte 16"}},
        {"{}", "utf-16", {"wrong_encoding", false, "byte 0"}},
        {"<a/>", "UTF-16LE", {"wrong_encoding", false, "byte 0"}},
        {hex("00 7B 00 7D"), "UTF-16LE", {"wrong_encoding", false, "byte 0"}},
        {hex("FF FE 7B 00 00 D8 7D 00"), "", {"wrong_encoding", false, "byte 4"}},
        {hex("FF FE 7B 00 7D"), "", {"wrong_encoding", false, "byte 4"}},
        {hex("A4 A4 FF"), "big5", {"wrong_encoding", false, "byte 2"}},
        // Wide forms that nothing declares.
        {hex("7B 00 7D 00"), "", {"wrong_encoding", false, "byte 0"}},
        {hex("7B 00 20 5F 7D 00"), "utf-8", {"wrong_encoding", false, "byte 0"}},
        {hex("00 7B 00 7D"), "gbk", {"wrong_encoding", false, "byte 0"}},
        {hex("7B 00 00 00 7D 00 00 00"), "", {"wrong_encoding", false, "byte 0"}},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT("declared " << c.declared << ", " << c.bytes.size() << " bytes: " << c.bytes) {
            BOOST_TEST(find(c.bytes, c.declared) == c.expected);
        }
    }
}

/// A column that is limited in bytes cuts a character; what is left of it is a character of GB 18030 with the sign
/// behind it.
BOOST_AUTO_TEST_CASE(takes_utf8_with_a_cut_character_for_no_other_text) {
    const std::string title = "关于建房的申请", cut = title.substr(0, title.size() - 1);
    const auto refused = [](std::size_t at) { return Found{"wrong_encoding", false, "byte " + std::to_string(at)}; };
    const std::string json = "{\"t\":\"" + cut + "\"}", xml = "<a>" + cut + "</a>";
    for (const char* const declared : {"", "utf-8", "us-ascii", "x-unheard-of"}) {
        BOOST_TEST(find(json, declared) == refused(6 + 18));
        BOOST_TEST(find(xml, declared) == refused(3 + 18));
        for (const std::size_t fill : {65'500UL, 65'520UL, 65'536UL, 200'000UL})
            BOOST_TEST(find(std::string(fill, ' ') + json, declared) == refused(fill + 24));
        // whatever follows the cut one
        BOOST_TEST(find("<a>" + cut + "，不予许可</a>", declared) == refused(21));
        BOOST_TEST(find("<a>" + cut + hex("D5 C5 C8 FD") + "</a>", declared) == refused(21));
        // the cut one comes first, and others are cut too
        const std::string first = "{\"a\":\"\xE5\x85\",\"b\":\"" + title + "·（\U00020000）\",\"c\":\"" + cut + "\"}";
        BOOST_TEST(find(first, declared) == refused(6));
        BOOST_TEST(find(std::string(65'530, ' ') + first, declared) == refused(65'536));
    }
    BOOST_TEST(find(json, "GB18030") == (Found{"GB18030"}));  // taken at its word
    BOOST_TEST(find(json, "gbk") == (Found{"GB18030"}));
    const std::string few = "<a>\xE5\x85</a><b>建房</b>";
    BOOST_TEST(find(few, "utf-8") == (Found{"GB18030", true}));  // as good as a GBK text
    MemorySource source(json);
    BOOST_TEST(findEncoding(source, "utf-8").error().hint.find("cut") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_no_gbk_text_for_broken_utf8) {
    std::mt19937 random(20260504);
    const auto upTo = [&random](unsigned most) { return static_cast<unsigned>(random() % (most + 1)); };
    for (int round = 0; round < 30'000; ++round) {
        std::string text = "<R>";
        const unsigned last_lead = upTo(1) == 0 ? 0xD7 : 0xF7;  // the common hanzi of GB 2312, or all of them
        for (unsigned value = upTo(20); value-- > 0; text += "</F>") {
            text += "<F>";
            for (unsigned count = upTo(12); count-- > 0;) {
                text += static_cast<char>(0xB0 + upTo(last_lead - 0xB0));
                text += static_cast<char>(0xA1 + upTo(0xFE - 0xA1));
            }
        }
        if (isUtf8(text)) continue;
        const Found found = find(text, round % 2 == 0 ? "utf-8" : "");
        BOOST_TEST_REQUIRE(found.where.find("byte") == std::string::npos, text);
        BOOST_TEST_REQUIRE(found.label == "GB18030", text);
    }
}

/// Says that it is UTF-8, whatever it is.
class LookedAt final : public ByteSource {
public:
    explicit LookedAt(std::string_view bytes) : bytes_(bytes) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = bytes_.read(buffer);
        read_ += count;
        return count;
    }
    void rewind() override { bytes_.rewind(); }
    bool isKnownUtf8() const override { return true; }
    std::size_t read_ = 0;

private:
    MemorySource bytes_;
};

BOOST_AUTO_TEST_CASE(does_not_look_again_at_what_is_known_to_be_utf8) {
    const std::string text = "<a>" + std::string(100'000, 'x') + "办件</a>";
    for (const std::string_view declared : {"", "utf-8", "x-unknown", "Big5", "GBK"})
        for (const std::string& bytes : {text, "\xEF\xBB\xBF" + text}) {
            LookedAt source(bytes);
            const auto found = findEncoding(source, declared);
            BOOST_REQUIRE(bool(found) == (declared != "Big5" || bytes != text));
            if (found) BOOST_TEST(Found({found->label, found->differs}) == find(bytes, declared));
            const bool must_look = bytes == text && (declared == "GBK" || declared == "Big5");
            BOOST_TEST((source.read_ >= bytes.size()) == must_look);
        }
}

BOOST_AUTO_TEST_CASE(checks_the_whole_payload_across_chunk_borders) {
    for (std::size_t fill = 65'533; fill <= 65'540; ++fill) {
        const std::string text = std::string(fill, 'a') + "张\xF0\xA0\x82\x87";
        BOOST_TEST(find(text, "") == (Found{.label = "UTF-8"}));
        BOOST_TEST(find(text + "\xFF", "utf-8") ==
                   (Found{"wrong_encoding", false, "byte " + std::to_string(fill + 7)}));
        const std::string gbk = std::string(fill, 'a') + hex("D5 C5 95 32 82 36 C8 FD");
        BOOST_TEST(find(gbk, "") == (Found{.label = "GB18030"}));
        BOOST_TEST(find(gbk + "\xFF", "gbk") == (Found{"wrong_encoding", false, "byte " + std::to_string(fill + 8)}));
    }
}

BOOST_AUTO_TEST_CASE(leaves_the_source_at_its_first_byte) {
    MemorySource source("abc\xFF");
    (void)findEncoding(source, "");
    std::string all(10, '\0');
    BOOST_TEST(source.read(all) == 4U);
}

BOOST_AUTO_TEST_CASE(decodes_gb18030_whole) {
    BOOST_TEST(decoded(hex("D5 C5 C8 FD 61 D5 5C"), "GB18030") == "张三a誠");  // trail byte 5C is no backslash
    BOOST_TEST(decoded(hex("E9 46 86 B4"), "GB18030") == "镕喆");              // not in GB 2312
    BOOST_TEST(decoded(hex("95 32 82 36"), "GB18030") == "\xF0\xA0\x80\x80");  // U+20000
    BOOST_TEST(decoded(hex("81 30 81 30"), "GB18030") == "\xC2\x80");          // first four-byte code
    BOOST_TEST(decoded(hex("E3 32 9A 35"), "GB18030") == "\xF4\x8F\xBF\xBF");  // U+10FFFF
    BOOST_TEST(decoded(hex("A2 E3"), "GB18030") == "€");
}

BOOST_AUTO_TEST_CASE(gives_private_use_codes_their_present_characters) {
    BOOST_TEST(decoded(hex("A6 D9 A6 DA A6 DB A6 F3"), "GB18030") == "\uFE10\uFE12\uFE11\uFE19");
    BOOST_TEST(decoded(hex("FE 59 FE 61 FE A0"), "GB18030") == "\u9FB4\u9FB5\u9FBB");
    BOOST_TEST(decoded(hex("FE 51 FE 91"), "GB18030") == "\U00020087\U000241FE");
    BOOST_TEST(decoded(hex("A8 BC A8 BF"), "GB18030") == "\u1E3F\u01F9");
    BOOST_TEST(decoded(hex("82 35 90 37 84 31 82 36"), "GB18030") ==
               "\u9FB4\uFE10");  // their codes of the 2000 edition
    BOOST_TEST(decoded(hex("81 35 F4 37"), "GB18030") == "\u1E3F");
    BOOST_TEST(decoded(hex("AA A1"), "GB18030") == "\uE000");  // user-defined stays
}

BOOST_AUTO_TEST_CASE(refuses_what_gb18030_does_not_know) {
    for (const char* bad : {"80", "FF", "81 20", "81 7F", "81 FF", "81 30 80 30", "81 30 81 3A", "84 31 A5 30",
                            "85 30 81 30", "E3 32 9A 36", "81", "81 30", "81 30 81"}) {
        std::size_t failed_at = 0;
        BOOST_TEST_CONTEXT(bad) {
            BOOST_TEST(decoded("ab" + hex(bad), "GB18030", &failed_at) == "ab");
            BOOST_TEST(failed_at == 2U);
        }
    }
}

BOOST_AUTO_TEST_CASE(decodes_other_encodings_through_the_library) {
    BOOST_TEST(decoded("caf\xE9\x80", "ISO-8859-1") == "caf\u00E9\u0080");
    BOOST_TEST(decoded(hex("A4 A4 A4 E5"), "BIG5") == "中文");
    BOOST_TEST(decoded(hex("2D 4E 40 D8 00 DC"), "UTF-16LE") == "中\U00020000");
    BOOST_TEST(decoded(hex("4E 2D D8 40 DC 00"), "UTF-16BE") == "中\U00020000");
    BOOST_TEST(decoded(hex("88 62 88 66"), "BIG5-HKSCS") == "\u00CA\u0304\u00CA");  // the second waits for what follows
    std::size_t failed_at = 0;
    BOOST_TEST(decoded(hex("61 00 40 D8 61 00"), "UTF-16LE", &failed_at) == "a");
    BOOST_TEST(failed_at == 2U);
}

BOOST_AUTO_TEST_CASE(takes_nothing_for_text_under_an_unknown_label) {
    for (const char* label : {"", "UTF-7", "GBK//TRANSLIT"}) {
        std::size_t failed_at = 99;
        BOOST_TEST(decoded("abc", label, &failed_at) == "");
        BOOST_TEST(failed_at == 0U);
    }
}

BOOST_AUTO_TEST_CASE(decodes_large_texts_alike_in_all_encodings) {
    std::string gbk;
    std::string utf8;
    for (int i = 0; i < 30'000; ++i) {
        gbk += std::string(static_cast<std::size_t>(i % 5), 'x') + hex("D5 C5");
        utf8 += std::string(static_cast<std::size_t>(i % 5), 'x') + "张";
    }
    MemorySource source(gbk);
    const auto found = findEncoding(source, "");
    BOOST_REQUIRE(found.ok());
    BOOST_TEST(*toUtf8(gbk, *found) == utf8);
}

BOOST_AUTO_TEST_CASE(drops_the_byte_order_mark) {
    const FoundEncoding utf8{.label = "UTF-8", .bom_bytes = 3, .declared = {}};
    BOOST_TEST(decoded("\xEF\xBB\xBF{}", utf8) == "{}");
    BOOST_TEST(*toUtf8("\xEF\xBB\xBF{}", utf8) == "{}");
    BOOST_TEST(decoded(hex("FF FE 7B 00"), FoundEncoding{.label = "UTF-16LE", .bom_bytes = 2, .declared = {}}) == "{");
    BOOST_TEST(toUtf8("a\xFF", FoundEncoding{.label = "UTF-8", .bom_bytes = 0, .declared = {}}).error().where ==
               "byte 1");
    BOOST_TEST(toUtf8("a\xFF", FoundEncoding{.label = "GB18030", .bom_bytes = 0, .declared = {}}).error().where ==
               "byte 1");
}

BOOST_AUTO_TEST_CASE(reads_the_declaration_of_an_xml_text) {
    BOOST_TEST(declaredInXml("<?xml version=\"1.0\" encoding=\"GBK\"?><a/>") == "GBK");
    BOOST_TEST(declaredInXml("<?xml version='1.0' encoding = 'utf-8' standalone='yes'?>") == "utf-8");
    BOOST_TEST(declaredInXml("\xEF\xBB\xBF<?xml version='1.0' encoding='GB2312'?>") == "GB2312");
    BOOST_TEST(declaredInXml("<?xml version='1.0'?><a encoding='x'/>") == "");
    BOOST_TEST(declaredInXml("<?xml version='1.0' encoding='GBK") == "");
    BOOST_TEST(declaredInXml("<?xml version='1.0' encoding") == "");
    BOOST_TEST(declaredInXml("<?xml version='1.0' encoding=") == "");
    BOOST_TEST(declaredInXml("<a/>") == "");
    BOOST_TEST(declaredInXml("{\"a\":1}") == "");
    BOOST_TEST(declaredInXml("") == "");
    BOOST_TEST(declaredInXml(hex("3C 00 3F 00")) == "UTF-16LE");
    BOOST_TEST(declaredInXml(hex("00 7B 00 7D")) == "UTF-16BE");
    BOOST_TEST(declaredInXml(hex("FF FE 3C 00")) == "UTF-16LE");
    BOOST_TEST(declaredInXml(hex("FF FE 00 00 3C 00 00 00")) == "UTF-32LE");
    BOOST_TEST(declaredInXml(hex("00 00 FE FF 00 00 00 3C")) == "UTF-32BE");
    BOOST_TEST(declaredInXml("<?xml " + std::string(400, ' ') + "encoding='GBK'?>") == "");
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace caseway

// tests/unit/xml/leaf_test.cpp - an element that holds one plain text is told without the parser's having read it: what
// is told, and what is refused, is what the tree of the same document tells.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

#include "gateway/formats/xml/events.hpp"

using namespace caseway;

namespace {

std::string_view textOf(XmlChars chars) {
    return chars != nullptr ? reinterpret_cast<const char*>(chars) : "";
}

/// The events as one text; texts in several pieces are one.
class Telling final : public XmlHandler {
public:
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override {
        told += "<" + std::to_string(start.line) + " {" + std::string(textOf(start.uri)) + "}" +
                std::string(textOf(start.local));
        for (const XmlAttribute& one : start.attributes) {
            told += " " + std::string(textOf(one.local)) + "=";
            appendValue(start, one, told);
        }
        told += ">";
        return true;
    }
    bool text(std::string_view piece) override {
        told += piece;
        return true;
    }
    bool end() override {
        told += "</>";
        return true;
    }
    bool leaf(const XmlStart& element, std::string_view whole) override {
        ++leaves;
        return XmlHandler::leaf(element, whole);
    }

    std::string told;
    std::size_t leaves = 0;
};

/// Gives no more than a few bytes at once.
class InPieces final : public ByteSource {
public:
    InPieces(std::string_view bytes, std::size_t most) : bytes_(bytes), most_(most) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = bytes_.read(buffer.first(std::min(most_, buffer.size())));
        ends += count == 0;
        return count;
    }
    void rewind() override { bytes_.rewind(); }

    std::size_t ends = 0;

private:
    MemorySource bytes_;
    std::size_t most_;
};

struct Document {
    std::string bytes;
    std::size_t leaves;
};
std::ostream& operator<<(std::ostream& out, const Document& document) {
    return out << document.bytes.substr(0, 200);
}

const Document kDocuments[] = {
    {"<a>x</a>", 1},
    {"<a></a>", 1},
    {"<a/>", 0},
    {"<a> <b> </b>\n</a>", 1},
    {"<a><b>1</b>\n<b>张伟</b><c/>tail</a>", 2},
    {"<a\n><b\n x='1&amp;2' y=\"\">text</b>\n<b >two</b ></a>", 1},
    {"<p:a xmlns:p='urn:p'><p:b>1</p:b><b xmlns='urn:b'>2</b><p:c xmlns:p='urn:c'>3</p:c></p:a>", 3},
    {"<a><b>1</b><bb>2</bb><b>3<!-- no --></b><b>4<?no no?></b><b><![CDATA[5]]></b></a>", 2},
    {"<a><b>1&amp;2</b><b>&#x4E00;</b><b>a\r\nb</b><b>a\tb</b><b>]]</b><b>]&gt;</b><b> 7 </b></a>", 1},
    {"<a><b>x<c>y</c>z</b><b>x<c/></b></a>", 1},
    {"<a><b>（甲）</b><b>\uFFFD</b><b>\U0001F600</b></a>", 3},
    {"<?xml version='1.0' encoding='UTF-8'?>\n<名><称>建筑工程施工许可证核发</称></名>\n", 1},
    {"<a><b>" + std::string(300, 'x') + "</b><b>" + std::string(20000, 'y') + "</b><b>z</b></a>", 2},
};

const std::string kBroken[] = {
    "<a><b>x</c></a>",
    "<a>\n<b>x</bb></a>",
    "<a>\n<b>x</b",
    "<a><b>x</a></b>",
    "<a><b>x",
    "<a>x</a>y",
    "<a>x</a><b>y</b>",
    "<a><b>x]]></b></a>",
    "<a><b>\uFFFE</b></a>",
    "<a><b>\uFFFF</b></a>",
    "<a><b>a\x01</b></a>",
    "<a><b>&nbsp;</b></a>",
    "<a><p:b>x</p:b></a>",
    "<a b='1' b='2'>x</a>",
    "<a 1>x</a>",
};

const std::size_t kPieces[] = {1, 2, 7, 4000, 65536};

}  // namespace

BOOST_AUTO_TEST_SUITE(Leaf)

BOOST_DATA_TEST_CASE(is_told_as_the_tree_tells_it,
                     boost::unit_test::data::make(kDocuments) * boost::unit_test::data::make(kPieces), document,
                     piece) {
    const auto tree = parseXml(bytesOf(document.bytes), {});
    BOOST_TEST_REQUIRE(tree.ok());
    Telling walked;
    walkXml(*tree, *tree->root(), walked);
    InPieces source(document.bytes, piece);
    Telling streamed;
    BOOST_TEST(readXml(source, 10, streamed).ok());
    BOOST_TEST(streamed.told == walked.told);
    BOOST_TEST(source.ends == 1U);  // nobody asks a source again that has said that it ended
    if (piece >= 4000) BOOST_TEST(streamed.leaves == document.leaves);
}

BOOST_DATA_TEST_CASE(is_refused_as_the_tree_is, boost::unit_test::data::make(kBroken), broken) {
    const auto tree = parseXml(bytesOf(broken), {});
    BOOST_TEST_REQUIRE(!tree.ok());
    MemorySource source(broken);
    Telling streamed;
    const auto done = readXml(source, 10, streamed);
    BOOST_TEST_REQUIRE(!done.ok());
    BOOST_TEST(done.error().code == tree.error().code);
    BOOST_TEST(done.error().where == tree.error().where);
    BOOST_TEST(done.error().rule == tree.error().rule);
}

BOOST_AUTO_TEST_CASE(that_is_no_text_is_the_parsers_to_refuse) {
    for (const std::string_view text : {"\xC0\x80", "\xFF", "\xE5\xBC", "\xED\xA0\x80"}) {
        const std::string bytes = "<a><b>" + std::string(text) + "</b></a>";
        MemorySource source(bytes);
        Telling streamed;
        const auto done = readXml(source, 10, streamed);
        BOOST_TEST(!done.ok());
        BOOST_TEST(streamed.leaves == 0U);
    }
}

BOOST_AUTO_TEST_CASE(is_the_last_where_the_handler_stops) {
    class Stopping final : public XmlHandler {
    public:
        void begin(XmlNames&) override {}
        bool start(const XmlStart&) override { return true; }
        bool text(std::string_view) override { return true; }
        bool end() override { return true; }
        bool leaf(const XmlStart&, std::string_view) override { return ++leaves != 2; }
        int leaves = 0;
    } handler;
    MemorySource source("<a><b>1</b><b>2</b><b>3</b></nobody reads this");
    BOOST_TEST(readXml(source, 10, handler).ok());
    BOOST_TEST(handler.leaves == 2);
}

BOOST_AUTO_TEST_CASE(of_many_stands_wherever_a_piece_ends) {
    std::string bytes = "<all>";
    for (std::size_t i = 0; i < 20000; ++i) bytes += "<one>" + std::string(i % 90, 'x') + "张</one>\n";
    bytes += "</all>";
    Telling streamed, walked;
    const auto tree = parseXml(bytesOf(bytes), {});
    walkXml(*tree, *tree->root(), walked);
    InPieces source(bytes, 4093);
    BOOST_TEST(readXml(source, 10, streamed).ok());
    BOOST_TEST((streamed.told == walked.told));
    BOOST_TEST(streamed.leaves > 18000U);
}

BOOST_AUTO_TEST_SUITE_END()

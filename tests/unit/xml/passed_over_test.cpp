// tests/unit/xml/passed_over_test.cpp - elements that are known by their bytes are not parsed: of those between nothing
// is lost, however many there are.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/xml/events.hpp"

using namespace caseway;

namespace {

/// Knows each element that is larger than a small one.
class Knowing final : public XmlHandler, public XmlElementBytes {
public:
    explicit Knowing(std::size_t known_bytes) : known_bytes_(known_bytes) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart&) override {
        ++depth_;
        return true;
    }
    bool text(std::string_view) override { return true; }
    bool end() override {
        parsed += depth_-- == 2;
        return true;
    }
    bool wants() override { return depth_ == 2; }
    void ended(std::string_view bytes) override { whole += !bytes.empty(); }
    std::size_t looksAhead() override { return known_bytes_; }
    Known known(std::string_view ahead, std::uint64_t) override {
        if (ahead.size() < known_bytes_ || !ahead.starts_with("<known>")) return {};
        ++passed;
        return {known_bytes_, true};
    }

    std::size_t parsed = 0, whole = 0, passed = 0;

private:
    const std::size_t known_bytes_;
    int depth_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(PassedOver)

BOOST_AUTO_TEST_CASE(a_parser_that_sees_little_of_much_sees_all_that_it_has_to) {
    constexpr std::size_t kElements =
        4000;  // libxml2 would keep some 4 KB of each pair, and looks up no more than 10 MB
    const std::string known = "<known>" + std::string(8000, 'k') + "</known>\n";
    std::string text = "<all>\n";
    for (std::size_t i = 0; i < kElements; ++i) text += "<new>" + std::to_string(i) + "</new>\n" + known;
    text += "</all>";
    MemorySource source(text);
    Knowing handler(known.size() - 1);
    const auto done = readXml(source, 10, handler, &handler);
    BOOST_TEST(done.ok(), (done ? "" : done.error().rule));
    BOOST_TEST(handler.parsed == kElements);
    BOOST_TEST(handler.whole == kElements);
    BOOST_TEST(handler.passed == kElements);
}

BOOST_AUTO_TEST_SUITE_END()

// connectors/sdk/test/exchange_choice_test.cpp - which files of an exchange folder are ready, and how they are known
// again.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "connectors/sdk/exchange_folder/choice.hpp"
#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/exchange_folder/read_marks.hpp"

using namespace caseway;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'000)};

FileEntry fileOf(std::string name, std::int64_t at_seconds, std::uint64_t bytes = 10) {
    return {.name = std::move(name),
            .bytes = bytes,
            .modified_ns = at_seconds * kSecond,
            .touched_ns = at_seconds * kSecond,
            .inode = 7,
            .regular = true};
}
ExchangeSettings settingsOf(const std::string& json) {
    FlatSettings settings(json);
    return readExchangeSettings(settings);
}
std::string readyOf(const std::vector<FileEntry>& listing, const ExchangeSettings& settings) {
    std::string names;
    for (const FileEntry& entry : chooseFiles(listing, settings, kNow).ready) names += entry.name + " ";
    return names;
}

struct PatternCase {
    const char* name;
    const char* pattern;
    bool fits;
};
std::ostream& operator<<(std::ostream& out, const PatternCase& c) {
    return out << c.name << " " << c.pattern;
}
const std::vector<PatternCase> kPatterns = {
    {"a.xml", "*.xml", true}, {"a.xml.ok", "*.xml", false}, {".a.xml", "*.xml", false},
    {"a.xml", "?.xml", true}, {"ab.xml", "?.xml", false},   {"", "*", true},
    {"aXbXc", "a*X*c", true}, {"aXbXd", "a*X*c", false},    {"\xB0\xEC.xml", "*.xml", true},
    {"A.XML", "*.xml", true}, {"a.xml", "*.XML", true},     {"a", "", false},
    {"abc", "abc", true},     {"abc", "a**c", true}};

}  // namespace

BOOST_AUTO_TEST_SUITE(ExchangeChoice)

BOOST_DATA_TEST_CASE(patterns_fit_bytes, boost::unit_test::data::make(kPatterns), pattern) {
    BOOST_TEST(matchesPattern(pattern.name, pattern.pattern) == pattern.fits);
}

BOOST_AUTO_TEST_CASE(a_hostile_pattern_ends) {
    std::string pattern;
    for (int i = 0; i < 100; ++i) pattern += "a*";
    BOOST_TEST(!matchesPattern(std::string(255, 'a'), pattern + "b"));
}

BOOST_AUTO_TEST_CASE(a_young_file_waits_and_an_old_one_is_ready) {
    const ExchangeSettings settings = settingsOf(R"({"folder":"/x","min_age_seconds":30})");
    BOOST_TEST(readyOf({fileOf("old.xml", 970), fileOf("young.xml", 971)}, settings) == "old.xml ");
    FileEntry growing = fileOf("copied-with-its-time.xml", 100);
    growing.touched_ns = 990 * kSecond;
    BOOST_TEST(readyOf({growing}, settings) == "");
    BOOST_TEST(readyOf({fileOf("empty.xml", 100, 0)}, settings) == "");
}

BOOST_AUTO_TEST_CASE(a_marker_makes_ready_only_what_is_not_younger) {
    const ExchangeSettings settings = settingsOf(R"({"folder":"/x","marker":"{name}.ok","patterns":["*"]})");
    BOOST_TEST(readyOf({fileOf("a.xml", 999), fileOf("a.xml.ok", 999, 0), fileOf("b.xml", 1), fileOf("c.xml", 500),
                        fileOf("c.xml.ok", 499, 0)},
                       settings) == "a.xml ");
    const ExchangeSettings stem = settingsOf(R"({"folder":"/x","marker":"{stem}.done"})");
    BOOST_TEST(readyOf({fileOf("a.xml", 1), fileOf("a.done", 2, 0), fileOf("b.xml", 1), fileOf("b.xml.done", 2, 0)},
                       stem) == "a.xml ");
}

BOOST_AUTO_TEST_CASE(the_order_is_by_name_or_by_time) {
    const std::vector<FileEntry> listing = {fileOf("b.xml", 1), fileOf("c.xml", 3), fileOf("a.xml", 3)};
    BOOST_TEST(readyOf(listing, settingsOf(R"({"folder":"/x"})")) == "a.xml b.xml c.xml ");
    BOOST_TEST(readyOf(listing, settingsOf(R"({"folder":"/x","order":"time"})")) == "b.xml a.xml c.xml ");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_taken_is_told_apart) {
    const ExchangeSettings settings = settingsOf(R"({"folder":"/x","max_file_bytes":100,"marker":"{name}.ok"})");
    FileEntry link = fileOf("link.xml", 1);
    link.regular = false;
    FileEntry folder = fileOf("folder.xml", 1);
    folder.regular = false;
    folder.folder = true;
    const Choice choice =
        chooseFiles({link, folder, fileOf("large.xml", 1, 101), fileOf("empty.xml", 1, 0), fileOf("link.xml.ok", 1, 0),
                     fileOf("folder.xml.ok", 1, 0), fileOf("large.xml.ok", 1, 0), fileOf("empty.xml.ok", 1, 0)},
                    settings, kNow);
    BOOST_TEST(choice.ready.empty());
    BOOST_TEST(choice.waiting.empty());
    BOOST_TEST_REQUIRE(choice.refused.size() == 3U);
    BOOST_TEST(choice.refused[1].reason == "it has 101 bytes, at most 100 are taken (max_file_bytes)");
}

BOOST_AUTO_TEST_CASE(a_mark_tells_any_new_state_of_a_name) {
    const FileEntry file = fileOf("a.xml", 1);
    std::vector<FileEntry> others(5, file);
    others[0].name = "b.xml";
    others[1].bytes = 11;
    others[2].modified_ns += 1;
    others[3].inode = 8;
    others[4].touched_ns += 1;  // rights or owner: the content is the same
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(markOf(others[i]) != markOf(file));
    BOOST_TEST(markOf(others[4]) == markOf(file));
}

BOOST_AUTO_TEST_CASE(marks_are_a_cursor_and_back) {
    ReadMarks marks;
    for (int i = 0; marks.read.size() + marks.refused.size() < ReadMarks::kMost; ++i)
        (i % 5 == 0 ? marks.refused : marks.read).insert(markOf(fileOf("f" + std::to_string(i), i)));
    const Cursor cursor = marks.cursor();
    BOOST_TEST(cursor.size() <= kCursorBytesMax);
    const ReadMarks again = ReadMarks::of(cursor);
    BOOST_TEST((again.read == marks.read && again.refused == marks.refused));
    BOOST_TEST(marks.full());
    for (const char* bad : {"f1:", "f1:abc:", "f2::", "f1:abcdefghijk*:", "f1:abcdefghijkl:abc"})
        BOOST_CHECK_THROW(ReadMarks::of(bad), ConnectorFault);
    BOOST_TEST(ReadMarks::of("f1::").read.empty());
}

BOOST_AUTO_TEST_CASE(names_are_shown_as_people_read_them) {
    BOOST_TEST(shownName("\xB0\xEC\xBC\xFE.xml") == "办件.xml");
    BOOST_TEST(shownName("办件.xml") == "办件.xml");
    BOOST_TEST(shownName("a\nb\xFF.xml") == "a\\x0Ab\\xFF.xml");
}

BOOST_AUTO_TEST_CASE(entry_names_lead_nowhere) {
    for (const char* bad : {"", ".", "..", "a/b", "/etc/passwd", "../x"}) BOOST_TEST(!isEntryName(bad));
    BOOST_TEST(!isEntryName(std::string_view("a\0b", 3)));
    BOOST_TEST(!isEntryName(std::string(256, 'a')));
    BOOST_TEST(isEntryName("...xml"));
}

BOOST_AUTO_TEST_SUITE_END()

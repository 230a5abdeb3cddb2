// tests/unit/payload_folder/payload_folder_test.cpp - bodies on disk: whole or not at all, under their digest, nowhere
// else.
#include "gateway/adapters/files/payload_folder.hpp"

#include <sys/stat.h>

#include <array>
#include <fstream>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

std::string all(ByteSource& source) {
    std::string bytes;
    std::array<char, 100> buffer{};
    while (const std::size_t count = source.read(buffer)) bytes.append(buffer.data(), count);
    return bytes;
}

std::string put(PayloadFolder& folder, const std::string& bytes) {
    const auto file = folder.create();
    file->write(bytes);
    return file->finish(sha256(bytes));
}

std::size_t filesIn(const std::string& path) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
        count += entry.is_regular_file() ? 1 : 0;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PayloadFolder_)

BOOST_AUTO_TEST_CASE(remembers_of_the_last_bodies_that_they_are_utf8) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const std::string name = put(folder, "办件"), other = put(folder, "\xB0\xEC");
    BOOST_TEST(!folder.open(name)->isKnownUtf8());
    folder.foundUtf8(name);
    BOOST_TEST(folder.open(name)->isKnownUtf8());
    BOOST_TEST(!folder.open(other)->isKnownUtf8());
    for (int i = 0; i < 64; ++i) folder.foundUtf8(std::to_string(i));
    BOOST_TEST(!folder.open(name)->isKnownUtf8());
}

BOOST_AUTO_TEST_CASE(gives_a_finished_body_back_and_rewinds_it) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const auto file = folder.create();
    file->write("first ");
    file->write(std::string(300, 'x'));
    BOOST_TEST(file->size() == 306U);
    BOOST_TEST(all(*file->source()).size() == 306U);
    const std::string bytes = "first " + std::string(300, 'x');
    const std::string name = file->finish(sha256(bytes));
    BOOST_TEST(name == toHex(sha256(bytes).bytes).substr(0, 2) + "/" + toHex(sha256(bytes).bytes));
    BOOST_TEST(all(*file->source()) == bytes);  // a page that is taken once more is read once more
    const auto source = folder.open(name);
    BOOST_TEST(all(*source) == bytes);
    BOOST_TEST(all(*source) == "");
    source->rewind();
    BOOST_TEST(all(*source) == bytes);
}

BOOST_AUTO_TEST_CASE(keeps_files_and_folders_to_itself) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const std::string name = put(folder, "a");
    struct stat status {};
    for (const std::string& path :
         std::vector<std::string>{"payload", "payload/spool", "payload/" + name.substr(0, 2)}) {
        BOOST_REQUIRE(::stat((place / path).c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 07777U) == 0700U, path);
    }
    BOOST_REQUIRE(::stat((place / ("payload/" + name)).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(keeps_nothing_of_a_body_that_was_not_finished) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    {
        const auto file = folder.create();
        file->write("half");
        BOOST_TEST(filesIn(folder.root()) == 1U);
    }
    BOOST_TEST(filesIn(folder.root()) == 0U);
}

BOOST_AUTO_TEST_CASE(keeps_one_file_for_the_same_bytes) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    BOOST_TEST(put(folder, "same") == put(folder, "same"));
    BOOST_TEST(filesIn(folder.root()) == 1U);
}

BOOST_AUTO_TEST_CASE(opens_nothing_but_bodies) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const std::string name = put(folder, "a");
    const std::string digits(64, 'a');
    const std::vector<std::string> bad_names = {"",
                                                "../secret",
                                                "aa/" + digits + "/",
                                                "aa/../" + digits.substr(3),
                                                "ab/" + digits,
                                                "AA/" + std::string(64, 'A'),
                                                "/etc/passwd",
                                                name + '\0'};
    for (const std::string& bad : bad_names) {
        BOOST_CHECK_EXCEPTION(folder.open(bad), Fault,
                              [](const Fault& fault) { return fault.code() == FaultCode::StoreCorrupt; });
        BOOST_TEST(!folder.contains(bad));
    }
    BOOST_TEST(folder.contains(name));
    BOOST_TEST(!folder.contains("aa/" + digits));
    BOOST_CHECK_EXCEPTION(folder.open("aa/" + digits), Fault,
                          [](const Fault& fault) { return fault.code() == FaultCode::FileUnavailable; });
}

BOOST_AUTO_TEST_CASE(removes_what_a_crash_left_and_keeps_what_a_row_names) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const std::string named = put(folder, "named");
    const std::string unnamed = put(folder, "unnamed");
    std::ofstream(folder.root() + "/spool/half") << "half";
    std::ofstream(folder.root() + "/not-ours") << "text";
    BOOST_TEST(folder.removeOrphans([&](const std::string& name) { return name == named; }) == 2U);
    BOOST_TEST(folder.contains(named));
    BOOST_TEST(!folder.contains(unnamed));
    BOOST_TEST(filesIn(folder.root()) == 2U);
}

BOOST_AUTO_TEST_CASE(copies_bodies_to_another_folder) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    PayloadFolder target(place / "copy");
    const std::string name = put(folder, "body");
    for (int again = 0; again < 2; ++again) BOOST_TEST(folder.copyTo(target).empty());
    BOOST_TEST(all(*target.open(name)) == "body");
    BOOST_TEST(filesIn(target.root()) == 1U);
    std::ofstream(folder.root() + "/" + name) << "BODY";  // a medium that damages one of them
    BOOST_TEST(all(*target.open(name)) == "body");
    BOOST_TEST(folder.copyTo(target) == std::vector<std::string>());  // what is there and whole stays
    BOOST_TEST(target.copyTo(folder).empty());
    BOOST_TEST(all(*folder.open(name)) == "body");
}

BOOST_AUTO_TEST_CASE(copies_nothing_that_is_damaged_and_says_so) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    PayloadFolder target(place / "copy");
    const std::string whole = put(folder, "whole"), name = put(folder, "body");
    std::ofstream(folder.root() + "/" + name) << "BODY";
    BOOST_TEST(folder.copyTo(target) == std::vector<std::string>{name}, boost::test_tools::per_element());
    BOOST_TEST(target.contains(whole));
    BOOST_TEST(!target.contains(name));
    BOOST_TEST(filesIn(target.root()) == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_bodies_that_are_removed_here) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    const std::string name = put(folder, "body");
    folder.keepIn(place / "kept");
    folder.keepIn(place / "kept");
    BOOST_TEST(folder.removeOrphans([](const std::string&) { return false; }) == 1U);
    BOOST_TEST(all(*PayloadFolder(place / "kept").open(name)) == "body");
}

BOOST_AUTO_TEST_CASE(copies_no_links) {
    const TemporaryFolder place;
    PayloadFolder folder(place / "payload");
    PayloadFolder target(place / "copy");
    const std::string name = put(folder, "body");
    std::ofstream(place / "secret") << "secret";
    const auto refused = [&] {
        BOOST_CHECK_EXCEPTION(folder.copyTo(target), Fault,
                              [](const Fault& fault) { return fault.code() == FaultCode::FileUnavailable; });
        BOOST_TEST(filesIn(target.root()) == 0U);
    };
    const std::filesystem::path file = folder.root() + "/" + name;
    std::filesystem::remove(file);
    std::filesystem::create_symlink(place / "secret", file);
    refused();
    const std::filesystem::path hidden = place / "elsewhere";
    std::filesystem::remove(file);
    std::filesystem::rename(file.parent_path(), hidden);
    std::ofstream(hidden / file.filename()) << "secret";
    std::filesystem::create_directory_symlink(hidden, file.parent_path());
    refused();
}

BOOST_AUTO_TEST_SUITE_END()

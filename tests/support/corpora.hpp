// tests/support/corpora.hpp - where third-party test suites lie, and what came of them. They are mounted by whoever has
// them, under $CASEWAY_CORPORA (else ../shared/corpora beside the tree), in folders that we do not lay out: a suite is
// every folder whose name bears its word; where none does, its files are looked for by what they hold. Nothing there: a
// skip that is told. A folder in which nothing is recognized: a failure.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/formats/text/lower_case.hpp"

namespace caseway::test {

class Corpus {
public:
    /// `word`: of the folder's name, in lower case.
    explicit Corpus(std::string_view word) : word_(word) {
        const char* const given = std::getenv("CASEWAY_CORPORA");
        const bool is_given = given != nullptr && *given != '\0';
        root_ =
            is_given ? std::filesystem::path(given) : std::filesystem::path(CASEWAY_SOURCE_DIR) / "../shared/corpora";
        if (!std::filesystem::is_directory(root_)) {
            BOOST_REQUIRE_MESSAGE(!is_given, "CASEWAY_CORPORA is no folder: " << root_);
            return;
        }
        walk(root_, isNamed(root_), 0);
    }

    /// The paths with this extension (".json", of any case), in order: of the suite's folders, or of all where there is
    /// none.
    std::vector<std::filesystem::path> files(std::string_view extension) const {
        std::vector<std::filesystem::path> found;
        for (const auto& file : folder_found_ ? named_ : others_)
            if (lowerCase(file.extension().string()) == extension) found.push_back(file);
        std::sort(found.begin(), found.end());
        return found;
    }

    static std::string contentOf(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// Ends the test: `what` was done with `cases`, or why there were none. `./check` shows these lines.
    void tell(std::size_t cases, std::string_view what) const {
        if (cases != 0) {
            std::cout << "corpus: " << word_ << ", " << cases << ' ' << what << '\n';
        } else if (folder_found_) {
            BOOST_ERROR("corpus " << word_ << ": its folder lies under " << root_
                                  << ", and no case in it is recognized");
        } else {
            std::cout << "skipped: 1 suite, " << word_ << ": not found under " << root_ << " (CASEWAY_CORPORA)\n";
        }
    }

private:
    bool isNamed(const std::filesystem::path& folder) const {
        return lowerCase(folder.filename().string()).find(word_) != std::string::npos;
    }
    void walk(const std::filesystem::path& folder, bool is_named, int depth) {
        constexpr int kDeepest = 12;  // a link may lead upwards
        folder_found_ = folder_found_ || is_named;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().filename() == ".git") continue;
            if (entry.is_directory() && depth < kDeepest)
                walk(entry.path(), is_named || isNamed(entry.path()), depth + 1);
            else if (entry.is_regular_file())
                (is_named ? named_ : others_).push_back(entry.path());
        }
    }

    std::string word_;
    std::filesystem::path root_;
    bool folder_found_ = false;
    std::vector<std::filesystem::path> named_, others_;
};

}  // namespace caseway::test

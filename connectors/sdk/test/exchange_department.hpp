// connectors/sdk/test/exchange_department.hpp - an exchange folder in a temporary one, and the department that works in
// it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/sdk/contract_suite.hpp"
#include "tests/support/temporary_folder.hpp"

namespace caseway::fixture {

inline std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// `keeps`: files stay in `out` after they were read, otherwise they go to `archive`.
class ExchangeDepartment final : public OtherSide {
public:
    explicit ExchangeDepartment(bool keeps = false) : keeps_(keeps) {
        for (const char* name : {"out", "archive", "error", "in"}) std::filesystem::create_directory(folder / name);
    }
    void put(const std::string& name, const std::string& content) {
        std::ofstream(folder / ("out/" + name), std::ios::binary) << content;
    }
    void fill(std::size_t records) override {
        for (const char* name : {"out", "archive", "error"})
            for (const auto& entry : std::filesystem::directory_iterator(folder / name))
                std::filesystem::remove_all(entry);
        for (std::size_t i = 0; i < records; ++i) add();
    }
    void add() override { putNumber(next_++); }
    bool change() override {
        if (next_ == 1) return false;
        put(nameOf(next_ - 1), "<changed to='something else'/>");
        return true;
    }
    bool removeUnread() override { return std::filesystem::remove(folder / ("out/" + nameOf(next_ - 1))); }
    std::string state() override {
        std::vector<std::string> lines;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
            if (entry.is_regular_file() && entry.path().extension() != ".log")
                lines.push_back(entry.path().string() + "=" + contentOf(entry.path()));
        std::sort(lines.begin(), lines.end());
        std::string all;
        for (const std::string& line : lines) all += line + "\n";
        return all;
    }
    std::vector<std::string> names(const std::string& place) const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(folder / place))
            names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    /// Members of settings; `more` begins with a comma.
    std::string members(const std::string& more = R"(,"min_age_seconds":0)") const {
        return R"("folder":")" + (folder / "out") + R"(","out_folder":")" + (folder / "in") + R"(")" +
               (keeps_ ? "" : R"(,"archive":")" + (folder / "archive") + R"(")") + more;
    }
    std::string settings(const std::string& more = R"(,"min_age_seconds":0)") const {
        return "{" + members(more) + "}";
    }
    TemporaryFolder folder;

private:
    static std::string nameOf(std::size_t number) {
        return "case-" + std::string(6 - std::to_string(number).size(), '0') + std::to_string(number) + ".xml";
    }
    void putNumber(std::size_t number) { put(nameOf(number), "<case number='" + std::to_string(number) + "'/>"); }
    bool keeps_;
    std::size_t next_ = 1;
};

/// What a page brought, by name.
struct TextSink final : PageSink {
    std::vector<std::pair<std::string, std::string>> files;
    void payload(const PayloadHead& head) override { files.emplace_back(head.name, ""); }
    void bytes(std::string_view piece) override { files.back().second += piece; }
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& file : files) names.push_back(file.first);
        return names;
    }
};

}  // namespace caseway::fixture

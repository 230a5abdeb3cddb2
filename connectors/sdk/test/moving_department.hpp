// connectors/sdk/test/moving_department.hpp - a set whose rows move while its pages are read, and who reads it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "connectors/sdk/record_columns.hpp"
#include "connectors/sdk/test/page_rules.hpp"

namespace caseway::fixture {

/// Rows in the order of their time, as services give them: one that is handled moves to the end.
struct Department {
    struct Row {
        int no;
        std::int64_t time;
    };
    std::vector<Row> rows{};
    std::int64_t now = kNow;
    std::size_t requests = 0;
    bool tells_total = true;
    bool signs_links = false;                            ///< each answer has another text in each record
    std::string link = "https://x/cases?size=10&page=";  ///< its place behind it: a page's number, an offset, a key
    std::function<void(std::size_t)> before_request = [](std::size_t) {};

    bool linksPages() const { return link.ends_with("page="); }
    std::string linkTo(std::size_t place, std::size_t size) const {
        return link + std::to_string(linksPages() ? place / size + 1 : place) + "&order=time";
    }
    std::size_t placeIn(const std::string& given, std::size_t size) const {
        if (given.empty()) return 0;
        const std::size_t number = std::stoul(given.substr(link.size()));
        return linksPages() ? (number - 1) * size : number;
    }
    void fill(int count) {
        for (int no = 1; no <= count; ++no) rows.push_back({no, kNow - 3'600'000 + no * 1000});
    }
    void handle(int no) {
        remove(no);
        rows.push_back({no, ++now});
    }
    void remove(int no) {
        std::erase_if(rows, [&](const Row& row) { return row.no == no; });
    }
    std::string columnsOf(const std::vector<Row>& chosen, std::size_t begin, std::size_t end) const {
        RecordColumns columns;
        for (std::size_t at = begin; at < end; ++at) {
            columns.add("no", std::to_string(chosen[at].no));
            columns.add("name", "name of " + std::to_string(chosen[at].no));
            columns.add("time", std::to_string(chosen[at].time));
            columns.add("link", std::to_string(at) + (signs_links ? "?" + std::to_string(requests) : ""));
            columns.endRecord();
        }
        return columns.digests();
    }
    AnswerFacts answer(const PageRules& rules, const PageQuestion& question) {
        before_request(++requests);
        const std::int64_t since = question.since.empty() ? 0 : std::stoll(question.since);
        std::vector<Row> chosen;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(chosen),
                     [&](const Row& row) { return row.time >= since; });
        const bool by_link = rules.style == PageStyle::Link;
        std::size_t begin = by_link ? placeIn(question.link, rules.size) : std::stoul(question.position);
        if (rules.style == PageStyle::Page) begin = (begin - 1) * rules.size;
        AnswerFacts facts;
        if (by_link && begin + rules.size < chosen.size()) facts.next = linkTo(begin + rules.size, rules.size);
        if (tells_total) facts.total = chosen.size();
        for (std::size_t at = begin; at < std::min(chosen.size(), begin + rules.size); ++at) {
            facts.marks.push_back(std::to_string(chosen[at].no) + "/" + std::to_string(chosen[at].time) +
                                  (signs_links ? "?" + std::to_string(requests) : ""));
            facts.times.push_back(std::to_string(chosen[at].time));
            facts.digest += facts.marks.back() + " ";
        }
        facts.records = facts.marks.size();
        facts.columns = columnsOf(chosen, begin, begin + facts.records);
        if (!rules.has_since) facts.times.clear();
        return facts;
    }
};

struct Shape {
    PageStyle style;
    bool tells_total, sorted;
};
inline std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    return out << (shape.style == PageStyle::Page ? "page" : "offset") << (shape.tells_total ? " total" : "")
               << (shape.sorted ? " sorted" : "");
}
/// What a connector does with a walk, page after page, and a run with a pass that ended early.
struct Reader {
    Department department;
    PageRules rules;
    Cursor cursor{};
    std::set<int> read{};
    std::size_t given = 0;
    unsigned passes = 0;  ///< that ended, also early
    std::string withheld{};
    PageLimits limits{};

    explicit Reader(const Shape& shape) {
        rules.style = shape.style;
        rules.size = 10;
        rules.has_since = true;
        rules.sorted = shape.sorted;
        rules.form = TimeText::make("epoch_ms", "+00:00");
        department.tells_total = shape.tells_total;
    }
    PageEnd page(bool is_taken_up = false) {
        PageWalk walk(rules, cursor, limits, is_taken_up);
        const AnswerFacts facts = department.answer(rules, walk.question());
        if (const auto before = walk.questionBefore(facts))
            while (walk.lookBack(department.answer(rules, *before), facts)) continue;
        const PageEnd end = walk.take(facts, department.now, "here");
        if (end.records != 0)
            for (const std::string& mark : facts.marks) read.insert(std::stoi(mark));
        given += end.records;
        cursor = end.next;
        withheld = end.withheld;
        return end;
    }
    /// False: rows moved in both passes.
    bool run(bool is_taken_up = false) {
        for (passes = 0; passes < 2;) {
            const PageEnd end = page(std::exchange(is_taken_up, false));
            passes += end.last;
            if (end.last && end.ended_early.empty()) return true;
        }
        return false;
    }
    /// What a reconciliation does: one pass to its end. False where it may count nothing as gone.
    bool reconcile() {
        rules.has_since = false;
        limits.judges_absence = true;
        while (!page().last) continue;
        return withheld.empty();
    }
    bool hasAll() const {
        return std::all_of(department.rows.begin(), department.rows.end(),
                           [&](const auto& row) { return read.count(row.no) != 0; });
    }
};

}  // namespace caseway::fixture

// gateway/formats/jsonpath/evaluator.hpp - one evaluation of one query: nodes in order, work and recursion bounded.
// Private to this folder. Source: RFC 9535 §2.1.2, §2.3.5.2, §2.5.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/jsonpath/query.hpp"

namespace caseway {

class PathEvaluator {
public:
    PathEvaluator(const JsonValue& root, std::size_t most_steps) : root_(root), steps_left_(most_steps) {}

    /// `query` from `from`; its filters may look at the root. False if the bounds ended it before the nodelist was
    /// whole.
    bool run(const PathQuery& query, const JsonValue& from, std::vector<const JsonValue*>& nodes);
    std::size_t stepsLeft() const { return steps_left_; }

private:
    /// Where nodes go: kept, counted, or only the first one looked at.
    struct Sink {
        std::vector<const JsonValue*>* kept = nullptr;
        std::size_t most = 0;
        std::size_t count = 0;
        const JsonValue* first = nullptr;
    };
    /// The value of a comparand or argument, or nothing. Not copied: `value` may view `digits`.
    struct Operand {
        bool is_nothing = true;
        JsonValue value;
        std::array<char, 24> digits{};

        Operand() = default;
        Operand(const Operand&) = delete;
        Operand& operator=(const Operand&) = delete;
        void set(const JsonValue& v) {
            is_nothing = false;
            value = v;
        }
        void set(std::size_t number);
    };
    /// A place on a query's way: the segment to apply next.
    struct Way {
        const PathQuery& query;
        std::size_t segment;
    };

    // Each returns false to end the walk: the sink is full or a bound is reached.
    bool go(Way way, const JsonValue& node, Sink& sink);
    bool select(Way way, const JsonValue& node, Sink& sink);
    bool selectOne(Way way, const PathSelector& selector, const JsonValue& node, Sink& sink);
    bool selectSlice(Way way, const PathSelector& selector, const JsonValue& node, Sink& sink);
    bool descend(Way way, const JsonValue& node, Sink& sink);
    void walk(const PathQuery& query, const JsonValue& current, Sink& sink);

    bool test(const PathExpr& expr, const JsonValue& current);
    bool compare(const PathExpr& expr, const JsonValue& current);
    bool matches(const PathExpr& call, const JsonValue& current);
    void value(const PathExpr& expr, const JsonValue& current, Operand& out);
    void callValue(const PathExpr& call, const JsonValue& current, Operand& out);
    const IRegexp* dynamicPattern(std::string_view pattern);

    bool spend(std::size_t steps) {
        if (steps > steps_left_) {
            steps_left_ = 0;
            exceeded_ = true;
        } else {
            steps_left_ -= steps;
        }
        return !exceeded_;
    }

    const JsonValue& root_;
    std::size_t steps_left_;
    std::size_t depth_ = 0;
    bool exceeded_ = false;
    std::string last_pattern_;
    std::unique_ptr<IRegexp> last_regexp_;
    bool has_pattern_ = false;
};

}  // namespace caseway

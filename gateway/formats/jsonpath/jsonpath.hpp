// gateway/formats/jsonpath/jsonpath.hpp - RFC 9535 JSONPath, all of it: compiled once, evaluated over JsonValue trees.
// Regular expressions of match() and search(): RFC 9485 on RE2, linear in time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Why a query is not valid, with the place (0-based byte) where it breaks.
struct JsonPathError {
    std::size_t at = 0;
    std::string rule;
};

/// A step of a query that is only names, indexes and wildcards: the part of the language that can be streamed.
struct SimpleStep {
    enum class Kind { Name, Index, Wildcard } kind = Kind::Name;
    std::string name;
    std::int64_t index = 0;
};

class JsonPath {
public:
    /// Well-formed and valid (RFC 9535 §2.1), or an error.
    static Result<JsonPath, JsonPathError> compile(std::string_view query);
    JsonPath(JsonPath&&) noexcept;
    JsonPath& operator=(JsonPath&&) noexcept;
    ~JsonPath();

    /// Appends the nodelist, in the order of RFC 9535, to `nodes`. `root` is `$`. Callable concurrently.
    /// Work is bounded by `most_steps` visited values, recursion by 3000 levels of tree, segments and filters together:
    /// false if either is exceeded (a refusal of the caller); `nodes` then holds a part.
    bool evaluate(const JsonValue& root, std::vector<const JsonValue*>& nodes,
                  std::size_t most_steps = 10'000'000) const;
    /// The same, with a budget of the caller's, from which it takes what it used. The query begins at `from`; `$` in
    /// its filters is `root`, of which `from` is a part.
    bool evaluateWithin(const JsonValue& root, const JsonValue& from, std::vector<const JsonValue*>& nodes,
                        std::uint64_t& steps_left) const;
    /// Some filter, or a filter in it, has a query that begins with `$`.
    bool filtersAskRoot() const;
    /// Costly by construction: some filter searches the whole document, or a subtree with a filter of its own, for
    /// every node that it looks at.
    bool searchesInFilters() const;
    /// The first pattern of match() or search() that is a literal and no I-Regexp (RFC 9485), so that it never matches.
    std::optional<std::string> brokenPattern() const;
    /// An I-Regexp by its grammar: one that is broken all the same is too large.
    static bool isPattern(std::string_view pattern);
    /// A singular or wildcard-only path without negative indexes, slices, descendants, filters; nothing otherwise.
    std::optional<std::vector<SimpleStep>> simpleSteps() const;

private:
    struct Query;
    explicit JsonPath(std::unique_ptr<Query> query);
    std::unique_ptr<Query> query_;
};

}  // namespace caseway

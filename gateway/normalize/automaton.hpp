// gateway/normalize/automaton.hpp - the simple paths of a mapping as one deterministic automaton over nesting: one
// table look-up per element or value, whatever the number of fields. Built once when the mapping loads; knows neither
// XML nor JSON.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace caseway {

struct PathStep {
    enum class Test : std::uint8_t { Name, Any, Index, Element, Member } test = Test::Name;
    std::string uri;  ///< XML: namespace of the name
    std::string name;
    std::uint32_t index = 0;  ///< JSON: element of an array, 0-based; Element is any of them, Member any of an object
    std::uint32_t position = 0;  ///< XML: `[n]` among the siblings that the test matches; 0: none
    bool operator==(const PathStep&) const = default;
};

/// What happens where a path ends. Order of the kinds: a record starts before its items, its items before their values.
struct Action {
    enum class Kind : std::uint8_t {
        StartRecord,
        StartItem,
        Capture,
        CaptureAttribute,
        CaptureText
    } kind = Kind::Capture;
    bool takes_all = false;         ///< every node, not only the first
    bool of_object = false;         ///< JSON: only where the node is an object
    bool takes_value = false;       ///< JSON: or where it is a text, number or truth value, which is noted of an item
    bool rest = false;              ///< StartRecord: only where no other kind starts one
    std::uint16_t record_kind = 0;  ///< index of the kind of record
    std::int16_t list = -1;         ///< index of the list; -1: a value of the record itself
    std::uint16_t slot = 0;         ///< within the record or the item
    std::uint16_t depth = 0;        ///< levels below the record's own
    std::uint32_t attribute = 0;    ///< symbol of the attribute
};

/// Names and indexes as small numbers.
class Symbols {
public:
    static constexpr std::uint32_t kOtherName = 0;
    static constexpr std::uint32_t kOtherIndex = 1;
    static constexpr std::uint32_t kFirst = 2;

    std::uint32_t ofName(const std::string& uri, const std::string& name);
    std::uint32_t ofIndex(std::uint32_t index);
    std::uint32_t count() const { return kFirst + static_cast<std::uint32_t>(entries_.size()); }

    struct Entry {
        bool is_index = false;
        std::uint32_t index = 0;
        std::string uri;
        std::string name;
    };
    const std::vector<Entry>& entries() const { return entries_; }

private:
    std::uint32_t of(Entry entry);
    std::vector<Entry> entries_;
};

class Automaton {
public:
    static constexpr std::uint32_t kDead = 0;  ///< nothing below matches anything

    struct State {
        std::vector<Action> actions;
        std::uint32_t counters = 0;  ///< how many sibling counters an element in this state needs
        bool has_attributes = false;
        bool values_only = false;  ///< no action but Capture
        bool has_texts = false;    ///< some action is CaptureText
        bool takes_first = false;  ///< its one action is the Capture of the first node
    };

    /// A node of the paths: begin at root(), follow() steps, then act().
    using Node = std::uint32_t;
    Automaton();
    Node root() const { return 0; }
    Node rootAnywhere();
    Node follow(Node from, const PathStep& step);
    void act(Node at, const Action& action);
    /// Makes the tables. False: too many states (paths with too many `*` or positions).
    bool build();

    std::uint32_t first() const { return first_; }
    const State& state(std::uint32_t id) const { return states_[id]; }
    /// The state of a child. `counters`: of the parent's element, state(parent).counters numbers, all 0 at its start.
    std::uint32_t next(std::uint32_t parent, std::uint32_t symbol, std::uint32_t* counters) const {
        const std::int32_t target = table_[parent * symbol_count_ + symbol];
        return target >= 0 ? static_cast<std::uint32_t>(target)
                           : counted(static_cast<std::size_t>(-target - 1), counters);
    }
    /// Whether a child of this name comes elsewhere than one of a name that no path has.
    bool looksFor(std::uint32_t parent, std::uint32_t symbol) const {
        return table_[parent * symbol_count_ + symbol] != table_[parent * symbol_count_ + Symbols::kOtherName];
    }
    /// The states of the children of a state without counters, by symbol.
    const std::int32_t* row(std::uint32_t parent) const { return table_.data() + parent * symbol_count_; }
    Symbols symbols;

private:
    struct Edge {
        PathStep step;
        std::uint32_t symbol = 0;
        Node target = 0;
    };
    struct PathNode {
        std::vector<Edge> edges;
        std::vector<Action> actions;
        bool stays = false;  ///< also active for every descendant (`//`)
    };
    /// A transition that depends on positions: which counters to advance, and the state for each set of positions
    /// reached.
    struct Group {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> counted;  ///< counter, position
        std::vector<std::uint32_t> targets;                            ///< by bit set
    };
    using Set = std::vector<Node>;

    std::uint32_t counted(std::size_t group, std::uint32_t* counters) const;
    std::uint32_t stateOf(Set set);
    bool fillRow(std::uint32_t state);
    bool matches(const Edge& edge, std::uint32_t symbol) const;
    bool addGroup(std::uint32_t state, std::uint32_t symbol, const Set& base,
                  const std::vector<std::pair<std::uint32_t, const Edge*>>& counted);

    std::vector<PathNode> nodes_;
    Node anywhere_ = 0;
    std::vector<State> states_;
    std::vector<Set> sets_;
    std::map<Set, std::uint32_t> ids_;
    std::vector<std::int32_t> table_;
    std::vector<Group> groups_;
    std::uint32_t symbol_count_ = 0;
    std::uint32_t first_ = 0;
};

}  // namespace caseway

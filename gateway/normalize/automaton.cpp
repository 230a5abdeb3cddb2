// gateway/normalize/automaton.cpp - subset construction, done whole when the mapping loads.
#include "gateway/normalize/automaton.hpp"

#include <algorithm>

namespace caseway {
namespace {

constexpr std::size_t kMostStates = 4000;
constexpr std::size_t kMostCells = 4'000'000;
constexpr std::size_t kMostCounted = 4;

void normalize(std::vector<std::uint32_t>& set) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
}

}  // namespace

std::uint32_t Symbols::of(Entry entry) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& known = entries_[i];
        if (known.is_index == entry.is_index && known.index == entry.index && known.uri == entry.uri &&
            known.name == entry.name) {
            return kFirst + static_cast<std::uint32_t>(i);
        }
    }
    entries_.push_back(std::move(entry));
    return count() - 1;
}
std::uint32_t Symbols::ofName(const std::string& uri, const std::string& name) {
    return of({false, 0, uri, name});
}
std::uint32_t Symbols::ofIndex(std::uint32_t index) {
    return of({true, index, {}, {}});
}

Automaton::Automaton() : nodes_(1) {}

Automaton::Node Automaton::rootAnywhere() {
    if (anywhere_ == 0) {
        anywhere_ = static_cast<Node>(nodes_.size());
        nodes_.emplace_back();
        nodes_.back().stays = true;
    }
    return anywhere_;
}

Automaton::Node Automaton::follow(Node from, const PathStep& step) {
    for (const Edge& edge : nodes_[from].edges) {
        if (edge.step == step) return edge.target;
    }
    Edge edge{step, 0, static_cast<Node>(nodes_.size())};
    if (step.test == PathStep::Test::Name) edge.symbol = symbols.ofName(step.uri, step.name);
    if (step.test == PathStep::Test::Index) edge.symbol = symbols.ofIndex(step.index);
    nodes_[from].edges.push_back(std::move(edge));
    nodes_.emplace_back();
    return nodes_[from].edges.back().target;
}

void Automaton::act(Node at, const Action& action) {
    nodes_[at].actions.push_back(action);
}

bool Automaton::matches(const Edge& edge, std::uint32_t symbol) const {
    const bool is_index = symbol == Symbols::kOtherIndex ||
                          (symbol >= Symbols::kFirst && symbols.entries()[symbol - Symbols::kFirst].is_index);
    if (edge.step.test == PathStep::Test::Element) return is_index;
    if (edge.step.test == PathStep::Test::Member) return !is_index;
    return edge.step.test == PathStep::Test::Any || edge.symbol == symbol;
}

std::uint32_t Automaton::stateOf(Set set) {
    normalize(set);
    const auto [at, fresh] = ids_.emplace(set, static_cast<std::uint32_t>(states_.size()));
    if (!fresh) return at->second;
    State state;
    for (const Node node : set) {
        const PathNode& one = nodes_[node];
        state.actions.insert(state.actions.end(), one.actions.begin(), one.actions.end());
        for (const Edge& edge : one.edges) state.counters += edge.step.position != 0 ? 1 : 0;
    }
    const auto startsKind = [](const Action& one) { return one.kind == Action::Kind::StartRecord && !one.rest; };
    if (std::any_of(state.actions.begin(), state.actions.end(), startsKind))
        std::erase_if(state.actions, [](const Action& one) { return one.rest; });
    // Records end in the reverse order, so of several kinds at one node the first one is handed over first.
    std::stable_sort(state.actions.begin(), state.actions.end(), [](const Action& a, const Action& b) {
        if (a.kind != b.kind) return a.kind < b.kind;
        return a.kind == Action::Kind::StartRecord && a.record_kind > b.record_kind;
    });
    for (const Action& action : state.actions) {
        state.has_attributes = state.has_attributes || action.kind == Action::Kind::CaptureAttribute;
        state.has_texts = state.has_texts || action.kind == Action::Kind::CaptureText;
    }
    state.values_only = std::all_of(state.actions.begin(), state.actions.end(),
                                    [](const Action& one) { return one.kind == Action::Kind::Capture; });
    state.takes_first = state.values_only && state.actions.size() == 1 && !state.actions.front().takes_all;
    states_.push_back(std::move(state));
    sets_.push_back(std::move(set));
    return at->second;
}

bool Automaton::addGroup(std::uint32_t state, std::uint32_t symbol, const Set& base,
                         const std::vector<std::pair<std::uint32_t, const Edge*>>& counted) {
    if (counted.size() > kMostCounted) return false;
    Group group;
    for (const auto& [counter, edge] : counted) group.counted.emplace_back(counter, edge->step.position);
    for (std::uint32_t bits = 0; bits < (1U << counted.size()); ++bits) {
        Set target = base;
        for (std::size_t i = 0; i < counted.size(); ++i) {
            if ((bits >> i & 1) != 0) target.push_back(counted[i].second->target);
        }
        group.targets.push_back(stateOf(std::move(target)));
    }
    groups_.push_back(std::move(group));
    table_[state * symbol_count_ + symbol] = -static_cast<std::int32_t>(groups_.size());
    return true;
}

bool Automaton::fillRow(std::uint32_t state) {
    const Set set = sets_[state];
    table_.resize((state + 1) * symbol_count_, 0);
    for (std::uint32_t symbol = 0; symbol < symbol_count_; ++symbol) {
        Set base;
        std::vector<std::pair<std::uint32_t, const Edge*>> counted;
        std::uint32_t counter = 0;
        for (const Node node : set) {
            if (nodes_[node].stays) base.push_back(node);
            for (const Edge& edge : nodes_[node].edges) {
                const bool match = matches(edge, symbol);
                if (edge.step.position != 0) {
                    if (match) counted.emplace_back(counter, &edge);
                    ++counter;
                } else if (match) {
                    base.push_back(edge.target);
                }
            }
        }
        if (!counted.empty()) {
            if (!addGroup(state, symbol, base, counted)) return false;
        } else {
            table_[state * symbol_count_ + symbol] = static_cast<std::int32_t>(stateOf(std::move(base)));
        }
    }
    return true;
}

bool Automaton::build() {
    symbol_count_ = symbols.count();
    stateOf({});
    Set start{root()};
    if (anywhere_ != 0) start.push_back(anywhere_);
    first_ = stateOf(std::move(start));
    for (std::uint32_t state = 0; state < states_.size(); ++state) {
        if (states_.size() > kMostStates || states_.size() * symbol_count_ > kMostCells || !fillRow(state))
            return false;
    }
    sets_.clear();
    ids_.clear();
    return true;
}

std::uint32_t Automaton::counted(std::size_t group, std::uint32_t* counters) const {
    const Group& one = groups_[group];
    std::size_t bits = 0;
    for (std::size_t i = 0; i < one.counted.size(); ++i) {
        if (++counters[one.counted[i].first] == one.counted[i].second) bits |= std::size_t{1} << i;
    }
    return one.targets[bits];
}

}  // namespace caseway

// gateway/formats/jsonpath/evaluator.cpp - segments and selectors over a tree. Depth first: the order is that of the
// standard's nodelists.
#include "gateway/formats/jsonpath/evaluator.hpp"

#include <algorithm>
#include <limits>

namespace caseway {

namespace {

constexpr std::size_t kMostDepth =
    3000;  ///< calls within calls: the tree's depth, the segments and the filters together
constexpr std::size_t kMembersPerStep = 16;  ///< names compared for one step's worth of work

const JsonValue& childOf(const JsonValue& node, std::uint32_t i) {
    return node.type == JsonValue::Type::Object ? node.members[i].value : node.items[i];
}

}  // namespace

bool PathEvaluator::run(const PathQuery& query, const JsonValue& from, std::vector<const JsonValue*>& nodes) {
    Sink sink{.kept = &nodes, .most = std::numeric_limits<std::size_t>::max()};
    go({query, 0}, from, sink);
    return !exceeded_;
}

void PathEvaluator::walk(const PathQuery& query, const JsonValue& current, Sink& sink) {
    go({query, 0}, query.absolute ? root_ : current, sink);
}

bool PathEvaluator::go(Way way, const JsonValue& node, Sink& sink) {
    if (!spend(1)) return false;
    if (way.segment == way.query.segments.size()) {
        if (sink.count++ == 0) sink.first = &node;
        if (sink.kept != nullptr) sink.kept->push_back(&node);
        return sink.count < sink.most;
    }
    if (depth_ >= kMostDepth) {
        exceeded_ = true;
        return false;
    }
    ++depth_;
    const bool on = way.query.segments[way.segment].descendant ? descend(way, node, sink) : select(way, node, sink);
    --depth_;
    return on;
}

bool PathEvaluator::descend(Way way, const JsonValue& node, Sink& sink) {
    if (!spend(1)) return false;
    if (depth_ >= kMostDepth) {
        exceeded_ = true;
        return false;
    }
    if (!select(way, node, sink)) return false;
    ++depth_;
    bool on = true;
    for (std::uint32_t i = 0; on && i < node.count; ++i) {
        const JsonValue& child = childOf(node, i);
        on = spend(1) && (child.count == 0 || descend(way, child, sink));
    }
    --depth_;
    return on;
}

bool PathEvaluator::select(Way way, const JsonValue& node, Sink& sink) {
    for (const PathSelector& selector : way.query.segments[way.segment].selectors) {
        if (!selectOne(way, selector, node, sink)) return false;
    }
    return true;
}

bool PathEvaluator::selectOne(Way way, const PathSelector& selector, const JsonValue& node, Sink& sink) {
    const Way next{way.query, way.segment + 1};
    switch (selector.kind) {
        case PathSelector::Kind::Name: {
            if (node.type != JsonValue::Type::Object) return true;
            const JsonValue* child = node.find(selector.name);
            if (!spend(node.count / kMembersPerStep)) return false;
            return child == nullptr || go(next, *child, sink);
        }
        case PathSelector::Kind::Index: {
            if (node.type != JsonValue::Type::Array) return true;
            const std::int64_t index = selector.index < 0 ? selector.index + node.count : selector.index;
            return index < 0 || index >= node.count || go(next, node.items[index], sink);
        }
        case PathSelector::Kind::Slice:
            return selectSlice(way, selector, node, sink);
        default:
            break;
    }
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const JsonValue& child = childOf(node, i);
        const bool taken = selector.kind == PathSelector::Kind::Wildcard || (spend(1) && test(*selector.filter, child));
        if (exceeded_ || (taken && !go(next, child, sink))) return false;
    }
    return true;
}

bool PathEvaluator::selectSlice(Way way, const PathSelector& selector, const JsonValue& node, Sink& sink) {
    if (node.type != JsonValue::Type::Array || selector.step == 0) return true;
    const std::int64_t length = node.count;
    const bool up = selector.step > 0;
    const auto bound = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
        if (!given) return otherwise;
        const std::int64_t place = *given < 0 ? *given + length : *given;
        return up ? std::clamp<std::int64_t>(place, 0, length) : std::clamp<std::int64_t>(place, -1, length - 1);
    };
    const std::int64_t start = bound(selector.start, up ? 0 : length - 1);
    const std::int64_t end = bound(selector.end, up ? length : -1);
    const Way next{way.query, way.segment + 1};
    for (std::int64_t i = start; up ? i < end : i > end; i += selector.step) {
        if (!go(next, node.items[i], sink)) return false;
    }
    return true;
}

}  // namespace caseway

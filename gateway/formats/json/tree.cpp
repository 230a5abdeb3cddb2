// gateway/formats/json/tree.cpp - the memory of a JSON tree and how events become values in it.
// Children are gathered on a stack while their container is open and copied, contiguous, into the tree when it ends.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "gateway/base/check.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

namespace {
constexpr std::size_t kBlockBytes = 32 * 1024;
static_assert(std::is_trivially_destructible_v<JsonValue::Member> && std::is_trivially_copyable_v<JsonValue::Member>);
}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
    if (type != Type::Object) return nullptr;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (members[i].name == name) return &members[i].value;
    }
    return nullptr;
}

void JsonTree::clear() {
    block_ = 0;
    used_ = 0;
    bytes_ = 0;
    root_ = nullptr;
}

void* JsonTree::take(std::size_t bytes, std::size_t alignment) {
    bytes_ += bytes;
    if (block_ < blocks_.size()) {
        const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
        if (start <= blocks_[block_].size && bytes <= blocks_[block_].size - start) {
            used_ = start + bytes;
            return blocks_[block_].bytes.get() + start;
        }
    }
    return takeFromNextBlock(bytes);
}

void* JsonTree::takeFromNextBlock(std::size_t bytes) {
    if (block_ < blocks_.size() && used_ != 0) ++block_;
    while (block_ < blocks_.size() && blocks_[block_].size < bytes) ++block_;
    if (block_ == blocks_.size()) {
        const std::size_t size = std::max(bytes, kBlockBytes);
        blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    }
    used_ = bytes;
    return blocks_[block_].bytes.get();
}

JsonTreeBuilder::JsonTreeBuilder(JsonTree& tree, std::size_t most_bytes) : tree_(tree), most_bytes_(most_bytes) {
    begin();
}

void JsonTreeBuilder::begin() {
    tree_.clear();
    too_large_ = false;
    pending_.clear();
    open_.clear();
    names_.clear();
    name_ = {};
}

void PendingMembers::push(const JsonValue::Member& one) {
    if (size_ == blocks_.size() * kInBlock)
        blocks_.push_back(std::make_unique_for_overwrite<JsonValue::Member[]>(kInBlock));
    blocks_[size_ / kInBlock][size_ % kInBlock] = one;
    most_ = std::max(most_, ++size_);
}

bool JsonTreeBuilder::hasRoom(std::size_t bytes) {
    if (!too_large_ && bytes <= most_bytes_ && tree_.bytes_ + pending_.bytes() <= most_bytes_ - bytes) return true;
    too_large_ = true;
    return false;
}

std::string_view JsonTreeBuilder::keep(std::string_view text) {
    if (text.empty()) return {};
    char* copy = static_cast<char*>(tree_.take(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

bool JsonTreeBuilder::add(const JsonValue& value) {
    if (!hasRoom(sizeof(JsonValue::Member))) return false;
    if (!open_.empty()) {
        pending_.push({name_, value});
        name_ = {};
        return true;
    }
    CASEWAY_CHECK(tree_.root_ == nullptr);
    tree_.root_ = new (tree_.take(sizeof(JsonValue), alignof(JsonValue))) JsonValue(value);
    return true;
}

bool JsonTreeBuilder::open() {
    if (!hasRoom(sizeof(JsonValue::Member))) return false;
    open_.push_back(pending_.size());
    names_.push_back(name_);
    name_ = {};
    return true;
}

bool JsonTreeBuilder::startObject() {
    return open();
}
bool JsonTreeBuilder::startArray() {
    return open();
}

bool JsonTreeBuilder::endObject() {
    if (too_large_) return false;
    CASEWAY_CHECK(!open_.empty());
    JsonValue object{.type = JsonValue::Type::Object};
    object.count = static_cast<std::uint32_t>(pending_.size() - open_.back());
    if (!hasRoom(object.count * sizeof(JsonValue::Member))) return false;
    if (object.count != 0) {
        auto* members = static_cast<JsonValue::Member*>(
            tree_.take(object.count * sizeof(JsonValue::Member), alignof(JsonValue::Member)));
        for (std::uint32_t i = 0; i < object.count; ++i)
            new (members + i) JsonValue::Member(pending_[open_.back() + i]);
        object.members = members;
    }
    return close(object);
}

bool JsonTreeBuilder::endArray() {
    if (too_large_) return false;
    CASEWAY_CHECK(!open_.empty());
    JsonValue array{.type = JsonValue::Type::Array};
    array.count = static_cast<std::uint32_t>(pending_.size() - open_.back());
    if (!hasRoom(array.count * sizeof(JsonValue))) return false;
    if (array.count != 0) {
        auto* items = static_cast<JsonValue*>(tree_.take(array.count * sizeof(JsonValue), alignof(JsonValue)));
        for (std::uint32_t i = 0; i < array.count; ++i) new (items + i) JsonValue(pending_[open_.back() + i].value);
        array.items = items;
    }
    return close(array);
}

/// The container that was open becomes a value of its parent.
bool JsonTreeBuilder::close(JsonValue container) {
    pending_.cutTo(open_.back());
    open_.pop_back();
    name_ = names_.back();
    names_.pop_back();
    return add(container);
}

bool JsonTreeBuilder::key(std::string_view name) {
    if (!hasRoom(name.size())) return false;
    name_ = keep(name);
    return true;
}

bool JsonTreeBuilder::text(std::string_view value) {
    if (!hasRoom(value.size())) return false;
    return add({.type = JsonValue::Type::String, .text = keep(value)});
}

bool JsonTreeBuilder::number(std::string_view literal) {
    if (!hasRoom(literal.size())) return false;
    return add({.type = JsonValue::Type::Number, .text = keep(literal)});
}

bool JsonTreeBuilder::boolean(bool value) {
    return add({.type = value ? JsonValue::Type::True : JsonValue::Type::False});
}

bool JsonTreeBuilder::null() {
    return add({});
}

}  // namespace caseway

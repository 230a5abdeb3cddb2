// gateway/formats/json/document.hpp - JSON as a tree of plain values, for subtrees that JSONPath must walk and for
// small documents. Numbers keep their text. Member order is kept. Source: RFC 8259; canonical form: RFC 8785.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/formats/json/reader.hpp"

namespace caseway {

/// A JSON value inside a JsonTree. Children are contiguous views; texts are views into the tree's own bytes.
struct JsonValue {
    enum class Type : std::uint8_t { Null, False, True, Number, String, Array, Object };
    struct Member;
    Type type = Type::Null;
    std::uint32_t count = 0;           ///< of items or members; here it takes no bytes of its own
    std::string_view text{};           ///< String: unescaped UTF-8. Number: as written.
    const JsonValue* items = nullptr;  ///< Array
    const Member* members = nullptr;   ///< Object

    const JsonValue* find(std::string_view name) const;  ///< member of an object; nullptr where none
};
struct JsonValue::Member {
    std::string_view name;
    JsonValue value;
};

/// Owns the values and texts of one document or subtree; clear() keeps the memory. Moving it keeps every view valid.
class JsonTree {
public:
    /// The whole value, once a builder has seen its end; nullptr before. Valid until clear().
    const JsonValue* root() const { return root_; }
    /// Bytes that the values and texts take.
    std::size_t bytes() const { return bytes_; }
    void clear();

private:
    friend class JsonTreeBuilder;
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    void* take(std::size_t bytes, std::size_t alignment);
    void* takeFromNextBlock(std::size_t bytes);

    std::vector<Block> blocks_;
    std::size_t block_ = 0;  ///< the one being filled
    std::size_t used_ = 0;   ///< of that block
    std::size_t bytes_ = 0;
    const JsonValue* root_ = nullptr;
};

/// The children of the containers that are open, outermost first. They stay where they are: a list of millions is
/// never copied to grow.
class PendingMembers {
public:
    std::size_t size() const { return size_; }
    /// What they take; more than now, where there were more of them since clear().
    std::size_t bytes() const { return most_ * sizeof(JsonValue::Member); }
    void clear() { size_ = most_ = 0; }
    void cutTo(std::size_t size) { size_ = size; }
    const JsonValue::Member& operator[](std::size_t at) const { return blocks_[at / kInBlock][at % kInBlock]; }
    void push(const JsonValue::Member& one);

private:
    static constexpr std::size_t kInBlock = 256;
    std::vector<std::unique_ptr<JsonValue::Member[]>> blocks_;
    std::size_t size_ = 0;
    std::size_t most_ = 0;
};

/// Builds a tree out of reader events, so that a streaming pass can keep one record's subtree: begin(), then forward
/// the events of the subtree until complete(). The tree must outlive the builder's use; the builder keeps its memory
/// from one subtree to the next.
class JsonTreeBuilder final : public JsonHandler {
public:
    /// `most_bytes`: of values and texts, and of what is needed while it is built; beyond it each event returns false
    /// and does nothing, tooLarge() says why, and the value is never complete.
    explicit JsonTreeBuilder(JsonTree& tree, std::size_t most_bytes = std::numeric_limits<std::size_t>::max());
    /// Clears the tree and waits for the first event of a value.
    void begin();
    bool complete() const { return tree_.root_ != nullptr; }
    bool tooLarge() const { return too_large_; }

    bool startObject() override;
    bool key(std::string_view name) override;
    bool endObject() override;
    bool startArray() override;
    bool endArray() override;
    bool text(std::string_view value) override;
    bool number(std::string_view literal) override;
    bool boolean(bool value) override;
    bool null() override;

private:
    bool add(const JsonValue& value);
    bool open();
    std::string_view keep(std::string_view text);
    bool hasRoom(std::size_t bytes);
    bool close(JsonValue container);

    JsonTree& tree_;
    std::size_t most_bytes_;
    bool too_large_ = false;
    PendingMembers pending_;
    std::vector<std::size_t> open_;        ///< where in pending_ each open container's children start
    std::vector<std::string_view> names_;  ///< of each open container: the name it has in its parent
    std::string_view name_;                ///< of the next value
};

/// Parses a whole document into `tree` (cleared first); the value lives as long as the tree is not cleared.
Result<const JsonValue*> parseJson(std::string_view json, const JsonLimits& limits, JsonTree& tree);

/// The JSON pointer (RFC 6901) of `node`, a value inside the tree of `root` by address; nothing where it is not in it.
/// Searches the tree: for messages, not for hot paths.
std::optional<std::string> jsonPointer(const JsonValue& root, const JsonValue& node);
/// Appends `/` and `name` as one reference token of a JSON pointer.
void appendPointerToken(std::string_view name, std::string& out);

/// Appends a JSON number literal as ECMAScript writes its value (RFC 8785 §3.2.2.3): nearest double, shortest digits.
/// A literal beyond the range of a double, which has no canonical form, is appended as written.
void appendCanonicalNumber(std::string_view literal, std::string& out);
/// Appends canonical JSON (RFC 8785: sorted names, minimal escapes). `number` writes the numbers.
using NumberWriter = void (*)(std::string_view literal, std::string& out);
void appendCanonical(const JsonValue& value, std::string& out, NumberWriter number = appendCanonicalNumber);
/// Appends `text` as a JSON string, quoted, escaped as RFC 8785 says.
void appendJsonString(std::string_view text, std::string& out);

}  // namespace caseway

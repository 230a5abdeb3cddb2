// gateway/formats/run/object_members.hpp - writing and reading the members of one JSON object: for the documents of
// this folder only.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/base64.hpp"
#include "gateway/base/time.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

/// Members of one object, in the order in which the caller gives them: sorted.
class Members {
public:
    explicit Members(std::string& out) : out_(out) { out_ += '{'; }
    std::string& value(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        appendJsonString(name, out_);
        return out_ += ':';
    }
    void text(std::string_view name, std::string_view text) { appendJsonString(text, value(name)); }
    void number(std::string_view name, std::uint64_t number) { value(name) += std::to_string(number); }
    void close() { out_ += '}'; }

private:
    std::string& out_;
    bool first_ = true;
};

/// The members of an object; what is missing or of another kind is remembered.
class Reading {
public:
    explicit Reading(const JsonValue* object) : object_(object) {
        good_ = object != nullptr && object->type == JsonValue::Type::Object;
    }
    const JsonValue* find(std::string_view name) const { return good_ ? object_->find(name) : nullptr; }
    std::string text(std::string_view name) {
        const JsonValue* const value = find(name);
        good_ = good_ && value != nullptr && value->type == JsonValue::Type::String;
        return good_ ? std::string(value->text) : std::string();
    }
    std::uint64_t number(std::string_view name) {
        const JsonValue* const value = find(name);
        std::uint64_t number = 0;
        good_ = good_ && value != nullptr && asNumber(*value, number);
        return number;
    }
    std::optional<std::uint64_t> numberIfAny(std::string_view name) {
        return find(name) == nullptr ? std::nullopt : std::optional(number(name));
    }
    /// Empty where it is not there.
    std::string textIfAny(std::string_view name) { return find(name) == nullptr ? std::string() : text(name); }
    /// As base64; empty where it is not there.
    std::string bytesIfAny(std::string_view name) {
        if (find(name) == nullptr) return {};
        const auto read = fromBase64(text(name));
        good_ = good_ && read.has_value();
        return read.value_or(std::string());
    }
    Instant instant(std::string_view name) {
        const auto read = parseRfc3339(text(name));
        good_ = good_ && read.has_value();
        return read.value_or(Instant{});
    }
    static bool asNumber(const JsonValue& value, std::uint64_t& number) {
        if (value.type != JsonValue::Type::Number) return false;
        const char* const end = value.text.data() + value.text.size();
        const auto read = std::from_chars(value.text.data(), end, number);
        return read.ec == std::errc{} && read.ptr == end;
    }
    void fail() { good_ = false; }
    bool good() const { return good_; }

private:
    const JsonValue* object_;
    bool good_;
};

}  // namespace caseway

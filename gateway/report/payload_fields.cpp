// gateway/report/payload_fields.cpp - handlers of the two readers that keep the path they are at.
#include "gateway/report/payload_fields.hpp"

#include <optional>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/json/reader.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/utf8.hpp"
#include "gateway/formats/xml/events.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDepthMax = 64;

/// The path of names from the top to where the pass is.
class FieldPath {
public:
    FieldPath(const std::function<bool(std::string_view)>& is_known, std::size_t most, std::set<std::string>& fields)
        : is_known_(is_known), most_(most), fields_(fields) {}
    void enter(std::string_view name) {
        ends_.push_back(path_.size());
        path_ += '/';
        path_ += shown(name);
    }
    void leave() {
        path_.resize(ends_.back());
        ends_.pop_back();
    }
    bool keep(std::string_view last = {}) {
        if (fields_.size() < most_) fields_.insert(path_ + std::string(last));
        return fields_.size() < most_;
    }
    std::string shown(std::string_view name) const {
        return is_known_(name) ? std::string(name) : withNamesMasked(name);
    }

private:
    const std::function<bool(std::string_view)>& is_known_;
    std::size_t most_;
    std::set<std::string>& fields_;
    std::string path_;
    std::vector<std::size_t> ends_;
};

std::string_view textOf(XmlChars name) {
    return reinterpret_cast<const char*>(name);
}

class XmlFields final : public XmlHandler {
public:
    explicit XmlFields(FieldPath& path) : path_(path) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override {
        path_.enter(textOf(start.local));
        bool goes_on = path_.keep();
        for (const XmlAttribute& attribute : start.attributes)
            goes_on = path_.keep("/@" + path_.shown(textOf(attribute.local))) && goes_on;
        return goes_on;
    }
    bool text(std::string_view) override { return true; }
    bool end() override {
        path_.leave();
        return true;
    }

private:
    FieldPath& path_;
};

class JsonFields final : public JsonHandler {
public:
    explicit JsonFields(FieldPath& path) : path_(path) {}
    bool startObject() override { return open(); }
    bool startArray() override { return open(); }
    bool endObject() override { return close(); }
    bool endArray() override { return close(); }
    bool key(std::string_view name) override {
        path_.enter(name);
        has_name_ = true;
        return path_.keep();
    }
    bool text(std::string_view) override { return value(); }
    bool number(std::string_view) override { return value(); }
    bool boolean(bool) override { return value(); }
    bool null() override { return value(); }

private:
    bool open() {
        named_.push_back(has_name_);
        has_name_ = false;
        return true;
    }
    bool close() {
        has_name_ = named_.back();
        named_.pop_back();
        return value();
    }
    bool value() {
        if (has_name_) path_.leave();
        has_name_ = false;
        return true;
    }

    FieldPath& path_;
    bool has_name_ = false;    ///< the value that comes next, or has just ended, is a member
    std::vector<bool> named_;  ///< of the open containers
};

constexpr std::size_t kLongestCharacter = 4;  ///< bytes: of UTF-8, UTF-16 and GB 18030

/// The payload's beginning and its encoding. The end may cut a character in two: then without its bytes. UTF-8 is asked
/// first: cut off, it may well be GB 18030.
std::optional<FoundEncoding> findBeginning(std::string_view& payload) {
    const bool is_cut = payload.size() > kPayloadBytesLookedAt;
    std::string_view whole = payload.substr(0, kPayloadBytesLookedAt);
    const Utf8Prefix utf8 = utf8Prefix(whole);
    if (is_cut && !utf8.broken) whole = whole.substr(0, utf8.valid);
    for (std::size_t less = 0; less < (is_cut && utf8.broken ? kLongestCharacter : 1); ++less) {
        payload = whole.substr(0, whole.size() - less);
        MemorySource bytes(payload);
        const auto encoding = findEncoding(bytes, declaredInXml(payload.substr(0, 256)));
        if (encoding) return *encoding;
    }
    return std::nullopt;
}

}  // namespace

void addPayloadFields(std::string_view payload, const std::function<bool(std::string_view name)>& is_known,
                      std::size_t most, std::set<std::string>& fields) {
    const auto encoding = findBeginning(payload);
    if (!encoding) return;
    MemorySource bytes(payload);
    const auto utf8 = decodeToUtf8(bytes, *encoding);
    FieldPath path(is_known, most, fields);
    const std::size_t first = payload.find_first_of("<{[");
    if (first == std::string_view::npos) return;
    // What is wrong with the payload, or cut off, the mapping has said already.
    if (payload[first] == '<') {
        XmlFields handler(path);
        static_cast<void>(readXml(*utf8, kDepthMax, handler));
    } else {
        JsonFields handler(path);
        static_cast<void>(readJson(*utf8, JsonLimits{.depth = kDepthMax, .refuse_duplicate_names = false}, handler));
    }
}

}  // namespace caseway

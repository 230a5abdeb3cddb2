// gateway/daemon/masked_json.cpp - written again, event by event.
#include "gateway/daemon/masked_json.hpp"

#include "gateway/base/check.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/json/reader.hpp"

namespace caseway {
namespace {

class Rewriter final : public JsonHandler {
public:
    explicit Rewriter(const SecretMask& mask) : mask_(mask) {}
    bool startObject() override { return begins('{'); }
    bool endObject() override { return ends('}'); }
    bool startArray() override { return begins('['); }
    bool endArray() override { return ends(']'); }
    bool key(std::string_view name) override {
        comma();
        appendJsonString(name, out);
        out += ':';
        return true;
    }
    bool text(std::string_view value) override {
        comma();
        appendJsonString(mask_.masked(value), out);
        return true;
    }
    bool number(std::string_view literal) override { return mask_.holds(literal) ? text(literal) : plain(literal); }
    bool boolean(bool value) override { return plain(value ? "true" : "false"); }
    bool null() override { return plain("null"); }

    std::string out;

private:
    void comma() {
        if (!out.empty() && out.back() != '{' && out.back() != '[' && out.back() != ':') out += ',';
    }
    bool begins(char bracket) {
        comma();
        out += bracket;
        return true;
    }
    bool ends(char bracket) {
        out += bracket;
        return true;
    }
    bool plain(std::string_view value) {
        comma();
        out += value;
        return true;
    }
    const SecretMask& mask_;
};

}  // namespace

std::string maskedJson(std::string_view json, const SecretMask& mask) {
    Rewriter rewriter(mask);
    CASEWAY_CHECK(readJson(json, JsonLimits{}, rewriter).ok());
    return std::move(rewriter.out);
}

}  // namespace caseway

// connectors/http/link_field.cpp - one pass over `<target>; name=value; name="value", <target> …`.
#include "connectors/http/link_field.hpp"

#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

class LinkScan {
public:
    explicit LinkScan(std::string_view text) : rest_(text) {}

    std::string next() {
        while (seek('<')) {
            const std::size_t end = rest_.find('>');
            if (end == std::string_view::npos) return {};
            const std::string_view target = rest_.substr(0, end);
            rest_.remove_prefix(end + 1);
            if (parametersSayNext()) return std::string(target);
        }
        return {};
    }

private:
    bool seek(char c) {
        const std::size_t at = rest_.find(c);
        rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + 1);
        return at != std::string_view::npos;
    }
    void skipBlank() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
    }
    bool take(char c) {
        skipBlank();
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string word() {
        skipBlank();
        const std::size_t end = std::min(rest_.find_first_of(" \t;,="), rest_.size());
        const std::string found = lowerCase(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return found;
    }
    std::string value() {
        if (!take('"')) return word();
        std::string found;
        while (!rest_.empty() && rest_.front() != '"') {
            if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
            found += rest_.front();
            rest_.remove_prefix(1);
        }
        take('"');
        return lowerCase(found);
    }
    bool parametersSayNext() {
        bool says_next = false;
        while (take(';')) {
            const std::string name = word();
            const std::string types = take('=') ? " " + value() + " " : std::string();
            if (name == "rel" && types.find(" next ") != std::string::npos) says_next = true;
        }
        return says_next;
    }

    std::string_view rest_;
};

}  // namespace

std::string nextOfLinkField(std::string_view field) {
    return LinkScan(field).next();
}

}  // namespace caseway

// gateway/formats/settings/secret_mask.cpp - every form that a program's own libraries would give a secret.
#include "gateway/formats/settings/secret_mask.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/base64.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

constexpr std::size_t kShortest = 4;      ///< that can be cut out of a text
constexpr std::size_t kShortestLine = 8;  ///< of a secret with several lines, such as a key
constexpr std::size_t kShortestCore = 6;  ///< of base64 amid other bytes: shorter ones are found by chance

/// `kept`: what stays as it is, besides letters and digits.
std::string percentEncoded(std::string_view text, std::string_view kept, bool upper, bool plus) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              kept.find(c) != std::string_view::npos;
        if (is_plain)
            out += c;
        else if (plus && c == ' ')
            out += '+';
        else
            out += '%' + (upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte));
    }
    return out;
}

/// The part of base64 that is the same whatever stands before and behind, for `before` bytes modulo three.
std::string base64Core(const std::string& secret, std::size_t before) {
    constexpr std::size_t kTouched[] = {0, 2, 3};
    std::string text = toBase64(bytesOf(std::string(before, '\0') + secret)).substr(kTouched[before]);
    if (text.ends_with('=')) {
        text.erase(text.find('='));
        text.pop_back();
    }
    return text;
}

std::string urlForm(std::string base64) {
    std::replace(base64.begin(), base64.end(), '+', '-');
    std::replace(base64.begin(), base64.end(), '/', '_');
    return base64;
}

std::vector<std::string> formsOf(const std::string& secret) {
    std::vector<std::string> forms{secret};
    for (const bool upper : {true, false}) {
        for (const char* kept : {"-._~", "-._~/", "-._~!'()*"})
            forms.push_back(percentEncoded(secret, kept, upper, false));
        forms.push_back(percentEncoded(secret, "-._*", upper, true));
    }
    std::string hex = toHex(bytesOf(secret));
    forms.push_back(hex);
    std::transform(hex.begin(), hex.end(), hex.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c; });
    forms.push_back(hex);
    std::string json;
    appendJsonString(secret, json);
    forms.push_back(json.substr(1, json.size() - 2));
    for (std::string whole : {toBase64(bytesOf(secret)), urlForm(toBase64(bytesOf(secret)))}) {
        forms.push_back(whole);
        forms.push_back(whole.substr(0, whole.find('=')));
    }
    for (std::size_t before = 0; before < 3; ++before)
        for (const std::string& core : {base64Core(secret, before), urlForm(base64Core(secret, before))})
            if (core.size() >= kShortestCore) forms.push_back(core);
    return forms;
}

}  // namespace

SecretMask::SecretMask(const std::vector<std::string>& secrets) {
    const auto add = [this](const std::string& secret) {
        for (const std::string& form : formsOf(secret)) forms_.push_back(lowerCase(form));
    };
    for (const std::string& secret : secrets) {
        if (secret.empty()) continue;
        if (secret.size() < kShortest) {
            short_.push_back(lowerCase(secret));
            continue;
        }
        add(secret);
        for (std::size_t at = 0; secret.find('\n') != std::string::npos && at < secret.size();) {
            const std::size_t end = std::min(secret.find_first_of("\r\n", at), secret.size());
            if (end - at >= kShortestLine) add(secret.substr(at, end - at));
            at = end + 1;
        }
    }
    std::sort(forms_.begin(), forms_.end());
    forms_.erase(std::unique(forms_.begin(), forms_.end()), forms_.end());
}

bool SecretMask::holds(std::string_view given) const {
    const std::string text = lowerCase(given);
    const auto is_in = [&text](const std::string& form) { return text.find(form) != std::string::npos; };
    return std::any_of(forms_.begin(), forms_.end(), is_in) || std::any_of(short_.begin(), short_.end(), is_in);
}

std::string SecretMask::masked(std::string_view given) const {
    const std::string lower = lowerCase(given);
    const std::string_view text = lower;
    const auto is_in = [text](const std::string& form) { return text.find(form) != std::string_view::npos; };
    if (std::any_of(short_.begin(), short_.end(), is_in)) return "***";
    std::vector<bool> hidden(text.size());
    const auto hide = [&hidden](std::size_t at, std::size_t size) {
        std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), size, true);
    };
    for (const std::string& form : forms_) {
        for (std::size_t at = text.find(form); at != std::string_view::npos; at = text.find(form, at + 1))
            hide(at, form.size());
        const std::string_view whole(form);
        const std::size_t most = std::min(whole.size() - 1, text.size());
        for (std::size_t size = most; size >= kShortest; --size)
            if (text.starts_with(whole.substr(whole.size() - size))) hide(0, size);
        for (std::size_t size = most; size >= kShortest; --size)
            if (text.ends_with(whole.substr(0, size))) hide(text.size() - size, size);
    }
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!hidden[at])
            out += given[at];
        else if (at == 0 || !hidden[at - 1])
            out += "***";
    }
    return out;
}

}  // namespace caseway

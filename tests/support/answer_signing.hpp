// tests/support/answer_signing.hpp - HTTP answers that a department's server signed as RFC 9421 has it: the gateway has
// no code that makes them, and the base is written here by hand.
#pragma once

#include <functional>
#include <ostream>

#include "gateway/base/base64.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/crypto/wide_digest.hpp"
#include "gateway/formats/envelope/answer_signature.hpp"
#include "tests/support/signing_fixture.hpp"

namespace caseway::test {

inline std::string digestField(std::string_view body) {
    return "sha-256=:" + toBase64(sha256(body).bytes) + ":";
}

/// A base with the lines of its components; `D` and `P` stand for the digest's field and the parameters.
struct AnswerForm {
    std::string components = R"("@status" "content-type" "content-digest" "@method";req "@target-uri";req)";
    std::string base =
        "\"@status\": 200\n\"content-type\": application/json\n\"content-digest\": D\n"
        "\"@method\";req: GET\n\"@target-uri\";req: https://permits.example/cases?page=1\n"
        "\"@signature-params\": P";
    std::string parameters = R"(;created=1777854605;keyid="any";nonce="n";tag="of-the-department")";
    std::string label = "sig1";
    bool is_wide = false;  ///< SHA-512 is stated of the content, and nothing else
};

/// An answer that was changed after it was signed, and what is said of it then.
struct Bent {
    const char* name;
    std::function<void(AnswerHead&)> bend;
    const char* verdict;
};
inline std::ostream& operator<<(std::ostream& out, const Bent& bent) {
    return out << bent.name;
}

inline std::string wideDigestField(std::string_view body) {
    MemorySource source(body);
    return "sha-512=:" + toBase64(bytesOf(sha512Of(source))) + ":";
}

/// All fields of an answer, as they came.
inline AnswerHead plainAnswer(std::string_view body, bool is_wide = false) {
    return {200,
            "GET",
            "https",
            "permits.example",
            "/cases",
            "?page=1",
            {{"server", "s"},
             {"content-type", "application/json"},
             {"content-digest", is_wide ? wideDigestField(body) : digestField(body)}}};
}

/// What openAnswer() says of `body` as the content.
inline Result<OpenedAnswer> opened(const AnswerHead& head, std::string_view body, const KeyLookup& keys) {
    MemorySource source(body);
    return openAnswer(head, {sha256(body), source}, keys);
}

/// An answer with a detached JWS; `header` is the JSON of its header, `as_it_is` what b64 false signs.
inline AnswerHead jwsAnswer(std::string_view body, std::string_view header, bool as_it_is = false,
                            const Party& by = housing()) {
    AnswerHead head = plainAnswer(body);
    const std::string protected_text = toBase64Url(bytesOf(header));
    const std::string input = protected_text + "." + (as_it_is ? std::string(body) : toBase64Url(bytesOf(body)));
    const std::string signature = by.key.sign(usualAlgorithm(by.key.kind()), bytesOf(input));
    head.fields.push_back({"x-jws-signature", protected_text + ".." + toBase64Url(bytesOf(signature))});
    return head;
}

inline AnswerHead signedAnswer(std::string_view body, const Party& by = housing(), const AnswerForm& form = {}) {
    AnswerHead head = plainAnswer(body, form.is_wide);
    const std::string parameters = "(" + form.components + ")" + form.parameters;
    std::string base = form.base;
    for (const auto& [mark, value] :
         {std::pair("D", form.is_wide ? wideDigestField(body) : digestField(body)), std::pair("P", parameters)})
        if (const std::size_t at = base.find(std::string(": ") + mark); at != std::string::npos)
            base.replace(at + 2, 1, value);
    const std::string signature = by.key.sign(usualAlgorithm(by.key.kind()), bytesOf(base));
    head.fields.push_back({"signature-input", form.label + "=" + parameters});
    head.fields.push_back({"signature", form.label + "=:" + toBase64(bytesOf(signature)) + ":"});
    return head;
}

}  // namespace caseway::test

// tests/fuzz/signature_look_fuzz.cpp - any bytes as a payload that was read: what form of signature it bears, and its
// opening, which nothing passes (no key signed it). The first byte says how long the pieces of the glance are, which
// must not change what it sees of a payload that it keeps whole.
#include "gateway/base/check.hpp"
#include "gateway/formats/envelope/borne_signature.hpp"
#include "gateway/formats/envelope/signature_look.hpp"
#include "tests/fuzz/envelope_keys.hpp"

using namespace caseway;

namespace {

constexpr std::size_t kDepth = 200;
constexpr std::size_t kKeptWhole = 8192;  ///< by a glance, of what begins like JSON

bool glance(std::string_view payload, std::size_t piece) {
    SignatureGlance look;
    for (; !payload.empty(); payload.remove_prefix(std::min(piece, payload.size()))) look.see(payload.substr(0, piece));
    return look.maybe();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view payload = textOf({data + 1, size - 1});
    // Zero bytes are passed over between letters: of more than wide encodings have, pieces show less.
    if (payload.size() <= kKeptWhole && payload.find('\0') == std::string_view::npos)
        CASEWAY_CHECK(glance(payload, payload.size()) == glance(payload, data[0] + 1U));
    MemorySource source(payload);
    const SignatureForm form = signatureFormOf(source, data[0] % 2 == 0 ? "" : "GBK", kDepth);
    if (form == SignatureForm::None) return 0;
    CASEWAY_CHECK(!openBorne(form, payload, XmlParseLimits{1 << 20, kDepth}, std::nullopt, fuzz::anyKey()));
    return 0;
}

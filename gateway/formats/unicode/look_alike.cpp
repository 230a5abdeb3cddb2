// gateway/formats/unicode/look_alike.cpp - properties and skeletons by ICU. A text is brought to NFKC_Casefold, which
// drops what is ignorable and folds widths and case; dashes and spaces go their own way; the rest is its skeleton.
#include "gateway/formats/unicode/look_alike.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

struct CloseSpoofChecker {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

bool isInvisible(UChar32 c) {
    switch (u_charType(c)) {
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_SURROGATE:
            return true;
        case U_SPACE_SEPARATOR:
            return c != ' ';
        default:
            break;
    }
    constexpr UChar32 kBrailleBlank = 0x2800;
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 ||
           u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT) != 0 || c == kBrailleBlank;
}

/// Dashes of all lengths, and the strokes that are read as one behind Latin letters.
bool isDash(UChar32 c) {
    constexpr UChar32 kMinus = 0x2212, kHyphenBullet = 0x2043, kModifierMinus = 0x02D7, kLongVowel = 0x30FC,
                      kBoxLine = 0x2500, kHeavyBoxLine = 0x2501, kOne = 0x4E00;
    return u_charType(c) == U_DASH_PUNCTUATION || c == kMinus || c == kHyphenBullet || c == kModifierMinus ||
           c == kLongVowel || c == kBoxLine || c == kHeavyBoxLine || c == kOne;
}

icu::UnicodeString skeletonOf(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    static const std::unique_ptr<USpoofChecker, CloseSpoofChecker> checker(uspoof_open(&status));
    const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    CASEWAY_CHECK(U_SUCCESS(status) && checker != nullptr);
    const icu::UnicodeString folded =
        fold->normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
    icu::UnicodeString plain;
    for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
        const UChar32 c = folded.char32At(at);
        if (isDash(c)) {
            plain.append(static_cast<UChar32>('-'));
        } else if (!isInvisible(c) && u_isUWhiteSpace(c) == 0) {
            plain.append(c);
        }
    }
    icu::UnicodeString skeleton;
    uspoof_getSkeletonUnicodeString(checker.get(), 0, plain, skeleton, &status);
    CASEWAY_CHECK(U_SUCCESS(status));
    return fold->normalize(skeleton, status);
}

}  // namespace

bool hasInvisible(std::string_view text) {
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT(text.data(), at, size, c);
        if (c < 0 || isInvisible(c)) return true;
    }
    return false;
}

bool looksLikePrefix(std::string_view text, std::string_view prefix) {
    constexpr std::size_t kLooked = 1024;  // bytes: a prefix is a few letters
    auto looked = static_cast<std::int32_t>(std::min(text.size(), kLooked));
    U8_TRUNCATE_IF_INCOMPLETE(text.data(), 0, looked);
    text = text.substr(0, static_cast<std::size_t>(looked));
    return skeletonOf(text).startsWith(skeletonOf(prefix));
}

}  // namespace caseway

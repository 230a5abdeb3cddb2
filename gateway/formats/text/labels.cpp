// gateway/formats/text/labels.cpp - the encodings we know, by every name they go under. Nothing else ever reaches the C
// library. Names: IANA character sets and the WHATWG encoding standard, where "gb2312" means what senders mean by it.
#include <algorithm>
#include <array>
#include <string>

#include "gateway/formats/text/encoding.hpp"

namespace caseway {

namespace {

struct Label {
    std::string_view name;
    std::string_view canonical;
};

constexpr std::array kLabels = {
    Label{"ANSI_X3.4-1968", "UTF-8"},
    Label{"ASCII", "UTF-8"},  // every ASCII text is UTF-8
    Label{"BIG5", "BIG5"},
    Label{"BIG5-HKSCS", "BIG5-HKSCS"},
    Label{"CHINESE", "GB18030"},
    Label{"CN-BIG5", "BIG5"},
    Label{"CN-GB", "GB18030"},
    Label{"CP1250", "CP1250"},
    Label{"CP1251", "CP1251"},
    Label{"CP1252", "CP1252"},
    Label{"CP65001", "UTF-8"},
    Label{"CP932", "CP932"},
    Label{"CP936", "GB18030"},
    Label{"CP949", "CP949"},
    Label{"CP950", "CP950"},
    Label{"CSBIG5", "BIG5"},
    Label{"CSGB2312", "GB18030"},
    Label{"EUC-CN", "GB18030"},
    Label{"EUC-JP", "EUC-JP"},
    Label{"EUC-KR", "CP949"},
    Label{"EUCCN", "GB18030"},
    Label{"GB", "GB18030"},
    Label{"GB-18030", "GB18030"},
    Label{"GB18030", "GB18030"},
    Label{"GB18030-2000", "GB18030"},
    Label{"GB18030-2005", "GB18030"},
    Label{"GB18030-2022", "GB18030"},
    Label{"GB2312", "GB18030"},
    Label{"GB2312-80", "GB18030"},
    Label{"GBK", "GB18030"},
    Label{"GB_18030", "GB18030"},
    Label{"GB_2312", "GB18030"},
    Label{"GB_2312-80", "GB18030"},
    Label{"ISO-10646-UCS-2", "UTF-16"},
    Label{"ISO-8859-1", "ISO-8859-1"},
    Label{"ISO-8859-10", "ISO-8859-10"},
    Label{"ISO-8859-13", "ISO-8859-13"},
    Label{"ISO-8859-14", "ISO-8859-14"},
    Label{"ISO-8859-15", "ISO-8859-15"},
    Label{"ISO-8859-16", "ISO-8859-16"},
    Label{"ISO-8859-2", "ISO-8859-2"},
    Label{"ISO-8859-3", "ISO-8859-3"},
    Label{"ISO-8859-4", "ISO-8859-4"},
    Label{"ISO-8859-5", "ISO-8859-5"},
    Label{"ISO-8859-7", "ISO-8859-7"},
    Label{"ISO-8859-9", "ISO-8859-9"},
    Label{"ISO-IR-58", "GB18030"},
    Label{"ISO8859-1", "ISO-8859-1"},
    Label{"ISO_8859-1", "ISO-8859-1"},
    Label{"KOI8-R", "KOI8-R"},
    Label{"KOI8-U", "KOI8-U"},
    Label{"L1", "ISO-8859-1"},
    Label{"LATIN1", "ISO-8859-1"},
    Label{"MS936", "GB18030"},
    Label{"SHIFT-JIS", "CP932"},
    Label{"SHIFT_JIS", "CP932"},
    Label{"UCS-2", "UTF-16"},
    Label{"UNICODE", "UTF-16"},
    Label{"UNICODE-1-1-UTF-8", "UTF-8"},
    Label{"US-ASCII", "UTF-8"},
    Label{"UTF-16", "UTF-16"},
    Label{"UTF-16BE", "UTF-16BE"},
    Label{"UTF-16LE", "UTF-16LE"},
    Label{"UTF-32", "UTF-32"},
    Label{"UTF-32BE", "UTF-32BE"},
    Label{"UTF-32LE", "UTF-32LE"},
    Label{"UTF-8", "UTF-8"},
    Label{"UTF16", "UTF-16"},
    Label{"UTF8", "UTF-8"},
    Label{"WINDOWS-1250", "CP1250"},
    Label{"WINDOWS-1251", "CP1251"},
    Label{"WINDOWS-1252", "CP1252"},
    Label{"WINDOWS-31J", "CP932"},
    Label{"WINDOWS-936", "GB18030"},
    Label{"WINDOWS-950", "CP950"},
    Label{"X-GBK", "GB18030"},
    Label{"X-WINDOWS-936", "GB18030"},
    Label{"X-WINDOWS-950", "CP950"},
    Label{"X-X-BIG5", "BIG5"},
};
static_assert(std::is_sorted(kLabels.begin(), kLabels.end(),
                             [](const Label& a, const Label& b) { return a.name < b.name; }));

constexpr std::size_t kLongest = 24;
constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

std::string canonicalEncoding(std::string_view label) {
    const std::size_t start = label.find_first_not_of(kSpace);
    if (start == label.npos) return {};
    label = label.substr(start, label.find_last_not_of(kSpace) - start + 1);
    if (label.size() > kLongest) return {};
    std::string upper(label);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const auto found = std::lower_bound(kLabels.begin(), kLabels.end(), std::string_view(upper),
                                        [](const Label& a, std::string_view name) { return a.name < name; });
    if (found == kLabels.end() || found->name != upper) return {};
    return std::string(found->canonical);
}

}  // namespace caseway

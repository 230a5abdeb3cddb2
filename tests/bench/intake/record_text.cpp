// tests/bench/intake/record_text.cpp - see record_text.hpp.
#include "tests/bench/intake/record_text.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace caseway::bench {
namespace {

class Seeded {
public:
    explicit Seeded(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 20260504) {}
    std::uint32_t below(std::uint32_t bound) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(state_ >> 33) % bound;
    }

private:
    std::uint64_t state_;
};

constexpr const char* kNames[] = {"张伟", "王芳", "李娜", "刘洋", "陈静", "杨光", "赵敏", "黄磊", "周杰", "吴刚"};
constexpr const char* kItems[] = {"建筑工程施工许可证核发", "食品经营许可证新办", "商品房预售许可", "道路运输经营许可"};
constexpr const char* kStreets[] = {"人民路", "解放路", "中山大道", "建设街", "和平里"};
constexpr std::array<const char*, 16> kKeys = {"Code",     "Version", "Title",   "ItemCode", "ItemName", "DeptCode",
                                               "DeptName", "Channel", "Applied", "Kind",     "Name",     "IdNo",
                                               "Mobile",   "Address", "Limit",   "Unit"};

std::array<std::string, kKeys.size()> valuesOf(const RecordText& record) {
    Seeded seeded(record.seed);
    const char* name = kNames[seeded.below(10)];
    const char* item = kItems[seeded.below(4)];
    const std::uint32_t month = 1 + seeded.below(12);
    const std::uint32_t day = 1 + seeded.below(28);
    return {record.code,
            std::to_string(record.version),
            fmt::format("{}的{}（第{}次）", name, item, record.version),
            fmt::format("11440232MB2D06811W40001{:08}", seeded.below(99999999)),
            item,
            "11350200004135017C",
            "住房和城乡建设局",
            std::to_string(seeded.below(2)),
            fmt::format("2025-{:02}-{:02} 09:{:02}:{:02}", month, day, seeded.below(60), seeded.below(60)),
            std::to_string(seeded.below(2)),
            name,
            fmt::format("4402321990{:02}{:02}{:04}", month, day, seeded.below(10000)),
            fmt::format("138{:08}", seeded.below(99999999)),
            fmt::format("乳源县{}{}号", kStreets[seeded.below(5)], 1 + seeded.below(300)),
            std::to_string(1 + seeded.below(30)),
            seeded.below(2) == 0 ? "G" : "Z"};
}

void appendMembers(const RecordText& record, Format format, std::string& out) {
    const auto values = valuesOf(record);
    const auto end = std::back_inserter(out);
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        if (format == Format::Xml)
            fmt::format_to(end, "<{0}>{1}</{0}>", kKeys[i], values[i]);
        else
            fmt::format_to(end, "{}\"{}\":\"{}\"", i == 0 ? "" : ",", kKeys[i], values[i]);
    }
}

/// Digits, letters and Chinese text that no mapping asks for.
std::string remark(std::size_t bytes, std::uint64_t seed) {
    Seeded seeded(seed + 77);
    std::string text;
    while (text.size() + 24 < bytes) fmt::format_to(std::back_inserter(text), "材料齐全{:x}", seeded.below(1U << 30));
    return text;
}

std::string assemble(const RecordText& record, Format format, const std::string& remark_text) {
    const Frame frame = frameOf(format);
    std::string out = frame.before;
    out += format == Format::Xml ? "<Case>" : "{";
    appendMembers(record, format, out);
    if (format == Format::Xml)
        out += "<Remark>" + remark_text + "</Remark></Case>";
    else
        out += ",\"Remark\":\"" + remark_text + "\"}";
    return out + frame.after;
}

}  // namespace

Frame frameOf(Format format) {
    return format == Format::Xml ? Frame{"<Cases>", "\n", "</Cases>"} : Frame{"{\"cases\":[", ",\n", "]}"};
}

void appendRecord(const RecordText& record, Format format, std::string& out) {
    out += format == Format::Xml ? "<Case>" : "{";
    appendMembers(record, format, out);
    out += format == Format::Xml ? "</Case>" : "}";
}

std::string payloadOf(const RecordText& record, Format format, std::size_t bytes) {
    const std::size_t bare = assemble(record, format, {}).size();
    return assemble(record, format, remark(bytes > bare ? bytes - bare : 0, record.seed));
}

}  // namespace caseway::bench

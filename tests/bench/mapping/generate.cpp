// tests/bench/mapping/generate.cpp - payloads for the mapping benchmark: N records of 17 leaf fields with Chinese text, about
// 535 bytes each, the same content as XML or as JSON. Usage: bench_mapping_generate xml|json N > FILE. No randomness but a seed.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>

namespace {

class Seeded {
public:
    std::uint32_t below(std::uint32_t bound) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(state_ >> 33) % bound;
    }

private:
    std::uint64_t state_ = 20260504;
};

constexpr const char* kNames[] = {"张伟", "王芳", "李娜", "刘洋", "陈静", "杨光", "赵敏", "黄磊", "周杰", "吴刚"};
constexpr const char* kItems[] = {"建筑工程施工许可证核发", "食品经营许可证新办", "商品房预售许可", "道路运输经营许可"};
constexpr const char* kStreets[] = {"人民路", "解放路", "中山大道", "建设街", "和平里"};

struct Values {
    std::string texts[17];
};
constexpr const char* kKeys[] = {"ProjectCode",  "ProjectName",   "ItemCode",  "ItemName",   "ApplicantName", "ApplicantType",
                                 "IdType",       "IdNumber",      "Mobile",    "Address",    "DeclareTime",   "AcceptTime",
                                 "PromiseLimit", "PromiseUnit",   "DeptCode",  "DeptName",   "Channel"};

Values valuesOf(std::uint64_t number, Seeded& seeded) {
    const char* name = kNames[seeded.below(10)];
    const char* item = kItems[seeded.below(4)];
    const std::uint32_t day = 1 + seeded.below(28);
    const std::uint32_t month = 1 + seeded.below(12);
    return {{fmt::format("GX{:012}", number), fmt::format("关于{}的{}申请", name, item),
             fmt::format("11440232MB2D06811W40001{:08}", seeded.below(99999999)), item, name, seeded.below(2) == 0 ? "0" : "1",
             "111", fmt::format("4402321990{:02}{:02}{:04}", month, day, seeded.below(10000)),
             fmt::format("138{:08}", seeded.below(99999999)),
             fmt::format("乳源县{}{}号", kStreets[seeded.below(5)], 1 + seeded.below(300)),
             fmt::format("2026-{:02}-{:02} 09:{:02}:{:02}", month, day, seeded.below(60), seeded.below(60)),
             fmt::format("2026-{:02}-{:02} 10:{:02}:{:02}", month, day, seeded.below(60), seeded.below(60)),
             fmt::format("{}", 1 + seeded.below(30)), seeded.below(2) == 0 ? "G" : "Z", "11440232006976421P", "住房和城乡建设局",
             fmt::format("{}", 1 + seeded.below(3))}};
}

void append(const Values& values, bool xml, std::uint64_t number, std::string& out) {
    if (xml) {
        out += "<Case>";
        for (int i = 0; i < 17; ++i) fmt::format_to(std::back_inserter(out), "<{0}>{1}</{0}>", kKeys[i], values.texts[i]);
        out += "</Case>\n";
        return;
    }
    out += number == 0 ? "{" : ",\n{";
    for (int i = 0; i < 17; ++i) {
        fmt::format_to(std::back_inserter(out), "{}\"{}\":\"{}\"", i == 0 ? "" : ",", kKeys[i], values.texts[i]);
    }
    out += '}';
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const bool xml = std::strcmp(argv[1], "xml") == 0;
    const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
    Seeded seeded;
    std::string out = xml ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Cases>\n" : "{\"cases\":[\n";
    for (std::uint64_t i = 0; i < count; ++i) {
        append(valuesOf(i, seeded), xml, i, out);
        if (out.size() > 1 << 20) {
            if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) return 1;
            out.clear();
        }
    }
    out += xml ? "</Cases>\n" : "\n]}\n";
    return std::fwrite(out.data(), 1, out.size(), stdout) == out.size() ? 0 : 1;
}

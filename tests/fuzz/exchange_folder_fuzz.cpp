// tests/fuzz/exchange_folder_fuzz.cpp - settings in the first line, a kept cursor in the second, names of a folder in
// the others: whatever comes, faults are told as such, and a cursor that is taken is written as it was read.
#include <cstdint>
#include <string_view>

#include "connectors/sdk/exchange_folder/choice.hpp"
#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/exchange_folder/read_marks.hpp"
#include "gateway/base/check.hpp"
#include "gateway/formats/text/encoding.hpp"

using namespace caseway;

namespace {

std::string takeLine(std::string_view& rest) {
    const std::string line(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

void checkTold(const ConnectorFault& fault) {
    CASEWAY_CHECK(fault.kind() != ConnectorFaultKind::Transient);
    CASEWAY_CHECK(!fault.parts().code.empty() && !fault.parts().message.empty() && !fault.parts().next_step.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    ExchangeSettings settings;
    settings.patterns = {"*"};
    settings.file_bytes_most = 1000;
    try {
        FlatSettings given(takeLine(rest));
        settings = readExchangeSettings(given);
        given.noMore();
        CASEWAY_CHECK(settings.folder.find("/../") == std::string::npos);
    } catch (const ConnectorFault& fault) {
        checkTold(fault);
        return 0;
    }
    try {
        const ReadMarks marks = ReadMarks::of(takeLine(rest));
        const ReadMarks again = ReadMarks::of(marks.cursor());
        CASEWAY_CHECK(again.read == marks.read && again.refused == marks.refused);
    } catch (const ConnectorFault& fault) {
        checkTold(fault);
    }
    std::vector<FileEntry> listing;
    while (!rest.empty()) {
        FileEntry entry{.name = takeLine(rest)};
        if (!isEntryName(entry.name)) continue;
        CASEWAY_CHECK(isUtf8(shownName(entry.name)));
        entry.regular = entry.name.size() % 7 != 0;
        entry.bytes = entry.name.size() * 50;
        listing.push_back(std::move(entry));
    }
    const Choice choice = chooseFiles(listing, settings, std::chrono::system_clock::time_point(std::chrono::hours(1)));
    CASEWAY_CHECK(choice.ready.size() + choice.waiting.size() + choice.refused.size() <= listing.size());
    for (const FileEntry& entry : choice.ready) CASEWAY_CHECK(entry.regular && !entry.name.starts_with('.'));
    return 0;
}

// gateway/pipeline/large_kills.cpp - one note in the store, a line a payload: leaf, record, times.
#include "gateway/pipeline/large_kills.hpp"

#include <sstream>
#include <string>

#include "gateway/pipeline/note_job.hpp"

namespace caseway {
namespace {

constexpr const char* kNote = "large/taken";

}  // namespace

bool LargeKills::kills(const LargeRow& row) {
    const std::lock_guard lock(mutex_);
    Taken taken = read();
    auto& [record, times] = taken[row.index];
    if (record != row.next_record) times = 0;  // it came further since
    record = row.next_record;
    if (times >= kMost) return true;
    ++times;
    keep(taken);
    return false;
}

void LargeKills::left(LogIndex index) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        Taken taken = read();
        if (taken.erase(index) != 0) keep(taken);
    } catch (const std::exception&) {  // as the contract says
    }
}

LargeKills::Taken LargeKills::read() {
    Taken taken;
    std::istringstream lines(reader_.reportNote(kNote).value_or(""));
    LogIndex index = 0;
    std::pair<std::uint64_t, std::uint64_t> at;
    while (lines >> index >> at.first >> at.second) taken[index] = at;
    return taken;
}

void LargeKills::keep(const Taken& taken) {
    std::string body;
    for (const auto& [index, at] : taken)
        body += std::to_string(index) + ' ' + std::to_string(at.first) + ' ' + std::to_string(at.second) + '\n';
    keepReportNote(committer_, kNote, body);
}

}  // namespace caseway

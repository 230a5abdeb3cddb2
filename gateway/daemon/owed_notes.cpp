// gateway/daemon/owed_notes.cpp - "VERSION TIME", the time in RFC 3339.
#include "gateway/daemon/owed_notes.hpp"

#include <fmt/format.h>

#include "gateway/pipeline/note_job.hpp"

namespace caseway {
namespace {

std::string noteOf(const std::string& connector) {
    return "owed/" + connector;
}

}  // namespace

std::optional<Instant> OwedNotes::settledOf(const std::string& connector, int version) {
    const auto note = store_.reader().reportNote(noteOf(connector));
    if (!note) return std::nullopt;
    kept_[connector] = *note;
    const std::string begin = fmt::format("{} ", version);
    return note->starts_with(begin) ? parseRfc3339(note->substr(begin.size())) : std::nullopt;
}

void OwedNotes::keep(const std::string& connector, int version, Instant settled, bool owes) {
    const std::string note = fmt::format("{} {}", version, toRfc3339(settled));
    const auto kept = kept_.find(connector);
    if (kept == kept_.end() ? !owes : kept->second == note) return;
    keepReportNote(committer_, noteOf(connector), note);
    kept_[connector] = note;
}

}  // namespace caseway

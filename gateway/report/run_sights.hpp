// gateway/report/run_sights.hpp - looks at what a run brought, once it has ended, in the rows that the store has of it
// anyway: nothing of it slows the run. A long run is looked at by an even sample of its payloads and records.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/base/byte_source.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/report/connector_sights.hpp"

namespace caseway {

inline constexpr std::size_t kPayloadsLookedAt = 64;       ///< of a run
inline constexpr std::uint64_t kRecordsLookedAt = 20'000;  ///< of a run

class RunObserver {
public:
    struct Parts {
        StoreReader& reader;
        std::function<std::unique_ptr<ByteSource>(const std::string& file)> open_body;
    };
    explicit RunObserver(Parts parts) : parts_(std::move(parts)) {}
    /// `mapping`: its text; names in it are no stranger's. Throws Fault as the reader does; rows and bodies that cannot
    /// be read show nothing.
    RunSights look(const Run& run, const std::string& mapping) const;

private:
    struct Facts {
        Instant before;  ///< what lies behind it is no time at which anything happened
        std::set<std::string> codes{};
        std::optional<Instant> newest{};
        std::uint64_t lines = 0;  ///< of those that may be looked at
    };
    void lookAtEach(const MessageRow& message, Facts& facts) const;
    /// At every `step`th record from this ordinal on that has a row of its own; false where one has none.
    bool lookAtRows(const MessageRow& message, std::uint64_t first, std::uint64_t step, Facts& facts) const;
    /// At every `step`th of those that share another's row, in some parts of the lines that tell whose: they were
    /// looked at when they were said first.
    void lookAtRepeats(LogIndex index, std::uint64_t step, Facts& facts) const;
    void lookAtLines(std::string_view lines, std::uint64_t step, Facts& facts) const;
    void lookAtRow(LogIndex index, std::uint64_t record, Facts& facts) const;
    static void lookAt(const PatchRow& row, Facts& facts);
    /// Without their answers; what these note of a payload's encoding goes to `codes`.
    std::vector<MessageRow> messagesOf(const Run& run, std::set<std::string>& codes) const;
    std::string beginningOf(const EnvelopeRow& envelope) const;

    Parts parts_;
};

/// Under which name the store keeps what was seen of a connector.
std::string seenNoteOf(std::string_view connector);

}  // namespace caseway

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
#include "gateway/report/line_picker.hpp"

namespace caseway {

inline constexpr std::size_t kPayloadsLookedAt = 64;       ///< of a run
inline constexpr std::uint64_t kRecordsLookedAt = 20'000;  ///< of a run
/// Where not all are looked at: those that only say again what was said in an earlier run were looked at then.
inline constexpr std::uint64_t kRepeatsForOneLookedAt = 10;

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
    struct Repeats {
        std::uint64_t for_one = 1;  ///< how many make one that is looked at
        std::uint64_t seen = 0;
    };
    /// The record as it was mapped; of one that repeats another, that other's, or nothing where it is not to be looked
    /// at. `lines`: of its message, opened here.
    std::optional<PatchRow> recordOf(LogIndex index, std::uint64_t record, std::optional<LinePicker>& lines,
                                     Repeats& repeats) const;
    /// Without their answers; what these note of a payload's encoding goes to `codes`.
    std::vector<MessageRow> messagesOf(const Run& run, std::set<std::string>& codes) const;
    std::string beginningOf(const EnvelopeRow& envelope) const;

    Parts parts_;
};

/// Under which name the store keeps what was seen of a connector.
std::string seenNoteOf(std::string_view connector);

}  // namespace caseway

// gateway/pipeline/difference_report.hpp - the document of a reconciliation: counts, and by number what differs, names
// of fields only. Bounded: what does not fit is counted. Form: docs/formats/difference-report.md.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.hpp"
#include "gateway/domain/run.hpp"

namespace caseway {

class DifferenceReport {
public:
    /// A difference with the numbers of its case, as far as they are known.
    void add(Difference kind, std::string_view case_no, std::string_view source_case_no,
             const std::vector<std::string>& fields = {});
    /// What was read.
    struct Payload {
        std::string_view name;
        Sha256 digest;
        std::uint64_t bytes = 0, records = 0;
    };
    void add(const Payload& payload);
    /// A record that was not taken, with its place and the reason: no value.
    struct Refused {
        std::string_view payload;
        std::uint64_t record = 0;  ///< in its payload, from 1
        std::string_view code, field;
    };
    void add(const Refused& refused);

    /// Rows of the cases that were marked, ascending, each once.
    void mark(const std::vector<std::int64_t>& ids);

    /// Canonical JSON. `run`: as it will end, with its counts. `mapping`: the version that read the payloads.
    std::string text(const Run& run, const Sha256& mapping, Instant compared_at) const;

private:
    static constexpr std::size_t kKinds = kDifferenceNames.size();
    struct List {
        std::string json;
        std::uint64_t left_out = 0;
    };
    static void append(std::string entry, List& list);

    std::array<List, kKinds> differences_;
    List payloads_, refusals_;
    std::string marked_;
};

}  // namespace caseway

// gateway/report/refusal_tally.hpp - the refusals of some runs by rule, with a few to look at: read from the messages'
// outcome lines, which the log proves.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/ports/store.hpp"
#include "gateway/report/morning_report.hpp"

namespace caseway {

inline constexpr std::size_t kMostRefusalsRead = 20'000;  ///< by rule; the others are counted as a whole
inline constexpr std::size_t kMostMessagesRead = 20'000;  ///< in all; what the others had refused is not read
inline constexpr std::size_t kMostRulesTold = 50;         ///< the others become one, `other`

class RefusalCounter {
public:
    explicit RefusalCounter(StoreReader& reader, std::size_t most_read = kMostRefusalsRead,
                            std::size_t most_messages = kMostMessagesRead)
        : reader_(reader), left_(most_read), messages_left_(most_messages) {}
    /// Throws Fault as the reader does. A row that cannot be read counts nothing, nor do messages `without`.
    void add(const Run& run, const std::set<LogIndex>& without = {});
    RefusalTally finish() const;

private:
    /// What it had refused: records, and 1 where it was refused as a whole or broke off.
    std::uint64_t addMessage(const MessageRow& row, bool is_told);
    void addRecords(const MessageRow& row, const std::string& payload);
    void count(const std::string& code, const std::string& rule, RefusalExample example);

    StoreReader& reader_;
    std::size_t left_, messages_left_;
    std::uint64_t not_read_ = 0;
    std::map<std::string, RuleCount, std::less<>> rules_;
};

}  // namespace caseway

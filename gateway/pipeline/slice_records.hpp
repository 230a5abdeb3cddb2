// gateway/pipeline/slice_records.hpp - the records of one slice in the order of their payload: those that were read,
// and those that are known, of which there are many more and which take some two hundred bytes each.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "gateway/domain/known_record.hpp"
#include "gateway/pipeline/prepared_message.hpp"
#include "gateway/record/known_judge.hpp"

namespace caseway {

class SliceRecords {
public:
    static constexpr std::size_t kWeightOfRead = 8;  ///< the writer's work for one, beside that for a known one

    /// Room for one that was read, with what a former one left in it but its mark.
    PreparedRecord& addRead() {
        if (read_count_ == read_.size()) read_.emplace_back();
        are_known_.push_back(false);
        PreparedRecord& record = read_[read_count_++];
        record.mark.reset();
        return record;
    }
    /// Of a known record, with a settlement that is none and keeps its memory.
    Settlement& add(const KnownRecord& record) {
        known_.push_back(record);
        are_known_.push_back(true);
        if (known_.size() > settlements_.size()) settlements_.emplace_back();
        Settlement& settlement = settlements_[known_.size() - 1];
        settlement.case_id = 0;
        return settlement;
    }
    bool hasKnown() const { return !known_.empty(); }
    bool empty() const { return are_known_.empty(); }
    std::size_t size() const { return are_known_.size(); }
    std::size_t weight() const { return known_.size() + kWeightOfRead * read_count_; }
    /// The last one that was added; it must be one that was read.
    PreparedRecord& lastRead() { return read_[read_count_ - 1]; }
    /// Those that come next find the memory of these.
    void clear() {
        read_count_ = 0;
        known_.clear();
        are_known_.clear();
    }
    void release() {
        clear();
        read_.clear();
        settlements_.clear();
    }
    void swap(SliceRecords& other) noexcept {
        read_.swap(other.read_);
        std::swap(read_count_, other.read_count_);
        known_.swap(other.known_);
        settlements_.swap(other.settlements_);
        are_known_.swap(other.are_known_);
    }

    /// Tells each in its order: `each(const PreparedRecord*, const KnownRecord*, const Settlement*)`, the first or the
    /// others nullptr.
    template <class Each>
    void forEach(Each each) const {
        auto read = read_.begin();
        auto known = known_.begin();
        auto settlement = settlements_.begin();
        for (const bool is_known : are_known_) {
            if (is_known)
                each(nullptr, &*known++, &*settlement++);
            else
                each(&*read++, nullptr, nullptr);
        }
    }

private:
    std::vector<PreparedRecord> read_;  ///< the first `read_count_` of them; all keep their memory
    std::size_t read_count_ = 0;
    std::vector<KnownRecord> known_;
    std::vector<Settlement> settlements_;  ///< of the known ones; there may be more
    std::vector<bool> are_known_;
};

}  // namespace caseway

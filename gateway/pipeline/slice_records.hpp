// gateway/pipeline/slice_records.hpp - the records of one slice in the order of their payload: those that were read,
// and those that are known, of which there are many more and which take sixty bytes each.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "gateway/domain/known_record.hpp"
#include "gateway/pipeline/prepared_message.hpp"

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
    void add(const KnownRecord& record) {
        known_.push_back(record);
        are_known_.push_back(true);
    }
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
    }
    void swap(SliceRecords& other) noexcept {
        read_.swap(other.read_);
        std::swap(read_count_, other.read_count_);
        known_.swap(other.known_);
        are_known_.swap(other.are_known_);
    }

    /// Tells each in its order: `each(const PreparedRecord*, const KnownRecord*)`, one of them nullptr.
    template <class Each>
    void forEach(Each each) const {
        auto read = read_.begin();
        auto known = known_.begin();
        for (const bool is_known : are_known_) {
            if (is_known)
                each(nullptr, &*known++);
            else
                each(&*read++, nullptr);
        }
    }

private:
    std::vector<PreparedRecord> read_;  ///< the first `read_count_` of them; all keep their memory
    std::size_t read_count_ = 0;
    std::vector<KnownRecord> known_;
    std::vector<bool> are_known_;
};

}  // namespace caseway

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

    void add(PreparedRecord record) {
        read_.push_back(std::move(record));
        are_known_.push_back(false);
    }
    void add(const KnownRecord& record) {
        known_.push_back(record);
        are_known_.push_back(true);
    }
    bool empty() const { return are_known_.empty(); }
    std::size_t size() const { return are_known_.size(); }
    std::size_t weight() const { return known_.size() + kWeightOfRead * read_.size(); }
    /// The last one that was added; it must be one that was read.
    PreparedRecord& lastRead() { return read_.back(); }
    std::vector<PreparedRecord>& read() { return read_; }
    void clear() {
        read_.clear();
        known_.clear();
        are_known_.clear();
    }
    void swap(SliceRecords& other) noexcept {
        read_.swap(other.read_);
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
    std::vector<PreparedRecord> read_;
    std::vector<KnownRecord> known_;
    std::vector<bool> are_known_;
};

}  // namespace caseway

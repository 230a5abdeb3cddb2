// gateway/adapters/http/turns.hpp - jobs of several clients that take turns: who asks for much at once waits for
// himself.
#pragma once

#include <deque>
#include <queue>
#include <unordered_map>
#include <utility>

namespace caseway {

/// A queue as std::queue is one, of jobs with a member `client`. Of one client the first that came is the first, and of
/// the clients the one that has waited longest for its turn.
template <class Job>
class Turns {
public:
    bool empty() const { return clients_.empty(); }
    void push(Job job) {
        std::queue<Job>& line = lines_[job.client];
        if (line.empty()) clients_.push_back(job.client);
        line.push(std::move(job));
    }
    Job& front() { return lines_.find(clients_.front())->second.front(); }
    void pop() {
        const Client client = clients_.front();
        clients_.pop_front();
        const auto line = lines_.find(client);
        line->second.pop();
        if (line->second.empty())
            lines_.erase(line);
        else
            clients_.push_back(client);
    }

private:
    using Client = decltype(Job::client);
    std::unordered_map<Client, std::queue<Job>> lines_;  ///< none is empty
    std::deque<Client> clients_;                         ///< of each line once
};

}  // namespace caseway

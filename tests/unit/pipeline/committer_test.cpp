// tests/unit/pipeline/committer_test.cpp - who shares a commit with whom, and that a job tried again is a job tried
// first.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

class Noted final : public CommitJob {
public:
    explicit Noted(std::promise<bool>& done) : done_(done) {}
    void apply(CommitContext&) override {}
    void committed(MessageLog&, StoreReader&) override { done_.set_value(true); }
    void failed(const Fault&) override { done_.set_value(false); }

private:
    std::promise<bool>& done_;
};

/// Spoils its batch, and what the store is asked next.
class Poison final : public CommitJob {
public:
    Poison(fixture::FaultyStore& store, std::promise<void>& failed) : store_(store), failed_(failed) {}
    void apply(CommitContext&) override {
        if (!std::exchange(is_known_, true))
            store_.plan = {store_.plan.steps + 1, fixture::Damage::Failed, store_.plan.steps};
        throw Fault(FaultCode::StoreCorrupt, "poison");
    }
    void committed(MessageLog&, StoreReader&) override {}
    void failed(const Fault&) override { failed_.set_value(); }

private:
    fixture::FaultyStore& store_;
    std::promise<void>& failed_;
    bool is_known_ = false;
};

/// Notes the transaction that it was in; what `next` makes comes when it is durable.
class Numbered final : public CommitJob {
public:
    struct Seen {
        std::uint64_t number = 0;
        bool is_alone = false;
    };
    Numbered(bool is_long, std::function<void()> next) : is_long_(is_long), next_(std::move(next)) {}
    std::future<Seen> seen() { return seen_promise_.get_future(); }
    bool isSlice() const override { return is_long_; }
    bool isLong() const override { return is_long_; }
    void apply(CommitContext& context) override { seen_ = {context.number, context.is_alone}; }
    void committed(MessageLog&, StoreReader&) override {
        if (next_) next_();
        seen_promise_.set_value(seen_);
    }
    void failed(const Fault&) override { seen_promise_.set_value({}); }

private:
    const bool is_long_;
    const std::function<void()> next_;
    Seen seen_;
    std::promise<Seen> seen_promise_;
};

std::future<Numbered::Seen> numbered(Committer& committer, bool is_long, std::function<void()> next = {}) {
    auto made = std::make_unique<Numbered>(is_long, std::move(next));
    auto seen = made->seen();
    std::unique_ptr<CommitJob> job = std::move(made);
    BOOST_REQUIRE(committer.submit(job));
    return seen;
}

/// The pipeline's committer would wait an hour for what is coming.
struct Crowd : Pipeline {
    std::optional<Committer::Coming> one_more{std::in_place, committer};

    std::future<bool> submit(Committer::Coming coming = {}) {
        std::promise<bool>& done = done_.emplace_back();
        std::unique_ptr<CommitJob> job = std::make_unique<Noted>(done);
        BOOST_REQUIRE(committer.submit(job, std::move(coming)));
        return done.get_future();
    }

private:
    std::deque<std::promise<bool>> done_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(Commits)

BOOST_AUTO_TEST_CASE(a_batch_waits_for_what_is_coming) {
    Crowd crowd;
    auto first = crowd.submit();
    auto second = crowd.submit(std::move(*crowd.one_more));
    BOOST_TEST(first.get());
    BOOST_TEST(second.get());
    BOOST_TEST(crowd.committer.figures().commits == 1U);
}

BOOST_AUTO_TEST_CASE(a_job_knows_its_transaction) {
    Crowd crowd;
    auto first = numbered(crowd.committer, false), second = numbered(crowd.committer, false);
    crowd.one_more.reset();
    const auto together = first.get();
    BOOST_TEST(second.get().number == together.number);
    BOOST_TEST(!together.is_alone);
    BOOST_TEST(crowd.committer.ended() == together.number);
    const auto later = numbered(crowd.committer, false).get();
    BOOST_TEST(later.number == together.number + 1);
    BOOST_TEST(later.is_alone);
}

BOOST_AUTO_TEST_CASE(small_jobs_go_before_a_long_slice_but_once) {
    Crowd crowd;
    std::future<Numbered::Seen> last;
    auto slice = numbered(crowd.committer, true);
    auto small = numbered(crowd.committer, false, [&] { last = numbered(crowd.committer, false); });
    crowd.one_more.reset();
    const auto first = small.get(), second = slice.get();
    BOOST_TEST(first.is_alone);
    BOOST_TEST(second.number == first.number + 1);
    BOOST_TEST(last.get().number == second.number);
}

BOOST_AUTO_TEST_CASE(what_is_coming_may_stay_away) {
    Crowd crowd;
    auto first = crowd.submit();
    crowd.one_more.reset();
    BOOST_TEST(first.get());
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_himself) {
    Crowd crowd;
    BOOST_TEST(crowd.submit(std::move(*crowd.one_more)).get());
    BOOST_TEST(crowd.take(crowd.header(), R"([{"no":"B-1","id":"1","status":"10"}])").status == 200);
}

BOOST_AUTO_TEST_CASE(a_full_batch_does_not_wait) {
    Crowd crowd;
    std::vector<std::future<bool>> done;
    for (std::size_t i = 0; i < Committer::Limits{}.most_jobs; ++i) done.push_back(crowd.submit());
    for (auto& one : done) BOOST_TEST(one.get());
    crowd.one_more.reset();
}

BOOST_AUTO_TEST_CASE(a_batch_waits_for_a_message_that_has_no_worker_yet) {
    Crowd crowd;
    auto announced = crowd.exchange.announce();
    crowd.one_more.reset();
    auto first = crowd.submit();
    const HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/jose"}}};
    const std::string envelope =
        *signJson(crowd.header(), R"([{"no":"B-1","id":"1","status":"10"}])", housing().key, housing().keyId());
    std::promise<int> answered;
    crowd.exchange.take(
        request, envelope, [&](const Answer& answer) { answered.set_value(answer.status); }, {}, std::move(announced));
    BOOST_TEST(first.get());
    BOOST_TEST(answered.get_future().get() == 200);
    BOOST_TEST(crowd.committer.figures().commits == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_coming_after_a_commit_may_stay_away) {
    Crowd crowd;
    std::vector<std::future<bool>> done;
    for (std::size_t i = 0; i < Committer::Limits{}.most_jobs; ++i) done.push_back(crowd.submit());
    for (auto& one : done) BOOST_TEST(one.get());  // a full batch; the writer waits for the one more
    crowd.one_more.reset();
    BOOST_TEST(crowd.submit().get());
}

/// Two messages under one id and a job that spoils the batch; tried alone, the first meets a fault: nobody has the id,
/// so the second is taken.
BOOST_AUTO_TEST_CASE(a_job_that_is_tried_again_remembers_nothing) {
    Crowd crowd;
    const MessageHeader header = crowd.header();
    std::promise<Answer> answers[2];
    for (int i = 0; i < 2; ++i) {
        const std::string body = R"([{"no":"B-1","id":"1","status":")" + std::to_string(10 * (i + 1)) + R"("}])";
        const HttpRequest request{"POST", "/v1/messages", {{"Content-Type", "application/jose"}}};
        crowd.exchange.take(request, *signJson(header, body, housing().key, housing().keyId()),
                            [&, i](Answer answer) { answers[i].set_value(std::move(answer)); });
    }
    std::promise<void> failed;
    std::unique_ptr<CommitJob> poison = std::make_unique<Poison>(crowd.store, failed);
    BOOST_REQUIRE(crowd.committer.submit(poison, std::move(*crowd.one_more)));
    BOOST_TEST(answers[0].get_future().get().status == 503);
    BOOST_TEST(answers[1].get_future().get().status == 200);
    failed.get_future().get();
    BOOST_TEST(crowd.verdict() == "good");
}

BOOST_AUTO_TEST_SUITE_END()

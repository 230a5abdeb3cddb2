// tests/unit/daemon/report_sender_test.cpp - when the morning report goes out, how often it is tried, and that nothing
// is sent twice: on a clock of the test's own.
#include "gateway/daemon/report_sender.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

#include "gateway/base/fault.hpp"
#include "tests/support/memory_store.hpp"

using namespace caseway;

namespace {

class HandClock final : public Clock {
public:
    Instant now() const override { return now_; }
    /// "26 07:30" of November 2026 in Shanghai.
    void set(const std::string& text) {
        now_ = parseRfc3339("2026-11-" + text.substr(0, 2) + "T" + text.substr(3) + ":00+08:00").value();
    }

private:
    Instant now_{};
};

/// One way into a list; it fails while `fails`.
struct Post {
    HandClock clock;
    testing::MemoryStore store;
    std::vector<std::string> sent;
    std::string refused;
    int attempts = 0;
    int made = 0, kept = 0;
    bool fails = false, store_fails = false;
    bool has_webhook = false;
    std::unique_ptr<ReportSender> sender = make();

    std::unique_ptr<ReportSender> make() {
        const auto send = [this](const MorningReport& report, const std::function<bool()>&) {
            ++attempts;
            if (fails) throw Fault(FaultCode::NetworkUnavailable, "no answer", "look at the server");
            sent.push_back(textOf(report.night.date));
            return refused;
        };
        std::vector<ReportSender::Way> ways{{"mail", send}};
        if (has_webhook) ways.push_back({"webhook", send});
        return std::make_unique<ReportSender>(ReportSender::Parts{
            clock, store.reader(), TimeZone::find("Asia/Shanghai").value(), std::chrono::minutes(450),
            [this](std::chrono::local_days date) {
                ++made;
                const TimeZone zone = TimeZone::find("Asia/Shanghai").value();
                return MorningReport{"center/gateway", nightOf(date, zone), zone, clock.now(), false, {}};
            },
            [this](const std::string& name, const std::string& body) {
                if (store_fails) throw Fault(FaultCode::StoreUnavailable, "locked", "wait");
                ++kept;
                const auto writer = store.beginWrite();
                writer->putReportNote(name, body);
                writer->commit();
            },
            std::move(ways)});
    }
    void look(const std::string& time) {
        clock.set(time);
        sender->look();
    }
    ReportSending standing() const { return sender->standing().at(0); }
};

using Sent = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(ReportSenders)

BOOST_AUTO_TEST_CASE(who_was_refused_is_told_until_the_next_one_is_taken_by_all) {
    Post post;
    post.refused = "gone@center.example: 550 \"no\" such user";
    post.look("26 07:30");
    post.look("26 07:31");
    BOOST_TEST(post.sent.size() == 1U);  // the others have it: it is not sent again
    BOOST_TEST((post.standing().is_sent && post.standing().failed == 0));
    post.sender = post.make();  // a restart
    BOOST_TEST(post.standing().refused == post.refused);
    post.refused.clear();
    post.look("27 07:30");
    BOOST_TEST(post.standing().refused.empty());
}

BOOST_AUTO_TEST_CASE(send_once_a_day_behind_the_time) {
    Post post;
    post.look("25 19:31");  // twelve hours behind it nobody wants it any more
    post.look("26 07:29");
    BOOST_TEST(post.sent.empty());
    post.look("26 07:30");
    post.look("26 07:31");
    post.look("26 23:00");
    post.look("27 07:29");
    BOOST_TEST((post.sent == Sent{"2026-11-26"}));
    post.look("27 09:00");  // the gateway was down at the time
    BOOST_TEST((post.sent == Sent{"2026-11-26", "2026-11-27"}));
}

BOOST_AUTO_TEST_CASE(try_again_after_growing_waits_until_it_is_taken) {
    Post post;
    post.fails = true;
    const struct {
        const char* time;
        int attempts;
    } looks[] = {{"26 07:30", 1}, {"26 07:30", 1}, {"26 07:31", 2}, {"26 07:32", 2}, {"26 07:33", 3}, {"26 07:36", 3},
                 {"26 07:37", 4}, {"26 07:45", 5}, {"26 08:01", 6}, {"26 08:30", 6}, {"26 08:31", 7}};
    for (const auto& [time, attempts] : looks) {
        post.look(time);
        BOOST_TEST(post.attempts == attempts, time << ": " << post.attempts);
    }
    BOOST_TEST(post.standing().failed == 7);
    BOOST_TEST(post.standing().error.find("look at the server") != std::string::npos);
    post.fails = false;
    post.look("26 09:01");
    BOOST_TEST((post.sent == Sent{"2026-11-26"}));
    BOOST_TEST(post.standing().failed == 0);
    BOOST_TEST(post.standing().error.empty());
}

BOOST_AUTO_TEST_CASE(give_up_a_report_when_the_next_one_is_due) {
    Post post;
    post.fails = true;
    post.look("26 07:30");
    post.look("26 19:31");
    BOOST_TEST(post.attempts == 1);
    post.fails = false;
    post.look("27 07:30");
    BOOST_TEST((post.sent == Sent{"2026-11-27"}));
    BOOST_TEST(post.standing().given_up == 1);
}

BOOST_AUTO_TEST_CASE(remember_over_a_restart_what_was_sent) {
    Post post;
    post.look("26 07:30");
    post.sender = post.make();
    post.look("26 08:00");
    BOOST_TEST(post.sent.size() == 1);
    BOOST_TEST(post.standing().is_sent);
    BOOST_TEST((post.standing().sent_at == parseRfc3339("2026-11-25T23:30:00Z")));
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_holds_nothing_back_for_long) {
    Post post;
    post.fails = true;
    post.look("27 07:30");
    post.look("26 07:40");  // a day back: another report is due, and its waits begin anew
    BOOST_TEST(post.attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_clock_or_a_time_set_back_sends_nothing_older_again) {
    Post post;
    post.look("27 07:30");
    post.look("26 07:40");
    post.sender = post.make();
    post.look("26 07:41");
    BOOST_TEST((post.sent == Sent{"2026-11-27"}));
    post.look("28 07:30");
    BOOST_TEST((post.sent == Sent{"2026-11-27", "2026-11-28"}));
    post.look("20 07:30");  // the note is from a clock that was wrong
    BOOST_TEST((post.sent == Sent{"2026-11-27", "2026-11-28", "2026-11-20"}));
}

BOOST_AUTO_TEST_CASE(a_note_that_the_store_does_not_take_is_given_again_and_the_report_is_not_sent_again) {
    Post post;
    post.store_fails = true;
    post.look("26 07:30");
    post.look("26 07:31");
    BOOST_TEST(post.kept == 0);
    post.store_fails = false;
    post.look("26 07:32");
    post.look("26 07:33");
    BOOST_TEST(post.kept == 1);
    post.sender = post.make();
    post.look("26 07:34");
    BOOST_TEST(post.sent.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_report_is_made_once_for_all_ways) {
    Post post;
    post.has_webhook = true;
    post.sender = post.make();
    post.look("26 07:30");
    BOOST_TEST(post.sent.size() == 2);
    BOOST_TEST(post.made == 1);
    post.look("26 07:31");
    BOOST_TEST(post.made == 1);
}

BOOST_AUTO_TEST_CASE(stop_ends_the_thread_whatever_is_due) {
    Post post;
    post.clock.set("26 07:30");
    post.sender->start();
    post.sender->stop();
    post.sender->stop();
    BOOST_TEST(post.sent.size() <= 1);
}

BOOST_AUTO_TEST_CASE(notes_come_back_and_others_are_none) {
    ReportSending sending{"mail", "2026-11-26"};
    sending.failed = 3;
    sending.given_up = 2;
    sending.error = "\"no\"";
    const auto read = ReportSending::read("mail", sending.text());
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->text() == sending.text());
    for (const char* wrong : {"", "[]", "{", "7"}) BOOST_TEST(!ReportSending::read("mail", wrong).has_value());
}

BOOST_AUTO_TEST_CASE(a_mail_server_that_says_nothing_holds_up_no_webhook) {
    HandClock clock;
    clock.set("26 07:30");
    testing::MemoryStore store;
    std::promise<void> posted;
    const TimeZone zone = TimeZone::find("Asia/Shanghai").value();
    const auto has_posted = posted.get_future().share();
    ReportSender sender({clock,
                         store.reader(),
                         zone,
                         std::chrono::minutes(450),
                         [&](std::chrono::local_days date) {
                             return MorningReport{"center/gateway", nightOf(date, zone), zone, clock.now(), false, {}};
                         },
                         [](const std::string&, const std::string&) {},
                         {{"mail",
                           [&](const MorningReport&, const std::function<bool()>& stopping) {
                               while (!stopping()) std::this_thread::yield();
                               throw Fault(FaultCode::NetworkUnavailable, "no answer", {});
                               return std::string();
                           }},
                          {"webhook", [&](const MorningReport&, const std::function<bool()>&) {
                               posted.set_value();
                               return std::string();
                           }}}});
    sender.start();
    BOOST_TEST((has_posted.wait_for(std::chrono::seconds(60)) == std::future_status::ready));
    sender.stop();
    BOOST_TEST(sender.standing().at(0).failed == 0U);  // it was under way
    BOOST_TEST(sender.standing().at(1).is_sent);
}

BOOST_AUTO_TEST_SUITE_END()

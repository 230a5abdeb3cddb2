// tests/unit/http/mailbox_test.cpp - mail that is posted together arrives together.
#include "gateway/adapters/http/mailbox.hpp"

#include <sys/eventfd.h>

#include <boost/test/unit_test.hpp>
#include <memory>

using namespace caseway;

namespace {

Mail mailTo(ConnectionId connection) {
    Mail mail;
    mail.connection = connection;
    return mail;
}

std::uint64_t wakes(const Mailbox& box) {
    eventfd_t count = 0;
    return ::eventfd_read(box.fd(), &count) == 0 ? count : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Mailboxes)

BOOST_AUTO_TEST_CASE(what_is_posted_together_wakes_the_loop_once_and_comes_in_its_order) {
    const auto first = std::make_shared<Mailbox>();
    const auto second = std::make_shared<Mailbox>();
    std::vector<Mail> mails;
    BOOST_TEST((first->mayWait() && second->mayWait()));
    {
        const PostTogether together;
        for (ConnectionId i = 1; i <= 3; ++i) first->post(mailTo(i));
        second->post(mailTo(9));
        BOOST_TEST(first->mayWait());
        BOOST_TEST(wakes(*first) == 0U);
    }
    BOOST_TEST(wakes(*first) == 1U);
    BOOST_TEST(wakes(*second) == 1U);
    first->collect(mails);
    BOOST_REQUIRE(mails.size() == 3U);
    for (ConnectionId i = 1; i <= 3; ++i) BOOST_TEST(mails[i - 1].connection == i);
    second->collect(mails);
    BOOST_TEST(mails.size() == 1U);
}

BOOST_AUTO_TEST_CASE(mail_arrives_where_an_exception_ends_it) {
    const auto box = std::make_shared<Mailbox>();
    try {
        const PostTogether together;
        box->post(mailTo(1));
        throw 1;
    } catch (int) {
    }
    box->post(mailTo(2));
    std::vector<Mail> mails;
    box->collect(mails);
    BOOST_TEST(mails.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

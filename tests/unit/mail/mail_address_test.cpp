// tests/unit/mail/mail_address_test.cpp - what is an address, what is a server, and that no header breaks out of its
// line.
#include "gateway/adapters/mail/mail_address.hpp"

#include <boost/test/unit_test.hpp>

#include "gateway/adapters/mail/mail_sender.hpp"

using namespace caseway;

BOOST_AUTO_TEST_SUITE(MailAddresses)

BOOST_AUTO_TEST_CASE(are_plain_ones_alone) {
    for (const char* good : {"duty@center.example", "a.b-c_d+night@x-y.gov.cn", "root@localhost"})
        BOOST_TEST(parseMailAddress(good).value() == good);
    const std::string long_one = std::string(65, 'a') + "@center.example";
    for (const std::string& bad :
         {std::string(), std::string("duty"), std::string("@center"), std::string("duty@"), std::string("a@b@c"),
          std::string("Duty <duty@center.example>"), std::string("duty@center.example\r\nBcc: x@y.example"),
          std::string("duty@center.example\n"), std::string("du ty@center.example"), std::string("a..b@center.example"),
          std::string("a@center..example"), std::string("值班@center.example"), std::string("a@b.example>\0", 13),
          std::string("\"a b\"@center.example"), long_one})
        BOOST_TEST(parseMailAddress(bad).error().code == "mail_address_bad", bad);
}

BOOST_AUTO_TEST_CASE(stand_in_a_list_with_commas) {
    BOOST_TEST((parseMailAddresses("a@x.example, b@x.example").value() ==
                std::vector<std::string>{"a@x.example", "b@x.example"}));
    BOOST_TEST(parseMailAddresses(" ").value().empty());
    BOOST_TEST(!parseMailAddresses("a@x.example,,b@x.example"));
    std::string many;
    for (std::size_t i = 0; i <= kMostRecipients; ++i) many += (i == 0 ? "" : ",") + std::string("a@x.example");
    BOOST_TEST(!parseMailAddresses(many));
}

BOOST_AUTO_TEST_CASE(a_server_is_protected_or_on_this_machine) {
    using Protection = MailServer::Protection;
    const struct {
        const char* text;
        const char* host;
        int port;
        Protection protection;
    } good[] = {{"smtps://mail.center.example", "mail.center.example", 465, Protection::Tls},
                {"smtp://mail.center.example", "mail.center.example", 587, Protection::StartTls},
                {"smtp://10.1.2.3:25", "10.1.2.3", 25, Protection::StartTls},
                {"smtps://[2001:db8::1]:465", "[2001:db8::1]", 465, Protection::Tls},
                {"smtp-plain://127.0.0.1:2525", "127.0.0.1", 2525, Protection::None},
                {"smtp-plain://[::1]:2525", "[::1]", 2525, Protection::None}};
    for (const auto& one : good) {
        const auto server = MailServer::parse(one.text);
        BOOST_REQUIRE_MESSAGE(server.ok(), one.text);
        BOOST_TEST(server->host == one.host);
        BOOST_TEST(server->port == one.port);
        BOOST_TEST((server->protection == one.protection));
    }
    for (const char* bad :
         {"", "mail.center.example", "smtp-plain://mail.center.example", "smtp-plain://127.0.0.2",
          "smtp-plain://localhost", "smtp://user:secret@mail.center.example", "smtp://", "smtp://mail.center.example/x",
          "smtp://mail:0", "smtp://mail:99999", "http://mail", "smtps://mail.example\r\nRSET", "smtps://[::1"})
        BOOST_TEST(!MailServer::parse(bad).ok(), bad);
}

BOOST_AUTO_TEST_CASE(a_subject_never_begins_a_line_of_its_own) {
    const std::string hostile = "晨报\r\nBcc: everybody@center.example\r\n\r\n" + std::string(300, 'x');
    const std::string text = encodedHeaderText(hostile);
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos; at += 2)
        BOOST_TEST(text[at + 2] == ' ');
    BOOST_TEST(text.find("Bcc") == std::string::npos);
    BOOST_TEST(text.starts_with("=?UTF-8?B?"));
    std::size_t longest = 0, begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find("\r\n", begin), text.size());
        longest = std::max(longest, end - begin);
        begin = end + 2;
    }
    BOOST_TEST(longest <= 76);
    BOOST_TEST(encodedHeaderText("").empty());
}

BOOST_AUTO_TEST_SUITE_END()

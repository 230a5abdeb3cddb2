// tests/unit/thrift/thrift_call_test.cpp - calls as Thrift's own client writes them, answers as it reads them, and
// frames that no client writes.
#include "gateway/adapters/thrift/thrift_call.hpp"

#include <exchange_thrift/Exchange.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <boost/test/unit_test.hpp>

using namespace caseway;
using apache::thrift::TApplicationException;
using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::transport::TMemoryBuffer;

namespace {

/// A client whose calls stay in a buffer, and whose answers come out of one.
struct Caller {
    std::shared_ptr<TMemoryBuffer> out = std::make_shared<TMemoryBuffer>();
    std::shared_ptr<TMemoryBuffer> in = std::make_shared<TMemoryBuffer>();
    exchange::ExchangeClient client{std::make_shared<TBinaryProtocol>(in), std::make_shared<TBinaryProtocol>(out)};

    ThriftCall call() {
        auto read = readThriftCall(out->getBufferAsString());
        BOOST_REQUIRE(read.ok());
        return std::move(read).value();
    }
    void answer(const std::string& frame) {
        in->resetBuffer();
        in->write(reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<std::uint32_t>(frame.size()));
    }
};

std::string submitFrame() {
    Caller caller;
    exchange::Field field;
    field.name = "Signature";
    field.value = "sig1=:AAAA:";
    caller.client.send_submit("application/json", std::string("a\0b", 3), {field});
    return caller.out->getBufferAsString();
}

const std::string kRefused =
    R"({"status":422,"code":"no_record_taken","hint":"`refusals` says why","receipt":{"leaf":"{\"code\":\"other\"}"}})";

}  // namespace

BOOST_AUTO_TEST_SUITE(ThriftCalls)

BOOST_AUTO_TEST_CASE(each_call_is_read_with_its_arguments) {
    const auto read = readThriftCall(submitFrame());
    BOOST_REQUIRE(read.ok());
    const auto& submit = std::get<SubmitCall>(read->call);
    BOOST_TEST(read->ticket.method == "submit");
    BOOST_TEST(submit.content_type == "application/json");
    BOOST_TEST(submit.message == std::string("a\0b", 3));
    BOOST_TEST(submit.fields.size() == 1U);
    BOOST_TEST(submit.fields.at(0).name == "Signature");
    Caller message, one_case, changes;
    message.client.send_get_message("an-id");
    BOOST_TEST(std::get<GetMessageCall>(message.call().call).message_id == "an-id");
    one_case.client.send_get_case("CW-1");
    BOOST_TEST(std::get<GetCaseCall>(one_case.call().call).case_no == "CW-1");
    changes.client.send_changes(7, 50);
    BOOST_TEST(std::get<ChangesCall>(changes.call().call).after == 7);
    BOOST_TEST(std::get<ChangesCall>(changes.call().call).limit == 50);
}

BOOST_AUTO_TEST_CASE(what_was_taken_comes_back_as_the_result) {
    Caller caller;
    caller.client.send_submit("application/jose", "m", {});
    caller.answer(writeThriftAnswer(caller.call().ticket, {202, R"({"outcome":"received"})", {}}));
    exchange::Taken taken;
    caller.client.recv_submit(taken);
    BOOST_TEST(taken.status == 202);
    BOOST_TEST(taken.json == R"({"outcome":"received"})");
    Caller reader;
    reader.client.send_changes(0, 1);
    reader.answer(writeThriftAnswer(reader.call().ticket, {200, R"({"changes":[]})", {}}));
    std::string changes;
    reader.client.recv_changes(changes);
    BOOST_TEST(changes == R"({"changes":[]})");
}

BOOST_AUTO_TEST_CASE(every_other_status_comes_back_as_a_problem_with_its_code_and_hint) {
    Caller caller;
    caller.client.send_submit("application/jose", "m", {});
    caller.answer(writeThriftAnswer(caller.call().ticket, {422, kRefused, 5}));
    exchange::Taken taken;
    BOOST_CHECK_EXCEPTION(caller.client.recv_submit(taken), exchange::Problem, [](const exchange::Problem& problem) {
        return problem.status == 422 && problem.code == "no_record_taken" && problem.hint == "`refusals` says why" &&
               problem.retry_after_seconds == 5 && problem.json == kRefused;
    });
    for (const std::string method : {"get_message", "get_case", "changes"}) {
        Caller reader;
        reader.answer(writeThriftAnswer({method, 0}, {404, R"({"code":"not_found"})", {}}));
        std::string none;
        const auto is_not_found = [](const exchange::Problem& problem) {
            return problem.code == "not_found" && !problem.__isset.hint;
        };
        if (method == "get_message")
            BOOST_CHECK_EXCEPTION(reader.client.recv_get_message(none), exchange::Problem, is_not_found);
        else if (method == "get_case")
            BOOST_CHECK_EXCEPTION(reader.client.recv_get_case(none), exchange::Problem, is_not_found);
        else
            BOOST_CHECK_EXCEPTION(reader.client.recv_changes(none), exchange::Problem, is_not_found);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_method_is_answered_in_thrift) {
    Caller caller;
    const std::string frame = std::string("\x80\x01\x00\x01\x00\x00\x00\x04quit\x00\x00\x00\x01\x00", 17);
    const auto read = readThriftCall(frame);
    BOOST_REQUIRE(!read.ok());
    caller.answer(read.error().answer);
    exchange::Taken taken;
    BOOST_CHECK_EXCEPTION(
        caller.client.recv_submit(taken), TApplicationException,
        [](const TApplicationException& error) { return error.getType() == TApplicationException::UNKNOWN_METHOD; });
}

BOOST_AUTO_TEST_CASE(a_frame_that_is_cut_or_has_more_is_no_call) {
    const std::string whole = submitFrame();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto read = readThriftCall(std::string_view(whole).substr(0, size));
        BOOST_TEST(!read.ok());
    }
    const auto more = readThriftCall(whole + "x");
    BOOST_REQUIRE(!more.ok());
    BOOST_TEST(!more.error().answer.empty());
}

BOOST_AUTO_TEST_CASE(lengths_and_counts_that_are_not_there_take_no_memory) {
    const std::string whole = submitFrame();
    // Each four bytes of the frame in turn say "two thousand million", then "minus one".
    for (const std::string_view number : {std::string_view("\x7f\xff\xff\xff"), std::string_view("\xff\xff\xff\xff")})
        for (std::size_t at = 0; at + 4 <= whole.size(); ++at) {
            std::string frame = whole;
            frame.replace(at, 4, number);
            static_cast<void>(readThriftCall(frame));  // any verdict; the sanitizers watch
        }
    std::string deep = whole.substr(0, 18);  // message begin of "submit"
    for (int level = 0; level < 1000; ++level)
        deep += std::string("\x0c\x00\x63", 3);  // struct in struct, an unknown field
    BOOST_TEST(!readThriftCall(deep).ok());
}

BOOST_AUTO_TEST_CASE(answers_and_old_forms_are_no_calls) {
    std::string reply = submitFrame();
    reply[3] = 2;  // T_REPLY
    BOOST_TEST(readThriftCall(reply).error().answer.empty());
    std::string one_way = submitFrame();
    one_way[3] = 4;
    BOOST_TEST(readThriftCall(one_way).error().answer.empty());
    const std::string old =
        std::string("\x00\x00\x00\x06submit\x01\x00\x00\x00\x01\x00", 16);  // without version: not strict
    BOOST_TEST(!readThriftCall(old).ok());
}

BOOST_AUTO_TEST_SUITE_END()

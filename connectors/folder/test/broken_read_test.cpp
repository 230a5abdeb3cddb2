// connectors/folder/test/broken_read_test.cpp - a file that never comes whole does not keep the others from coming, and
// one that broke off once keeps its place among them.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <stdexcept>

#include "connectors/folder/folder.hpp"
#include "connectors/sdk/test/exchange_department.hpp"

using namespace caseway;

namespace {

/// At each file, before its bytes are read.
struct Disturbing final : PageSink {
    fixture::TextSink good;
    std::function<void(const std::string&)> at;
    void payload(const PayloadHead& head) override {
        good.payload(head);
        at(head.name);
    }
    void bytes(std::string_view piece) override { good.bytes(piece); }
};

struct Disturbed {
    fixture::ExchangeDepartment department;
    FolderType type;
    std::string more;
    int breaks = 0;                ///< so many times the file grows while it is read
    std::string broken = "b.xml";  ///< names, each in the others' order
    Cursor cursor;

    Disturbed() {
        for (const char* name : {"a.xml", "b.xml", "c.xml"}) department.put(name, "<a/>");
    }
    /// As a run without retries: names of the pages that came whole, then how it ended.
    std::string run(const std::function<void(const std::string&)>& at, const ConnectorSurroundings& surroundings = {}) {
        const auto connector = type.open(department.settings(R"(,"min_age_seconds":0)" + more), surroundings);
        std::string came;
        try {
            for (PageEnd end; !end.last;) {
                Disturbing sink;
                sink.at = at;
                end = connector->read(cursor, {}, sink);
                for (const std::string& name : sink.good.names()) came += name + " ";
                if (!end.last && end.next == cursor) return came + "stuck";
                connector->acknowledge(cursor = end.next);
            }
        } catch (const ConnectorFault& fault) {
            message = fault.parts().message;
            return came + fault.parts().code;
        } catch (const std::runtime_error&) {
            return came + "ours";
        }
        return came + "done";
    }
    std::string run() {
        return run([this](const std::string& name) {
            if (broken.find(name) == std::string::npos || breaks == 0) return;
            --breaks;
            std::ofstream(department.folder / ("out/" + name), std::ios::app) << "<more/>";
        });
    }
    std::string message;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(FolderBrokenRead, Disturbed)

BOOST_AUTO_TEST_CASE(a_file_keeps_its_place_until_it_broke_off_in_three_calls) {
    const struct {
        int breaks;
        std::string then;
    } cases[] = {{1, "a.xml b.xml c.xml done"}, {2, "a.xml b.xml c.xml done"}, {3, "a.xml c.xml b.xml done"}};
    for (const auto& one : cases) {
        Disturbed exchange;
        exchange.breaks = one.breaks;
        for (int call = 0; call < one.breaks; ++call) BOOST_TEST(exchange.run() == "file_changed", one.then);
        BOOST_TEST(exchange.run() == one.then, "after " << one.breaks);
        for (const char* name : {"a.xml", "b.xml", "c.xml"}) exchange.department.put(name, "<new/>");
        BOOST_TEST(exchange.run() == "a.xml b.xml c.xml done", "it is one like the others again");
    }
}

BOOST_AUTO_TEST_CASE(neither_the_word_to_stop_nor_a_fault_of_ours_turns_the_order_around) {
    bool stops = false;
    ConnectorSurroundings surroundings;
    surroundings.stopping = [&] { return stops; };
    const auto stop = [&](const std::string& name) { stops = name == "b.xml"; };
    const auto fail = [](const std::string& name) {
        if (name == "b.xml") throw std::runtime_error("no space left on device");
    };
    for (int call = 0; call < 4; ++call) {
        stops = false;
        BOOST_TEST(run(stop, surroundings) == "stopping");
        BOOST_TEST(run(fail) == "ours");
    }
    BOOST_TEST(run() == "a.xml b.xml c.xml done");
}

/// Such a run took what can be taken: told as file_refused it is partial, and the schedule does not rest for it.
BOOST_AUTO_TEST_CASE(a_file_that_never_comes_whole_holds_up_nothing_and_is_told_behind_all_others) {
    for (const bool has_error_folder : {false, true}) {
        Disturbed exchange;
        exchange.breaks = 1'000;
        exchange.more = R"(,"max_file_bytes":9000)";
        if (has_error_folder) exchange.more += R"(,"error":")" + (exchange.department.folder / "error") + R"(")";
        exchange.department.put("large.xml", std::string(10'000, 'x'));
        for (int call = 0; call < 3; ++call) BOOST_TEST(exchange.run() == "file_changed");
        BOOST_TEST(exchange.run() == "a.xml c.xml file_refused");
        BOOST_TEST(exchange.message.starts_with("2 files cannot be taken (the others were read): `b.xml`: "),
                   exchange.message);
        BOOST_TEST(exchange.message.find("`large.xml`: ") != std::string::npos, exchange.message);
        BOOST_TEST(exchange.department.names("error").size() == (has_error_folder ? 2U : 0U));
        BOOST_TEST(exchange.run() == "file_refused");                      // alone there, too
        exchange.department.put("largest.xml", std::string(30'000, 'x'));  // beside nothing else that could be taken
        BOOST_TEST(exchange.run() == "file_refused");
        BOOST_TEST(exchange.message.find("`largest.xml`: ") != std::string::npos, exchange.message);
        BOOST_TEST(exchange.department.names("error").size() == (has_error_folder ? 4U : 0U));
        exchange.department.put("larger.xml", std::string(20'000, 'x'));
        exchange.department.put("d.xml", "<d/>");
        BOOST_TEST(exchange.run() == "d.xml file_refused");
        BOOST_TEST(exchange.message.find("`larger.xml`: ") != std::string::npos, exchange.message);
        BOOST_TEST(exchange.department.names("error").size() == (has_error_folder ? 6U : 0U));
        exchange.breaks = 0;
        BOOST_TEST(exchange.run() == (has_error_folder ? "b.xml done" : "b.xml file_refused"));
    }
}

BOOST_AUTO_TEST_CASE(of_several_that_broke_off_each_has_its_turn) {
    breaks = 1'000;
    broken = "b.xml c.xml";
    for (int call = 0; call < 6; ++call) BOOST_TEST(run() == "file_changed");
    BOOST_TEST(run() == "a.xml file_refused");
    BOOST_TEST(message.starts_with("2 files"), message);
    broken = "b.xml";
    BOOST_TEST(run() == "c.xml file_refused");
}

BOOST_AUTO_TEST_SUITE_END()

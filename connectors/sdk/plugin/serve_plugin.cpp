// connectors/sdk/plugin/serve_plugin.cpp - the port's calls, served over Thrift.
#include "connectors/sdk/plugin/serve_plugin.hpp"

#include <connector_protocol/ConnectorPlugin.h>
#include <connector_protocol/Gateway.h>
#include <connector_protocol/connector_constants.h>
#include <malloc.h>
#include <sys/stat.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TFDTransport.h>

#include <cstdio>
#include <optional>

namespace caseway {
namespace {

namespace wire = plugin;
using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::transport::TFDTransport;
using apache::thrift::transport::TFramedTransport;

constexpr int kCalls = 3;
constexpr int kQuestions = 4;
constexpr int kKeptBytes =
    32 * 1024 * 1024;  ///< of freed memory, for the next page: giving it back costs more than reading
constexpr std::size_t kPartBytes = 8 * 1024 * 1024;  ///< of payload in one answer

std::shared_ptr<TBinaryProtocol> protocolOn(int descriptor) {
    return std::make_shared<TBinaryProtocol>(
        std::make_shared<TFramedTransport>(std::make_shared<TFDTransport>(descriptor)));
}

wire::Fault toWire(const ConnectorFault& fault) {
    wire::Fault out;
    out.kind = fault.kind() == ConnectorFaultKind::Config      ? wire::FaultKind::CONFIG
               : fault.kind() == ConnectorFaultKind::Transient ? wire::FaultKind::TRANSIENT
                                                               : wire::FaultKind::SYSTEM;
    out.code = fault.parts().code;
    out.__set_where(fault.parts().where);
    out.message = fault.parts().message;
    out.__set_next_step(fault.parts().next_step);
    if (fault.parts().retry_after)
        out.__set_retry_after_seconds(static_cast<std::int32_t>(fault.parts().retry_after->count()));
    return out;
}

ConnectorFault fromWire(const wire::Fault& fault) {
    return {fault.kind == wire::FaultKind::CONFIG      ? ConnectorFaultKind::Config
            : fault.kind == wire::FaultKind::TRANSIENT ? ConnectorFaultKind::Transient
                                                       : ConnectorFaultKind::System,
            {fault.code, fault.where, fault.message, fault.next_step}};
}

/// Runs a call; a connector's fault travels as the contract's exception.
template <class Call>
auto passingFaults(Call call) {
    try {
        return call();
    } catch (const ConnectorFault& fault) {
        throw toWire(fault);
    } catch (const wire::Fault&) {
        throw;
    }
}

/// Cuts a page into payloads of the wire.
class CollectingSink final : public PageSink {
public:
    void payload(const PayloadHead& head) override {
        wire::Payload next;
        next.__set_name(head.name);
        next.__set_media_type(head.media_type);
        next.__set_records(static_cast<std::int64_t>(head.records));
        payloads.push_back(std::move(next));
    }
    void bytes(std::string_view piece) override {
        while (!piece.empty()) {
            if (payloads.back().bytes.size() == kPartBytes) payloads.emplace_back();
            std::string& target = payloads.back().bytes;
            const std::size_t taken = std::min(piece.size(), kPartBytes - target.size());
            target.append(piece.substr(0, taken));
            piece.remove_prefix(taken);
        }
    }
    std::vector<wire::Payload> payloads;
};

class Service final : public wire::ConnectorPluginIf {
public:
    explicit Service(const ConnectorType& type) : type_(type), gateway_(protocolOn(kQuestions)) {}

    void hello(wire::Hello& answer, std::int32_t) override {
        answer.protocol = wire::g_connector_constants.PROTOCOL;
        answer.type = type_.spec().type;
        answer.version = type_.spec().version;
    }
    void open(const std::string& settings, std::int64_t deadline_ms) override {
        ConnectorSurroundings surroundings;
        surroundings.deadline = std::chrono::milliseconds(deadline_ms);
        surroundings.allow_destination = [this](const std::string& host, const std::string& address,
                                                std::uint16_t port) {
            ask([&] { gateway_.allow_destination(host, address, port); });
        };
        surroundings.allow_folder = [this](const std::string& folder) { ask([&] { gateway_.allow_folder(folder); }); };
        surroundings.stopping = [this] { return gateway_.stopping(); };
        passingFaults([&] { connector_ = type_.open(settings, surroundings); });
    }
    void check(std::vector<wire::CheckStep>& answer, std::int64_t) override {
        for (const CheckStep& step : passingFaults([&] { return opened().check(); })) {
            wire::CheckStep out;
            out.name = step.name;
            out.good = step.good;
            out.__set_detail(step.detail);
            out.__set_next_step(step.next_step);
            answer.push_back(std::move(out));
        }
    }
    void discover(std::vector<wire::SourceObject>& answer, std::int64_t) override {
        for (const SourceObject& object : passingFaults([&] { return opened().discover(); })) {
            wire::SourceObject out;
            out.name = object.name;
            out.__set_media_type(object.media_type);
            if (object.records) out.__set_records(static_cast<std::int64_t>(*object.records));
            out.__set_fields(object.fields);
            answer.push_back(std::move(out));
        }
    }
    void read(wire::PagePart& answer, const std::string& cursor, const wire::PageLimits& limits,
              std::int64_t deadline_ms) override {
        CollectingSink sink;
        const PageEnd end = passingFaults([&] {
            return opened().read(
                cursor, {static_cast<std::uint32_t>(limits.records), static_cast<std::uint64_t>(limits.bytes)}, sink);
        });
        waiting_ = std::move(sink.payloads);
        sent_ = 0;
        end_.next_cursor = end.next;
        end_.last = end.last;
        end_.records = static_cast<std::int64_t>(end.records);
        end_.__isset.source_total = end.source_total.has_value();
        end_.source_total = static_cast<std::int64_t>(end.source_total.value_or(0));
        end_.__isset.withheld = !end.withheld.empty();
        end_.withheld = end.withheld;
        end_.__isset.ended_early = !end.ended_early.empty();
        end_.ended_early = end.ended_early;
        more(answer, deadline_ms);
    }
    void more(wire::PagePart& answer, std::int64_t) override {
        for (std::size_t bytes = 0; sent_ < waiting_.size(); ++sent_) {
            bytes += waiting_[sent_].bytes.size();
            if (bytes > kPartBytes && !answer.payloads.empty()) return;
            answer.payloads.push_back(std::move(waiting_[sent_]));
        }
        waiting_.clear();
        sent_ = 0;
        answer.__set_page_end(end_);
    }
    void acknowledge(const std::string& durable, std::int64_t) override {
        passingFaults([&] { opened().acknowledge(durable); });
    }
    void write(std::vector<wire::WriteAnswer>& answers, const std::vector<wire::OutgoingItem>& items,
               std::int64_t) override {
        std::vector<OutgoingItem> given;
        for (const wire::OutgoingItem& item : items) given.push_back({item.key, item.bytes});
        for (const WriteAnswer& answer : passingFaults([&] { return opened().write(given); })) {
            wire::WriteAnswer out;
            out.outcome = static_cast<wire::WriteOutcome::type>(static_cast<int>(answer.outcome) + 1);
            out.__set_reason(answer.reason);
            answers.push_back(std::move(out));
        }
    }

private:
    Connector& opened() {
        if (!connector_)
            throw ConnectorFault(ConnectorFaultKind::System, {"plugin_not_open", "", "a call before open()"});
        return *connector_;
    }
    template <class Question>
    static void ask(Question question) {
        try {
            question();
        } catch (const wire::Fault& fault) {
            throw fromWire(fault);
        }
    }

    const ConnectorType& type_;
    wire::GatewayClient gateway_;
    std::unique_ptr<Connector> connector_;
    std::vector<wire::Payload> waiting_;  ///< of the page that is being sent
    std::size_t sent_ = 0;
    wire::PageEnd end_;
};

}  // namespace

int servePlugin(const ConnectorType& type) {
    struct stat calls {};
    if (::fstat(kCalls, &calls) != 0 || !S_ISSOCK(calls.st_mode)) {
        std::fputs("this is a plug-in of Caseway: the gateway starts it; try `caseway connector verify DIR`\n", stderr);
        return 2;
    }
    ::mallopt(M_MMAP_THRESHOLD, kKeptBytes);
    ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
    const auto protocol = protocolOn(kCalls);
    wire::ConnectorPluginProcessor processor(std::make_shared<Service>(type));
    try {
        while (processor.process(protocol, protocol, nullptr)) {
        }
    } catch (const apache::thrift::TException&) {
        return 0;  // the gateway closed the socket
    }
    return 0;
}

}  // namespace caseway

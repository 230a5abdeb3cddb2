// gateway/adapters/plugin/questions.cpp - the service Gateway of the contract.
#include "gateway/adapters/plugin/questions.hpp"

#include "connectors/sdk/wire/answers.hpp"
#include "connectors/sdk/wire/bounded_protocol.hpp"

namespace caseway {
namespace {

constexpr int kQuestionBytesMax = 16 * 1024;
constexpr std::uint32_t kQuestionsMax = 100'000;  ///< of one call

}  // namespace

class Questions::Handler final : public plugin::GatewayIf {
public:
    explicit Handler(const ConnectorSurroundings& surroundings) : surroundings_(surroundings) {}
    void allow_destination(const std::string& host, const std::string& address, std::int32_t port) override {
        ask([&] {
            if (port < 1 || port > 65535)
                throw ConnectorFault(ConnectorFaultKind::Config, {"destination_not_allowed", host,
                                                                  "no port " + std::to_string(port), "correct it"});
            if (surroundings_.allow_destination)
                surroundings_.allow_destination(host, address, static_cast<std::uint16_t>(port));
        });
    }
    void allow_folder(const std::string& folder) override {
        ask([&] {
            if (surroundings_.allow_folder) surroundings_.allow_folder(folder);
        });
    }
    bool stopping() override { return surroundings_.stopping(); }
    void begin() { refused_with_.clear(); }
    const std::string& refusedWith() const { return refused_with_; }

private:
    template <class Question>
    void ask(Question question) {
        try {
            question();
        } catch (const ConnectorFault& fault) {
            refused_with_ = fault.parts().code;
            throw toWire(fault);
        }
    }
    const ConnectorSurroundings& surroundings_;
    std::string refused_with_;
};

Questions::Questions(const PluginProcess& process, const ConnectorSurroundings& surroundings)
    : transport_(std::make_shared<ChannelTransport>(process, process.questions())),
      protocol_(boundedProtocol(transport_, kQuestionBytesMax)),
      handler_(std::make_shared<Handler>(surroundings)),
      processor_(handler_) {}

void Questions::bound(const CallBounds& bounds) {
    transport_->bound(bounds, -1, {});
    handler_->begin();
    asked_ = 0;
}

void Questions::answer() {
    if (++asked_ > kQuestionsMax) throw AnswerOutOfBounds("questions without end");
    processor_.process(protocol_, protocol_, nullptr);
}

const std::string& Questions::refusedWith() const {
    return handler_->refusedWith();
}

}  // namespace caseway

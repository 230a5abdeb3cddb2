// gateway/adapters/plugin/channel.hpp - Thrift's transport to one plug-in: non-blocking underneath, so that no read or
// write outlasts its call. While it waits for an answer, it answers the plug-in's questions. For this folder only: it
// shows Thrift's types.
#pragma once

#include <thrift/transport/TVirtualTransport.h>

#include <functional>
#include <stdexcept>

#include "gateway/adapters/plugin/process.hpp"

namespace caseway {

/// Why a call got no answer.
enum class ChannelEnd { TimedOut, CpuSpent, Cancelled, Closed };
class ChannelEnded : public std::runtime_error {
public:
    explicit ChannelEnded(ChannelEnd why) : std::runtime_error("channel ended"), why_(why) {}
    ChannelEnd why() const { return why_; }

private:
    ChannelEnd why_;
};

/// What bounds one call.
struct CallBounds {
    SteadyTime deadline;
    std::chrono::nanoseconds cpu_until{};    ///< of the process's own clock
    std::chrono::milliseconds stop_grace{};  ///< left to the plug-in once `stopping` says so
    std::function<bool()> stopping;
    std::chrono::milliseconds left() const;
};

/// Reads and writes one descriptor of the process within bounds; throws ChannelEnded.
class ChannelTransport : public apache::thrift::transport::TVirtualTransport<ChannelTransport> {
public:
    ChannelTransport(const PluginProcess& process, int descriptor) : process_(process), descriptor_(descriptor) {}
    /// For the calls until the next; `answer_questions` is called when the plug-in asks on `questions` (-1: never).
    void bound(const CallBounds& bounds, int questions, std::function<void()> answer_questions);
    /// Bytes wait that nobody asked for.
    bool hasUnread() const;

    std::uint32_t read(std::uint8_t* buffer, std::uint32_t length);
    void write(const std::uint8_t* bytes, std::uint32_t length);
    bool isOpen() const override { return true; }

private:
    /// Returns when the descriptor is ready for `events`.
    void wait(short events);
    void checkBounds();

    const PluginProcess& process_;
    int descriptor_;
    CallBounds bounds_;
    int questions_ = -1;
    std::function<void()> answer_questions_;
    std::optional<SteadyTime> stop_by_;
};

}  // namespace caseway

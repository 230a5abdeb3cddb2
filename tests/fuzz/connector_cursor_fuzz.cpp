// tests/fuzz/connector_cursor_fuzz.cpp - cursors of connectors from any bytes: a fault, or a state that is written as
// it was read. Watermarks and times go along.
#include "connectors/sdk/page_walk.hpp"
#include "connectors/sql/sql_cursor.hpp"
#include "connectors/sql/watermark_scale.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/check.hpp"

using namespace caseway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(textOf({data, size}));
    try {
        const std::string again = SqlCursor::read(text).write();
        CASEWAY_CHECK(SqlCursor::read(again).write() == again);
    } catch (const ConnectorFault& fault) {
        CASEWAY_CHECK(fault.kind() == ConnectorFaultKind::System);
    }
    try {
        PageRules rules;
        rules.style = PageStyle::Page;
        PageWalk walk(rules, text, {});
        static_cast<void>(walk.question());
        const Cursor next = walk.take({.records = 1, .digest = "d"}, 0, "").next;
        static_cast<void>(PageWalk(rules, next, {}));
    } catch (const ConnectorFault& fault) {
        CASEWAY_CHECK(fault.kind() != ConnectorFaultKind::Transient);
    }
    for (const bool is_number : {false, true}) {
        const auto scale = WatermarkScale::of(text, is_number);
        if (scale) CASEWAY_CHECK(scale->value(scale->write(*scale->value(text))).has_value());
    }
    return 0;
}

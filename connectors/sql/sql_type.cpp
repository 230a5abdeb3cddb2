// connectors/sql/sql_type.cpp - the spec of `sql` and its connectors. The connection is kept between calls and dropped
// after a fault.
#include "connectors/sql/sql_type.hpp"

#include <fmt/format.h>

#include <clocale>
#include <optional>
#include <type_traits>

#include "connectors/sdk/bounded_connector.hpp"
#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sdk/turn_wait.hpp"
#include "connectors/sql/table_reading.hpp"

namespace caseway {
namespace {

class SqlConnector final : public Connector {
public:
    SqlConnector(SqlSettings settings, ConnectorSurroundings surroundings, std::shared_ptr<DriverLine> line)
        : settings_(std::move(settings)),
          surroundings_(std::move(surroundings)),
          line_(std::move(line)),
          statements_pace_(settings_.statements_per_second),
          rows_pace_(settings_.rows_per_second) {}

    std::vector<CheckStep> check() override {
        close();
        CheckRun run;
        const CallBudget budget(surroundings_);
        OdbcConnection::Way way;
        run.then("may reach " + settings_.where(), [&] {
            way = settings_.way(surroundings_);
            return std::string("allowed");
        });
        if (!way.exposed.empty())
            run.then("nobody on the line reads or pretends", [&] { return "WARNING: not so! " + way.exposed; });
        run.then("log in" + (settings_.user.empty() ? "" : " as " + settings_.user), [&] {
            connect(std::move(way));
            boundBy(budget);
            return connection_->product();
        });
        run.then("find table and columns of " + settings_.table.text(), [&] {
            plan_.emplace(*connection_, settings_);
            return fmt::format("{} columns", plan_->columns().size());
        });
        run.then("every row has a key of its own", [&] { return checkKey(); });
        if (settings_.flag) {
            run.then("may set the flag", [&] {
                connection_->execute(plan_->changeNothing());
                return std::string("no row was changed");
            });
        }
        auto steps = std::move(run).steps();
        close();
        return steps;
    }

    std::vector<SourceObject> discover() override {
        return guarded(CallBudget(surroundings_), [&] {
            std::vector<SourceObject> objects;
            for (const SqlTableName& table : connection_->tables(1000)) {
                objects.push_back({table.text(), "application/json", {}, {}});
                if (objects.size() > 100) continue;  // the fields of so many are enough to choose from
                for (const SqlColumn& column : connection_->columns(table))
                    objects.back().fields.push_back(column.name);
            }
            return objects;
        });
    }

    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        const SqlCursor cursor = SqlCursor::read(from);
        const CallBudget budget(surroundings_);
        return guarded(budget, [&] {
            mustFit(cursor);
            return TableReading(*connection_, *plan_, settings_, budget, rows_pace_, has_marks_)
                .read(cursor, limits, sink);
        });
    }

    void acknowledge(const Cursor& durable) override {
        const SqlCursor cursor = SqlCursor::read(durable);
        const CallBudget budget(surroundings_);
        if (!settings_.flag || cursor.rows.empty()) return;
        guarded(budget, [&] {
            TableReading(*connection_, *plan_, settings_, budget, rows_pace_, has_marks_).acknowledge(cursor);
            return 0;
        });
    }

    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override {
        throw notDone("this type only reads", "use `http` or `folder` for what is sent");
    }

private:
    /// Runs with a connection and a plan; whatever goes wrong, the next call begins with new ones.
    template <class Work>
    std::invoke_result_t<Work> guarded(const CallBudget& budget, Work&& work) {
        try {
            if (!connection_) connect(settings_.way(surroundings_));
            line_->begin();
            boundBy(budget);
            if (!plan_) plan_.emplace(*connection_, settings_);
            return work();
        } catch (...) {
            const bool is_overfull = line_->isOverfull();
            close();
            if (is_overfull) throw overfull();
            throw;
        }
    }
    void connect(OdbcConnection::Way way) {
        line_->dial(way.peer);
        connection_ = std::make_unique<OdbcConnection>(std::move(way));
        line_->connected();
    }
    ConnectorFault overfull() const {
        return configFault(
            "answer_too_large", settings_.where(),
            fmt::format("the database sent more than {} MiB for one statement, and was cut off",
                        DriverLine::kBytesMost >> 20),
            "give the connector fewer `page_records`, or leave the column of large values out by `columns`");
    }
    /// `budget` lives as long as the call does.
    void boundBy(const CallBudget& budget) {
        connection_->setTimeLeft([&budget, where = settings_.where()] {
            budget.mustGoOn(where);
            return budget.left();
        });
        connection_->setTurn([this, &budget, where = settings_.where()] {
            waitForTurn(statements_pace_, budget, where);
            line_->beginStatement();
        });
    }
    void close() {
        plan_.reset();
        connection_.reset();
        line_->drop();
    }
    void mustFit(const SqlCursor& cursor) const {
        if (!cursor.after.empty() && cursor.after.size() != plan_->order().size())
            throw badCursor("its place has another number of columns");
    }
    std::string checkKey() {
        if (!connection_->value(plan_->selectDoubleKey()).empty())
            throw configFault("key_not_unique", settings_.table.text(), "two rows have one key",
                              "add a column to `key`");
        const std::string count = connection_->value(plan_->countWithoutOrder());
        if (count != "0") {
            throw configFault("key_missing", settings_.table.text(),
                              count + " rows have NULL in the key or the watermark",
                              "ask the department to fill them: such rows would never be read");
        }
        return connection_->value(plan_->countAll()) + " rows";
    }

    SqlSettings settings_;
    ConnectorSurroundings surroundings_;
    std::shared_ptr<DriverLine> line_;
    RequestPace statements_pace_, rows_pace_;
    bool has_marks_ = false;  ///< see TableReading
    std::unique_ptr<OdbcConnection> connection_;
    std::optional<TablePlan> plan_;
};

class SqlType final : public ConnectorType {
public:
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        SqlSettings read = SqlSettings::read(SettingsTree::read(settings, spec_.settings_schema));
        std::string where = read.where();
        // A driver waits for a server that took the connection and says nothing, whatever time-outs it was given.
        const auto line = std::make_shared<DriverLine>();
        return makeBounded({.open =
                                [read, line](const ConnectorSurroundings& gated) {
                                    return std::make_unique<SqlConnector>(read, gated, line);
                                },
                            .surroundings = surroundings,
                            .hanging = hanging_,
                            .key = fmt::format("{} {} {}", where, read.user, read.table.text()),
                            .where = where,
                            .look = [line] { line->look(); },
                            .left = [line] { line->cut(); }});
    }

private:
    std::shared_ptr<HangingCalls> hanging_ = std::make_shared<HangingCalls>();
    const ConnectorSpec spec_{
        "sql", "1.0.0", "database table over ODBC: shared table with a flag, or behind a watermark",
        true,  false,   SqlSettings::kSchema};
};

}  // namespace

/// unixODBC hands texts to a driver without wide calls in the encoding of the process, and that is ASCII unless it is
/// said: a column 状态 became one of another name. Called as the gateway starts, before there are threads.
std::unique_ptr<ConnectorType> makeSqlType() {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    return std::make_unique<SqlType>();
}

}  // namespace caseway

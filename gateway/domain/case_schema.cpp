// gateway/domain/case_schema.cpp - the table of case-record.schema.json and its look-ups. Rows stand in the order of
// canonical JSON: the record's tree walked depth first with sorted names. tests/unit/case_schema holds each row against
// the schema file. What a value must look like: case_rules.cpp.
#include "gateway/domain/case_schema.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "gateway/base/check.hpp"

namespace caseway {
namespace {

constexpr std::string_view kOneTwoThree[] = {"1", "2", "3"};
constexpr std::string_view kLimitUnits[] = {"1", "2", "3", "4", "5"};
constexpr std::string_view kApplicantTypes[] = {"1", "2", "3", "4", "5", "6"};
constexpr std::string_view kOneToFourOrNine[] = {"1", "2", "3", "4", "9"};
constexpr std::string_view kOneTwo[] = {"1", "2"};
constexpr std::string_view kOperations[] = {"I", "U", "D"};
constexpr std::string_view kResults[] = {"00", "01", "02", "03", "04", "05", "06", "07", "08", "09"};
constexpr std::string_view kStatuses[] = {"10", "12", "14", "20", "22", "28", "30", "40", "42",
                                          "44", "50", "90", "92", "95", "96", "97", "98"};
constexpr std::string_view kActions[] = {"0", "1", "2", "3", "4", "5", "6", "7", "9"};
constexpr std::string_view kOneToFour[] = {"1", "2", "3", "4"};
constexpr std::string_view kSuspensionKinds[] = {"01", "02", "03", "04", "05", "06", "07",
                                                 "08", "09", "10", "11", "12", "13", "99"};

constexpr bool kPersonal = true;

constexpr FieldInfo plain(Section section, std::string_view name, std::string_view title, FieldType type) {
    FieldInfo info{};
    info.section = section;
    info.name = name;
    info.title = title;
    info.type = type;
    return info;
}

constexpr FieldInfo text(Section section, std::string_view name, std::string_view title, std::uint32_t max_length,
                         bool personal = false) {
    FieldInfo info = plain(section, name, title, FieldType::Text);
    info.max_length = max_length;
    info.personal = personal;
    return info;
}

constexpr FieldInfo code(Section section, std::string_view name, std::string_view title,
                         std::span<const std::string_view> codes) {
    FieldInfo info = plain(section, name, title, FieldType::Code);
    info.codes = codes;
    return info;
}

constexpr FieldInfo integer(Section section, std::string_view name, std::string_view title, std::int64_t minimum,
                            std::int64_t maximum = 0) {
    FieldInfo info = plain(section, name, title, FieldType::Integer);
    info.minimum = minimum;
    info.maximum = maximum;
    return info;
}

// clang-format off: one row a line
constexpr FieldInfo kFields[] = {
    text(Section::Accept, "accept_doc_no", "受理文书编号", 50),
    code(Section::Accept, "accept_result", "受理结果 1受理 2不予受理 3不属本机关", kOneTwoThree),
    plain(Section::Accept, "accept_time", "受理时间", FieldType::DateTime),
    text(Section::Accept, "accept_user", "受理人员", 100, kPersonal),
    text(Section::Accept, "accept_user_no", "受理人员工号", 50),
    code(Section::Accept, "pre_review_result", "预审结果 1通过 2退回 3补正", kOneTwoThree),
    plain(Section::Accept, "pre_review_time", "预审时间", FieldType::DateTime),
    plain(Section::Accept, "promise_due_time", "承诺到期(网关计算)", FieldType::DateTime),
    plain(Section::Accept, "promise_due_time_reported", "承诺到期(来源)", FieldType::DateTime),
    integer(Section::Accept, "promise_limit", "承诺时限", 0),
    code(Section::Accept, "promise_limit_unit", "承诺时限单位", kLimitUnits),
    plain(Section::Accept, "receive_time", "收件时间", FieldType::DateTime),
    text(Section::Accept, "reject_reason", "不予受理原因", 500),
    plain(Section::Accept, "statutory_due_time", "法定到期(网关计算)", FieldType::DateTime),
    plain(Section::Accept, "statutory_due_time_reported", "法定到期(来源)", FieldType::DateTime),
    integer(Section::Accept, "statutory_limit", "法定时限", 0),
    code(Section::Accept, "statutory_limit_unit", "法定时限单位 1工作日 2自然日 3小时 4分钟 5月", kLimitUnits),
    text(Section::Case, "address", "通讯地址", 1000, kPersonal),
    text(Section::Case, "applicant_id_no", "申请人证件号码", 50, kPersonal),
    text(Section::Case, "applicant_id_type", "申请人证件类型", 3),
    text(Section::Case, "applicant_name", "申请人名称", 100, kPersonal),
    code(Section::Case, "applicant_type", "申请人类型 GB/T 39046 A.4", kApplicantTypes),
    code(Section::Case, "apply_channel", "申报来源 GB/T 39046 A.5", kOneToFourOrNine),
    plain(Section::Case, "apply_time", "申请时间", FieldType::DateTime),
    code(Section::Case, "case_kind", "办件类型 1即办 2承诺 3联办 4上报 9其他", kOneToFourOrNine),
    text(Section::Case, "case_no", "办件编号", 50),
    text(Section::Case, "case_title", "申报名称", 1000),
    text(Section::Case, "contact_id_no", "联系人证件号码", 50, kPersonal),
    text(Section::Case, "contact_id_type", "联系人证件类型", 3),
    text(Section::Case, "contact_mobile", "联系人手机", 18, kPersonal),
    text(Section::Case, "contact_name", "联系人", 100, kPersonal),
    integer(Section::Corrections, "due_days", "补正期限(工作日)", 0),
    plain(Section::Corrections, "material_list", "材料清单", FieldType::TextList),
    plain(Section::Corrections, "notify_time", "告知时间", FieldType::DateTime),
    text(Section::Corrections, "notify_user", "告知人", 100, kPersonal),
    code(Section::Corrections, "outcome", "结果 1补齐 2逾期未补 3放弃", kOneTwoThree),
    text(Section::Corrections, "reason", "补正原因", 2000),
    integer(Section::Corrections, "seq", "序号", 1),
    code(Section::Corrections, "stage", "阶段 1受理前 2受理后", kOneTwo),
    plain(Section::Corrections, "supplied_time", "补齐时间", FieldType::DateTime),
    text(Section::Corrections, "supplied_user", "补交人", 100, kPersonal),
    integer(Section::Case, "data_version", "数据版本号", 1, 999999),
    text(Section::Deliveries, "express_no", "物流单号", 50),
    integer(Section::Deliveries, "seq", "序号", 1),
    text(Section::Deliveries, "taker_id_no", "领取人证件号码", 50, kPersonal),
    text(Section::Deliveries, "taker_id_type", "领取人证件类型", 3),
    text(Section::Deliveries, "taker_name", "领取人", 100, kPersonal),
    plain(Section::Deliveries, "time", "时间", FieldType::DateTime),
    code(Section::Deliveries, "way", "方式 1窗口 2邮寄 3电子", kOneTwoThree),
    text(Section::Case, "dept_code", "承办部门统一社会信用代码", 18),
    text(Section::Case, "dept_name", "承办部门", 100),
    text(Section::Case, "dept_org_code", "承办部门旧组织机构代码", 10),
    plain(Section::Fees, "amount", "金额 元", FieldType::Money),
    text(Section::Fees, "pay_no", "缴款编号", 50),
    text(Section::Fees, "payer", "缴款人", 100, kPersonal),
    integer(Section::Fees, "seq", "序号", 1),
    plain(Section::Fees, "time", "时间", FieldType::DateTime),
    text(Section::Case, "item_base_code", "基本编码", 12),
    text(Section::Case, "item_code", "实施编码", 36),
    text(Section::Case, "item_handle_code", "业务办理项编码", 50),
    text(Section::Case, "item_name", "事项名称", 1000),
    text(Section::Case, "item_type", "事项类型 GB/T 39046 A.1", 2),
    text(Section::Case, "item_version", "事项版本", 10),
    text(Section::Case, "joint_no", "并联实例号", 50),
    code(Section::Case, "joint_role", "并联角色 1牵头 2协办", kOneTwo),
    text(Section::Case, "legal_rep_name", "法定代表人", 100, kPersonal),
    integer(Section::Materials, "copies", "份数", 0),
    text(Section::Materials, "file_name", "附件名", 200),
    plain(Section::Materials, "get_time", "收取时间", FieldType::DateTime),
    text(Section::Materials, "get_way", "收取方式", 2),
    text(Section::Materials, "name", "材料名称", 200),
    text(Section::Materials, "ref", "引用", 500),
    integer(Section::Materials, "seq", "序号", 1),
    integer(Section::Materials, "size_bytes", "大小 字节", 0),
    plain(Section::Materials, "sm3", "SM3 摘要", FieldType::Digits),
    code(Section::Case, "operation", "数据操作", kOperations),
    text(Section::Case, "parent_case_no", "主件号", 50),
    text(Section::Case, "post_code", "邮编", 6),
    text(Section::Case, "project_code", "投资/工程项目代码", 50),
    text(Section::Case, "queue_no", "排队号", 20),
    plain(Section::Case, "region_code", "行政区划", FieldType::Digits),
    text(Section::Result, "cert_name", "证照名称", 256),
    text(Section::Result, "cert_no", "证照编号", 200),
    plain(Section::Result, "cert_valid_from", "有效期自", FieldType::Date),
    plain(Section::Result, "cert_valid_to", "有效期至", FieldType::Date),
    plain(Section::Result, "fee", "收费金额 元", FieldType::Money),
    text(Section::Result, "fee_basis", "收费依据", 1000),
    plain(Section::Result, "finish_time", "办结时间", FieldType::DateTime),
    plain(Section::Result, "is_fee", "是否收费", FieldType::Boolean),
    text(Section::Result, "issuer_code", "发证单位代码", 18),
    text(Section::Result, "issuer_name", "发证单位", 100),
    plain(Section::Result, "open_flag", "是否公开", FieldType::Boolean),
    text(Section::Result, "reason", "原因", 2000),
    code(Section::Result, "result_code", "结果", kResults),
    text(Section::Result, "result_desc", "结果描述", 2000),
    text(Section::Case, "source_case_no", "原系统业务流水号", 50),
    text(Section::Case, "source_system", "来源系统", 100),
    text(Section::Case, "stage_no", "阶段序号", 10),
    code(Section::Case, "status", "办件状态", kStatuses),
    code(Section::Steps, "action", "业务动作 0不同意 1同意 2不受理 3不予受理 4受理 5补正 6挂起 7退回 9其他", kActions),
    plain(Section::Steps, "end_time", "结束时间", FieldType::DateTime),
    text(Section::Steps, "handler_name", "处理人", 100, kPersonal),
    text(Section::Steps, "handler_no", "处理人工号", 50),
    text(Section::Steps, "handler_post", "处理人职务", 100),
    text(Section::Steps, "opinion", "处理意见", 2000),
    integer(Section::Steps, "seq", "序号", 1),
    plain(Section::Steps, "start_time", "开始时间", FieldType::DateTime),
    integer(Section::Steps, "step_limit", "环节时限", 0),
    code(Section::Steps, "step_limit_unit", "环节时限单位", kLimitUnits),
    text(Section::Steps, "step_name", "环节名称", 100),
    code(Section::Steps, "step_state", "环节状态 1待办 2已办", kOneTwo),
    code(Section::Steps, "step_type", "环节类型 1开始 2中间 3结束 4唯一", kOneToFour),
    text(Section::Steps, "unit_code", "处理单位代码", 18),
    text(Section::Steps, "unit_name", "处理单位", 100),
    text(Section::Suspensions, "approver", "批准人", 100, kPersonal),
    plain(Section::Suspensions, "end_time", "结束时间", FieldType::DateTime),
    plain(Section::Suspensions, "fee", "费用 元", FieldType::Money),
    code(Section::Suspensions, "kind", "种类", kSuspensionKinds),
    code(Section::Suspensions, "kind_class", "类别 1延长审批 2其他", kOneTwo),
    integer(Section::Suspensions, "limit", "时限", 0),
    code(Section::Suspensions, "limit_unit", "时限单位", kLimitUnits),
    plain(Section::Suspensions, "planned_end_time", "预计结束", FieldType::DateTime),
    text(Section::Suspensions, "reason", "理由或依据", 2000),
    text(Section::Suspensions, "result", "结果", 2000),
    integer(Section::Suspensions, "seq", "序号", 1),
    plain(Section::Suspensions, "start_time", "开始时间", FieldType::DateTime),
    text(Section::Case, "window_no", "窗口号", 20),
};
// clang-format on

constexpr std::size_t kSections = static_cast<std::size_t>(Section::Extra) + 1;
constexpr std::string_view kSectionNames[kSections] = {
    "", "accept", "result", "steps", "corrections", "suspensions", "deliveries", "materials", "fees", "extra"};

/// The ids of each section, one after the other, each section's in ascending order, which is the order of its names.
struct Index {
    std::array<FieldId, std::size(kFields)> ids{};
    std::array<std::size_t, kSections + 1> begin{};
};

constexpr Index makeIndex() {
    Index index;
    std::size_t at = 0;
    for (std::size_t section = 0; section < kSections; ++section) {
        index.begin[section] = at;
        for (std::size_t id = 0; id < std::size(kFields); ++id)
            if (static_cast<std::size_t>(kFields[id].section) == section) index.ids[at++] = static_cast<FieldId>(id);
    }
    index.begin[kSections] = at;
    return index;
}
constexpr Index kIndex = makeIndex();

consteval FieldId idOf(Section section, std::string_view name) {
    for (std::size_t id = 0; id < std::size(kFields); ++id)
        if (kFields[id].section == section && kFields[id].name == name) return static_cast<FieldId>(id);
    throw "no such field";
}

// x-key of the schema: an item is known by its number, else by what else tells two items apart.
using Key = std::span<const FieldId>;
constexpr FieldId kStepsSeq[] = {idOf(Section::Steps, "seq")};
constexpr FieldId kStepsOther[] = {idOf(Section::Steps, "step_name"), idOf(Section::Steps, "start_time")};
constexpr Key kStepsKeys[] = {kStepsSeq, kStepsOther};
constexpr FieldId kCorrectionsSeq[] = {idOf(Section::Corrections, "seq")};
constexpr FieldId kCorrectionsOther[] = {idOf(Section::Corrections, "notify_time")};
constexpr Key kCorrectionsKeys[] = {kCorrectionsSeq, kCorrectionsOther};
constexpr FieldId kSuspensionsSeq[] = {idOf(Section::Suspensions, "seq")};
constexpr FieldId kSuspensionsOther[] = {idOf(Section::Suspensions, "kind"), idOf(Section::Suspensions, "start_time")};
constexpr Key kSuspensionsKeys[] = {kSuspensionsSeq, kSuspensionsOther};
constexpr FieldId kDeliveriesSeq[] = {idOf(Section::Deliveries, "seq")};
constexpr FieldId kDeliveriesOther[] = {idOf(Section::Deliveries, "way"), idOf(Section::Deliveries, "time")};
constexpr Key kDeliveriesKeys[] = {kDeliveriesSeq, kDeliveriesOther};
constexpr FieldId kMaterialsSeq[] = {idOf(Section::Materials, "seq")};
constexpr FieldId kMaterialsOther[] = {idOf(Section::Materials, "name")};
constexpr Key kMaterialsKeys[] = {kMaterialsSeq, kMaterialsOther};
constexpr FieldId kFeesSeq[] = {idOf(Section::Fees, "seq")};
constexpr FieldId kFeesOther[] = {idOf(Section::Fees, "pay_no")};
constexpr Key kFeesKeys[] = {kFeesSeq, kFeesOther};

}  // namespace

std::span<const FieldInfo> caseFields() {
    return kFields;
}

const FieldInfo& infoOf(FieldId id) {
    const auto at = static_cast<std::size_t>(id);
    CASEWAY_CHECK(at < std::size(kFields));
    return kFields[at];
}

std::string_view nameOf(Section section) {
    return kSectionNames[static_cast<std::size_t>(section)];
}

std::optional<Section> sectionNamed(std::string_view name) {
    if (name.empty()) return std::nullopt;
    for (std::size_t i = 0; i < kSections; ++i)
        if (kSectionNames[i] == name) return static_cast<Section>(i);
    return std::nullopt;
}

std::optional<FieldId> fieldNamed(Section section, std::string_view name) {
    const auto at = static_cast<std::size_t>(section);
    const auto* first = kIndex.ids.data() + kIndex.begin[at];
    const auto* last = kIndex.ids.data() + kIndex.begin[at + 1];
    const auto* found = std::lower_bound(first, last, name, [](FieldId id, std::string_view wanted) {
        return kFields[static_cast<std::size_t>(id)].name < wanted;
    });
    if (found == last || kFields[static_cast<std::size_t>(*found)].name != name) return std::nullopt;
    return *found;
}

std::optional<FieldId> fieldNamed(std::string_view dotted_name) {
    const auto dot = dotted_name.find('.');
    if (dot == std::string_view::npos) return fieldNamed(Section::Case, dotted_name);
    const auto section = sectionNamed(dotted_name.substr(0, dot));
    if (!section) return std::nullopt;
    return fieldNamed(*section, dotted_name.substr(dot + 1));
}

std::span<const std::span<const FieldId>> naturalKeysOf(Section list) {
    switch (list) {
        case Section::Steps:
            return kStepsKeys;
        case Section::Corrections:
            return kCorrectionsKeys;
        case Section::Suspensions:
            return kSuspensionsKeys;
        case Section::Deliveries:
            return kDeliveriesKeys;
        case Section::Materials:
            return kMaterialsKeys;
        case Section::Fees:
            return kFeesKeys;
        default:
            return {};
    }
}

}  // namespace caseway

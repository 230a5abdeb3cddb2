// gateway/cli/usage_words.cpp - by the English description, so that one purpose has one translation.
#include "gateway/cli/usage_words.hpp"

#include <utility>

namespace caseway {
namespace {

constexpr std::pair<std::string_view, std::string_view> kPurposes[] = {
    {"a short name of your own", "自定的简短名称"},
    {"its certificate, PEM or DER", "其证书，PEM 或 DER"},
    {"the authority", "证书机构的名称"},
    {"the backup; must not exist; stored files of large messages go to FILE.payloads",
     "备份文件，不得已存在；大报文的文件存入 FILE.payloads"},
    {"the backup", "备份文件"},
    {"given or assigned number", "办件编号：来源给出的或网关编的"},
    {"DEPARTMENT/SYSTEM", "部门/系统"},
    {"department/system", "部门/系统"},
    {"DEPARTMENT/SYSTEM/NAME", "部门/系统/连接器名"},
    {"the request, PEM or DER", "证书请求，PEM 或 DER"},
    {"whose it is, whatever the request says", "证书归属的系统，不以请求所写为准"},
    {"the certificate, PEM or DER", "证书，PEM 或 DER"},
    {"its key id, or the first 8 digits or more", "密钥标识，或其前 8 位以上"},
    {"serial number or key id, or its first 8 digits or more", "序列号或密钥标识，或其前 8 位以上"},
    {"PEM or DER", "文件，PEM 或 DER"},
    {"certificates, their issuers, a key, a request, lists; in any order",
     "证书、签发者证书、私钥、请求、吊销列表，顺序不限"},
    {"its file; - reads standard input", "其文件；- 表示标准输入"},
    {"a type of `caseway connector types`", "连接器类型，见 caseway connector types"},
    {"its short name, such as housing", "部门简称，如 housing"},
    {"its 统一社会信用代码", "其统一社会信用代码"},
    {"its name for people", "其中文名称"},
    {"as an answer, a log line or a report has it", "回答、日志或报告中出现的代码"},
    {"a new folder, or a former export to renew", "新文件夹，或要更新的旧导出"},
    {"an export, edited or not", "导出的文件夹，可已编辑"},
    {"index of the leaf, from 0", "日志条目的序号，从 0 起"},
    {"the mapping's folder", "映射的文件夹"},
    {"the payload", "载荷文件"},
    {"its name; of one that cannot be read, its folder", "映射名称；无法读取的写其文件夹"},
    {"the payload, in the department's own format", "载荷文件，部门自己的格式"},
    {"the gateway: https://HOST:PORT", "网关地址：https://主机:端口"},
    {"private key, PEM", "私钥，PEM"},
    {"its registered certificate, PEM", "已登记的证书，PEM"},
    {"the gateway's id", "网关的标识"},
    {"message id, or index of its leaf", "报文标识，或其日志条目的序号"},
    {"message id", "报文标识"},
    {"its name, and that of its folder", "名称，也是其文件夹名"},
    {"the plug-in's folder", "插件的文件夹"},
    {"receipt", "回执文件"},
    {"public key of the log", "日志的公钥"},
    {"DEPARTMENT/NAME; all/NAME for the connectors of every department", "部门/名称；all/名称 供所有部门的连接器使用"},
    {"as `caseway secret list` shows it", "凭据名称，见 caseway secret list"},
    {"cron expression of five fields, or @daily and the like", "五段的 cron 表达式，或 @daily 等"},
    {"its number", "运行的编号"},
    {"why the payload has to be seen", "为何须查看原文；写入日志"},
};

}  // namespace

std::string purposeInChinese(std::string_view description) {
    for (const auto& [english, chinese] : kPurposes)
        if (english == description) return std::string(chinese);
    return std::string(description);
}

}  // namespace caseway

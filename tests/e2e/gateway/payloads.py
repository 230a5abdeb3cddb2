"""Payloads of the tests and the two mappings that read them; every person in them is invented."""
import json

NAMES = ["林小满", "韦青禾", "欧阳若水", "𠮷田一郎"]
ID_NUMBERS = ["350203199003070049", "11010519491231002X"]
MOBILES = ["13800013800", "13912345678"]

JSON_MAPPING = """mapping: permits.json
source: {format: json, records: "$.cases[*]"}
fields:
  source_case_no: no
  case_no: case_no
  data_version: {from: version, default: "1"}
  item_code: item
  case_title: title
  applicant_name: name
  applicant_id_no: {from: id_no, check: id_card}
  contact_mobile: mobile
  apply_time: applied
  status: {from: state, codes: {open: "40", done: "90"}}
"""
XML_MAPPING = """mapping: permits.xml
source: {format: xml, records: /Cases/Case}
fields:
  source_case_no: No
  case_no: CaseNo
  data_version: {from: Version, default: "1"}
  item_code: Item
  case_title: Title
  applicant_name: Name
  applicant_id_no: {from: IdNo, check: id_card}
  contact_mobile: Mobile
  apply_time: Applied
  status: {from: State, codes: {open: "40", done: "90"}}
"""
XML_NAMES = {"no": "No", "case_no": "CaseNo", "version": "Version", "item": "Item", "title": "Title", "name": "Name", "id_no": "IdNo",
             "mobile": "Mobile", "applied": "Applied", "state": "State"}


def write_mappings(folder):
    for name, text in (("permits_json", JSON_MAPPING), ("permits_xml", XML_MAPPING)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "mapping.yaml").write_text(text)


def case(no, **more):
    return {"no": no, "item": "000117003000", "title": f"permit {no}", "name": NAMES[0], "id_no": ID_NUMBERS[0], "mobile": MOBILES[0],
            "applied": "2026-05-04 08:30:00", "state": "open", **more}


def as_json(*cases):
    return json.dumps({"cases": list(cases)}, ensure_ascii=False).encode()


def as_xml(*cases, declaration=False):
    """One record a line, so that a refusal's line can be foretold: record n stands in line n + 1."""
    rows = ["<Case>" + "".join(f"<{XML_NAMES[key]}>{value}</{XML_NAMES[key]}>" for key, value in one.items()) + "</Case>" for one in cases]
    text = '<Cases xmlns="">\n' + "\n".join(rows) + "\n</Cases>"
    return (('<?xml version="1.0" encoding="UTF-8"?>' if declaration else "") + text).encode()

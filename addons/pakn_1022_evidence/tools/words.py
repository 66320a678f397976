"""Vietnamese words for what does not fit, for programs without Odoo's translations."""

from collections.abc import Iterator

from . import house
from .check import Fault

KINDS = {
    "ticket": "phản ánh",
    "slip": "phiếu chuyển số {row}",
    "act": "người thực hiện bước xử lý (số {row})",
    "rating": "đánh giá số {row}",
    "message": "tin nhắn số {row}",
    "file": "tệp số {row}",
    "document": "văn bản số {row}",
    "notice": "thông báo số {row}",
    "access": "lượt mở dữ liệu cá nhân số {row}",
    "call": "cuộc gọi số {row}",
    "recording": "ghi âm số {row}",
    "said": "câu nói số {row} trong cuộc trò chuyện",
}
COLUMNS = {
    "name": "mã hoặc tên",
    "state": "trạng thái",
    "outcome": "kết thúc",
    "round": "lượt",
    "channel_id": "kênh hoặc cuộc trò chuyện",
    "category_id": "lĩnh vực",
    "area_id": "địa bàn",
    "latitude": "vĩ độ",
    "longitude": "kinh độ",
    "secrecy": "độ mật",
    "user_id": "người thực hiện",
    "unit_id": "đơn vị",
    "citizen_id": "người gửi",
    "reject_reason_id": "lý do không tiếp nhận",
    "is_instant": "trả lời ngay",
    "is_published": "công khai",
    "is_overdue": "trễ hạn",
    "was_overdue": "đã từng trễ hạn",
    "open_transfer_id": "phiếu đang xử lý",
    "date_received": "ngày nhận",
    "date_due": "hạn xử lý",
    "date_overdue": "trễ hạn từ",
    "date_first": "phản hồi đầu tiên",
    "date_result": "ngày có kết quả",
    "date_done": "ngày gửi kết quả",
    "date_ended": "ngày kết thúc",
    "date_closed": "ngày đóng",
    "date_published": "ngày công khai",
    "rating_last_value": "mức đánh giá",
    "title": "tiêu đề",
    "description": "nội dung",
    "address": "nơi xảy ra",
    "private_name": "họ tên",
    "private_phone": "điện thoại",
    "private_email": "thư điện tử",
    "private_address": "địa chỉ",
    "reject_guidance": "hướng dẫn",
    "result": "kết quả",
    "public_title": "tiêu đề công khai",
    "public_description": "nội dung công khai",
    "public_result": "kết quả công khai",
    "public_name": "tên công khai",
    "level": "cấp",
    "role": "vai trò",
    "previous_id": "phiếu trước",
    "date_sent": "ngày chuyển",
    "date_deadline": "thời hạn",
    "is_date_directed": "hạn do chỉ đạo",
    "date_promised": "ngày hẹn",
    "date_extended": "gia hạn đến",
    "extension_count": "số lần gia hạn",
    "date_responded": "ngày trả lời",
    "is_rework": "yêu cầu làm lại",
    "is_referred": "xin ý kiến",
    "urge_count": "số lần đôn đốc",
    "timeliness": "đúng hạn",
    "date_judged": "ngày xét hạn",
    "note": "ghi chú",
    "reason": "lý do",
    "sequence": "số thứ tự",
    "rating": "mức đánh giá",
    "consumed": "đã đánh giá",
    "pakn_round": "lượt",
    "parent_res_id": "đơn vị được đánh giá",
    "feedback": "ý kiến",
    "date": "ngày",
    "message_type": "loại",
    "author_id": "người viết",
    "model": "thuộc",
    "res_id": "thuộc",
    "is_internal": "nội bộ",
    "subject": "chủ đề",
    "body": "nội dung",
    "email_from": "người gửi",
    "url": "địa chỉ",
    "type": "loại",
    "mimetype": "định dạng",
    "place": "nơi gắn tệp",
    "sha256": "nội dung tệp",
    "stage_id": "cột trên bảng",
    "check_language": "kiểm tra tiếng Việt",
    "check_content": "kiểm tra nội dung",
    "check_scope": "kiểm tra phạm vi",
    "check_contact": "kiểm tra thông tin liên hệ",
    "is_unreached": "chưa báo được người dân",
    "is_shown": "công khai khi đang xử lý",
    "date_shown": "ngày công khai khi đang xử lý",
    "is_phone_verified": "đã xác thực số điện thoại",
    "public_latitude": "vĩ độ công khai",
    "public_longitude": "kinh độ công khai",
    "date_erased": "ngày xóa dữ liệu cá nhân",
    "date_withheld": "không công khai từ ngày",
    "is_open": "đang chờ đơn vị",
    "is_held": "đơn vị đang giữ",
    "delegate_user_ids": "người được ủy quyền",
    "subtype_id": "loại",
    "author_guest_id": "người viết",
    "transfer_id": "phiếu chuyển",
    "kind": "loại văn bản",
    "year": "năm",
    "number": "số",
    "source": "nội dung gốc",
    "signer": "người ký",
    "token": "mã tra cứu",
    "content": "nội dung tệp",
    "pakn_date": "ngày đánh giá",
    "code": "mã",
    "login": "tên đăng nhập",
    "parent_id": "đơn vị cấp trên",
    "is_provincial_office": "là Văn phòng UBND tỉnh",
    "date_from": "từ ngày",
    "date_to": "đến ngày",
    "scope": "phạm vi",
    "date_confirmed": "ngày duyệt",
    "confirmed_by_id": "người duyệt",
    "letter": "lời văn",
    "remarks": "đánh giá và kiến nghị",
    "ticket_id": "phản ánh",
    "act": "việc được báo",
    "audience": "đối tượng được báo",
    "door": "kênh báo",
    "hour": "giờ mở",
    "provider": "tổng đài thoại",
    "call_id": "mã cuộc gọi",
    "direction": "chiều",
    "date_ring": "giờ đổ chuông",
    "date_answer": "giờ bắt máy",
    "date_end": "giờ kết thúc",
    "seconds_waited": "số giây chờ",
    "seconds_talked": "số giây nói chuyện",
    "recording_id": "ghi âm",
    "private_number": "số điện thoại",
    "private_caller": "số gọi đến",
    "private_called": "số được gọi",
    "original_sha256": "nội dung tệp gốc",
    "size": "dung lượng",
    "date_kept": "ngày lưu",
    "is_person": "do người viết",
    "create_date": "lúc nói",
    "text": "lời đã nói",
}


def describe(fault: Fault) -> Iterator[str]:
    """Yield sentences that name a fault, each row of the request in one."""
    if fault.what == "seal":
        yield f"chuỗi niêm phong sai từ số {fault.number}"
    elif fault.what == "act":
        yield f"bước xử lý số {fault.number} không phải là bước đã được niêm phong"
    elif fault.what == "anchor":
        yield f"hồ sơ không phải là hồ sơ đã được neo (niêm phong số {fault.number})"
    rows: dict[tuple[str, str], list[str]] = {}
    for difference in fault.differences:
        if difference.column:
            word = "bị sửa " + COLUMNS.get(difference.column, difference.column)
        else:
            word = "bị xóa" if difference.found is None else "bị thêm vào"
        rows.setdefault((difference.kind, difference.row), []).append(word)
    for (kind, row), words in rows.items():
        yield f"{KINDS[kind].format(row=row)}: {', '.join(words)} ngoài phần mềm"


def describe_house(fault: house.Fault) -> str:
    """Return a sentence that names what of the house does not fit."""
    if fault.what == "seal":
        return f"chuỗi niêm phong tên gọi và báo cáo sai từ số {fault.row}"
    if fault.what == "anchor":
        return (
            "niêm phong tên gọi và báo cáo không phải là niêm phong đã được neo "
            f"(số {fault.row})"
        )
    what = {"unit": "đơn vị", "user": "tài khoản", "report": "báo cáo đã duyệt"}
    word = {"added": "bị thêm vào", "removed": "bị xóa"}.get(fault.what)
    word = word or "bị sửa " + ", ".join(
        COLUMNS.get(name, name) for name in fault.columns
    )
    return f"{what[fault.kind]} số {fault.row}: {word} ngoài phần mềm"

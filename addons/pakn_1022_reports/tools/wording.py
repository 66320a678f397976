"""What stands on the paper: Vietnamese whoever prints it. Nothing of Odoo.

The words of the regulation and of Decree 30/2020/ND-CP, as data; the screens around
the report are translated as any other.
"""

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TITLE = "BÁO CÁO"
SUBJECT = "Kết quả tiếp nhận, xử lý và trả lời phản ánh, kiến nghị"
DRAFT = "DỰ THẢO"
BASIS = (
    "Thực hiện Điều 12 và Điều 21 Quy chế phối hợp quản lý việc triển khai Hệ thống "
    "thông tin dịch vụ công 1022 tỉnh Gia Lai, {office} báo cáo kết quả tiếp nhận, xử "
    "lý và trả lời phản ánh, kiến nghị (PAKN) {period} như sau:"
)
REMARKS = "ĐÁNH GIÁ, KIẾN NGHỊ"
APPENDIX = "Phụ lục"
RECEIVERS = "Nơi nhận:"
DEAR = "Kính gửi: "
NO_DATA = "Không phát sinh."
SECRET = "(nội dung mật)"
MORE = "… và {count} trường hợp khác."

KINDS = {
    "week": "tuần {week} năm {week_year}",
    "month": "tháng {month:02d} năm {year}",
    "quarter": "quý {quarter} năm {year}",
    "half": "6 tháng {half} năm {year}",
    "year": "năm {year}",
    "free": "từ ngày {first} đến ngày {last}",
}
# In names of files, without accents
FILE_NAMES = {
    "week": "tuan-{week:02d}-{week_year}",
    "month": "thang-{month:02d}-{year}",
    "quarter": "quy-{quarter}-{year}",
    "half": "6-thang-{half}-{year}",
    "year": "nam-{year}",
    "free": "tu-{first}-den-{last}",
}
SPAN = "(từ ngày {first} đến ngày {last})"
QUARTERS = ("I", "II", "III", "IV")
HALVES = ("đầu", "cuối")

SECTIONS = {
    "overview": "Tình hình chung",
    "outcome": "Kết quả đối với phản ánh, kiến nghị tiếp nhận trong kỳ",
    "channels": "Tiếp nhận theo kênh",
    "timeliness": "Kết quả đúng hạn của từng cấp (phiếu chuyển đến hạn trong kỳ)",
    "hours": "Thời gian xử lý của từng cấp (giờ làm việc)",
    "escalations": "Chuyển cấp trên và gia hạn",
    "satisfaction": "Mức độ hài lòng của người dân, doanh nghiệp",
    "recurring": "Nội dung được phản ánh nhiều",
    "units": "Kết quả xử lý của từng đơn vị, địa phương",
    "categories": "Tiếp nhận theo lĩnh vực",
    "areas": "Tiếp nhận theo địa bàn",
    "satisfaction_units": "Mức độ hài lòng theo đơn vị, địa phương",
    "reasons": "Lý do không hài lòng",
    "late": "Danh sách trễ hạn",
    "scores": "Chấm điểm phục vụ đánh giá cải cách hành chính",
}
LABEL = "Nội dung"
COMPARED = {
    "now": "Kỳ này",
    "previous": "Kỳ trước",
    "previous_change": "So kỳ trước",
    "last_year": "Cùng kỳ",
    "last_year_change": "So cùng kỳ",
}
ROUNDS = {
    "carried": "Kỳ trước chuyển sang",
    "received": "Tiếp nhận mới",
    "reopened": "Mở lại theo phản hồi của người dân",
    "ended": "Đã có kết quả, trong đó:",
    "rejected": "Không tiếp nhận (Điều 8)",
    "instant": "Tổng đài trả lời ngay",
    "focal": "Đầu mối đơn vị trả lời",
    "head": "Thủ trưởng đơn vị trả lời",
    "province": "Văn phòng UBND tỉnh trả lời",
    "cancelled": "Rút, gọi thử hoặc trùng",
    "open": "Còn đang xử lý cuối kỳ",
}
LEVELS = {
    "focal": "Đầu mối tiếp nhận",
    "head": "Thủ trưởng đơn vị",
    "province": "Văn phòng UBND tỉnh",
}
SHORT_LEVELS = {"focal": "Đầu mối", "head": "Thủ trưởng", "province": "UBND tỉnh"}
COUNT, SHARE, TOTAL = "Số lượng", "Tỷ lệ", "Tổng cộng"
HOURS = {
    "first_count": "Số phiếu phản hồi",
    "first_mean": "Phản hồi đầu: trung bình",
    "first_p90": "Phản hồi đầu: 90% không quá",
    "result_count": "Số phiếu có kết quả",
    "result_mean": "Kết quả: trung bình",
    "result_p90": "Kết quả: 90% không quá",
}
ESCALATIONS = {
    "head": "Chuyển Thủ trưởng đơn vị do đầu mối quá hạn",
    "province": "Chuyển UBND tỉnh do đơn vị quá hạn",
    "referred": "Trình Văn phòng UBND tỉnh phân công (khoản 4.2 Điều 10)",
    "extended": "Lượt gia hạn (khoản 3 Điều 11)",
}
UNIT = "Đơn vị, địa phương"
LEVEL = "Cấp xử lý"
TIMELINESS = {
    "due": "Phiếu đến hạn",
    "in_time": "Đúng hạn",
    "late": "Trễ hạn",
    "share": "Tỷ lệ đúng hạn",
}
JUDGED = (
    "Tính theo phiếu chuyển, mỗi cấp riêng: đúng hạn là đã trả lời hoặc hẹn trả kết "
    "quả trong thời hạn của cấp và chưa quá hẹn; trễ hạn là đã quá thời hạn, quá hẹn "
    "hoặc quá gia hạn mà chưa có kết quả. Tỷ lệ đúng hạn = đúng hạn / phiếu đến hạn."
)
UNITS = {
    "carried": "Kỳ trước chuyển sang",
    "received": "Nhận trong kỳ",
    "answered": "Đã trả lời",
    "open_in_time": "Đang xử lý trong hạn",
    "open_late": "Đang xử lý quá hạn",
    "returned": "Trả lại",
    "passed_on": "Chuyển UBND tỉnh",
    "withdrawn": "Kết thúc khác",
    "due": "Phiếu đến hạn",
    "in_time": "Đúng hạn",
    "share": "Tỷ lệ đúng hạn",
    "mean": "TB giờ xử lý",
}
UNITS_NOTE = (
    "Nhận trong kỳ + kỳ trước chuyển sang = tổng các cột từ “Đã trả lời” đến “Kết thúc "
    "khác” (tính theo vụ việc: đầu mối và Thủ trưởng cùng đơn vị là một). Phiếu đến "
    "hạn tính theo phiếu chuyển của từng cấp; tỷ lệ đúng hạn = đúng hạn / phiếu đến "
    "hạn, kể cả phiếu đã chuyển cấp trên và phiếu chưa trả lời."
)
NO_FIELD, NO_AREA = "(chưa phân lĩnh vực)", "(không rõ địa bàn)"
NO_UNIT = "Tổng đài 1022 (trả lời ngay)"
SATISFIED_SHARE = "Tỷ lệ hài lòng"
LATE = {
    "code": "Mã số",
    "title": "Nội dung",
    "unit": "Đơn vị",
    "level": "Cấp",
    "received": "Thời điểm nhận",
    "due": "Hạn trả lời",
    "closed": "Thời điểm trả lời",
    "hours": "Trễ (giờ)",
}
REASONS = {"code": "Mã số", "unit": "Đơn vị", "reason": "Lý do"}
SCORES = {"total": "Tổng điểm", "rank": "Xếp hạng"}
SUMMARY = {
    "received": (
        "Hệ thống tiếp nhận {received} PAKN{change}; kỳ trước chuyển sang {carried}, "
        "mở lại {reopened}."
    ),
    "ended": (
        "Đã có kết quả {ended} PAKN: trả lời ngay {instant}, đơn vị trả lời {answered},"
        " không tiếp nhận {rejected}, kết thúc khác {cancelled}. Còn đang xử lý cuối "
        "kỳ {open}."
    ),
    "units": (
        "Có {due} phiếu chuyển đến hạn: đúng hạn {in_time}, trễ hạn {late}; tỷ lệ đúng "
        "hạn {share}."
    ),
    "satisfaction": (
        "Có {rated} lượt đánh giá: hài lòng {satisfied}, chấp nhận được {acceptable}, "
        "không hài lòng {unsatisfied}."
    ),
}
MORE_THAN, LESS_THAN = (
    " (tăng {share} so với kỳ trước)",
    " (giảm {share} so với kỳ trước)",
)
EQUAL = " (bằng kỳ trước)"


def name_period(kind, day, first, last):
    """Return a period as it stands in the name of a file: ``thang-10-2026``.

    :param date day: of the month that it is named by; ``first``, ``last``: its own
    """
    year, week, _weekday = first.isocalendar()
    return FILE_NAMES[kind].format(
        week=week,
        week_year=year,
        month=day.month,
        year=day.year,
        quarter=(day.month - 1) // 3 + 1,
        half=(day.month - 1) // 6 + 1,
        first=first.strftime("%d-%m-%Y"),
        last=last.strftime("%d-%m-%Y"),
    )

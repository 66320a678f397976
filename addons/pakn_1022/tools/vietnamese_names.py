"""Names of people in Vietnam, and of what is named after people. Nothing of Odoo."""

import unicodedata


def strip_accents(text):
    """Return lower-case text without Vietnamese accents, of the same length."""
    plain = []
    for char in text:
        base = unicodedata.normalize("NFD", char)[0]
        plain.append({"đ": "d", "Đ": "d"}.get(base, base).lower()[:1] or char)
    return "".join(plain)


def words(text):
    """Return the words of a text."""
    return frozenset(text.split())


# Family names that are hardly ever another word when written with a capital
SURNAMES = words(
    "nguyễn trần lê phạm huỳnh hoàng phan võ vũ đặng bùi đỗ ngô trương đinh trịnh "
    "lâm phùng tạ dương đoàn ksor siu rmah kpă puih nay rcom kpuih rơlan alê hồ lý "
    "đào đậu lương tô thái tống vương quách thạch nghiêm hứa khổng mạc văn tăng ung "
    "ngụy diệp doãn lưu cao châu chu giáp hà kiều kim la lại lục mai mã ninh nông "
    "phí quản sầm tiêu triệu từ vi viên đồng đàm âu bạch cù khúc lò vàng giàng "
    "hờ sùng thào"
)
# The others mean something else so often that a middle name must follow
WEAK_SURNAMES = SURNAMES - words(
    "nguyễn trần lê phạm huỳnh hoàng phan võ vũ đặng bùi đỗ ngô trương đinh trịnh "
    "phùng ksor siu rmah kpă puih rcom kpuih rơlan"
)
# Family names of two words of the Jrai and Bahnar
DOUBLE_SURNAMES = {("rơ", "châm"), ("rah", "lan"), ("rơ", "mah"), ("rơ", "lan")}
PLAIN_SURNAMES = frozenset(strip_accents(name) for name in SURNAMES - WEAK_SURNAMES) | {
    "ho",
    "duong",
    "ly",
    "dao",
}
MIDDLE_NAMES = words(
    "văn thị hữu đức minh ngọc thanh quốc xuân hồng kim bảo gia đình công quang "
    "trọng thành hoàng thúy thùy mỹ kiều như phương anh bá khắc duy tuấn mạnh viết "
    "huy phú tấn thế đăng ánh bích cẩm diệu hải hoài khánh lan mai nhật phi tường "
    "tiến trung việt vĩnh yến hà thu tuyết trúc y h'"
)
PLAIN_MIDDLE_NAMES = frozenset(strip_accents(name) for name in MIDDLE_NAMES)
# Given names that are no other word where they follow a word of address
GIVEN_NAMES = words(
    "tuấn dũng hưng huy kiệt lan hằng tùng thủy thuỷ quyên oanh nga nhung phượng vinh "
    "yến trinh trâm linh hương loan cường"
)

# Streets, schools and squares bear these names
_FAMOUS = """
    trần phú, lê duẩn, nguyễn tất thành, hồ chí minh, trần hưng đạo, lê lợi, lê lai,
    nguyễn huệ, quang trung, phan bội châu, phan chu trinh, phan châu trinh,
    phan đình phùng, phan đình giót, nguyễn du, nguyễn trãi, nguyễn thái học,
    nguyễn viết xuân, nguyễn văn trỗi, nguyễn văn cừ, nguyễn văn linh,
    nguyễn thị minh khai, nguyễn chí thanh, nguyễn đình chiểu, nguyễn bỉnh khiêm,
    nguyễn công trứ, nguyễn khuyến, nguyễn trường tộ, nguyễn tri phương,
    nguyễn thiếp, nguyễn lữ, nguyễn nhạc, nguyễn thiện thuật, nguyễn an ninh,
    nguyễn bá ngọc, nguyễn đức cảnh, nguyễn hữu thọ, nguyễn lương bằng,
    nguyễn khắc nhu, nguyễn cư trinh, nguyễn bính, nguyễn xí, nguyễn đường,
    nguyễn thái bình, nguyễn thị định, nguyễn hữu cảnh, nguyễn ái quốc,
    trần quốc toản, trần khánh dư, trần nhật duật, trần quang khải, trần cao vân,
    trần bình trọng, trần quý cáp, trần nguyên hãn, trần quang diệu, trần văn bình,
    trần kiên, trần đại nghĩa, trần can, trần đăng ninh, trần thị kỷ, trần độc,
    lê hồng phong, lê thánh tôn, lê thánh tông, lê đại hành, lê quý đôn, lê văn sỹ,
    lê thị hồng gấm, lê chân, lê văn tám, lê văn hưng, lê đình chinh, lê hữu trác,
    phạm văn đồng, phạm hùng, phạm ngũ lão, phạm ngọc thạch, phạm hồng thái,
    hoàng văn thụ, hoàng hoa thám, hoàng diệu, hoàng quốc việt, hoàng sa,
    huỳnh thúc kháng, huỳnh đăng thơ, huỳnh mẫn đạt,
    võ thị sáu, võ văn kiệt, võ nguyên giáp, võ văn dũng, võ trung thành, võ lai,
    đinh tiên hoàng, đinh núp, đinh công tráng, đinh bộ lĩnh, đinh công trứ,
    đào duy từ, đào duy anh, đoàn thị điểm, đống đa, bùi thị xuân, bùi dự,
    bùi hữu nghĩa, đặng trần côn, đặng văn ngữ, đặng thùy trâm, đỗ trạc,
    đỗ quang, ngô quyền, ngô gia tự, ngô mây, ngô thì nhậm, ngô đức kế,
    trương định, trương quang trọng, trương đăng quế, trương vĩnh ký,
    tô hiến thành, tô vĩnh diện, tô hiệu, tôn đức thắng, tôn thất tùng,
    tăng bạt hổ, thái phiên, lý thường kiệt, lý thái tổ, lý tự trọng, lý nam đế,
    cao bá quát, cao thắng, cao đạt, chu văn an, hà huy tập, hai bà trưng,
    hồ tùng mậu, hồ xuân hương, hồ thị kỷ, mạc đĩnh chi, mạc thị bưởi, mai xuân thưởng,
    mai hắc đế, mai thúc loan, lương thế vinh, lương định của, lương thạnh,
    phùng khắc khoan, phùng hưng, kpă klơng, kpă tít, kpă ó, nay der, siu bleh,
    rơ châm ớt, triệu quang phục, vũng chùa, văn cao, văn tiến dũng, dương minh châu,
    đại la, bạch đằng, kim đồng, la văn cầu, cù chính lan, âu cơ, vương thừa vũ,
    đồng khởi, hà nội, hà tĩnh, hà giang, hà nam, hà bầu, hà tam, hà đông, cao bằng,
    lâm đồng, thái bình, thái nguyên, thái lan, ninh bình, ninh thuận, lai châu,
    kim sơn, phan thiết, phan rang, phan xi păng, đồng nai, đồng tháp, đồng hới,
    kiều bào, mai linh, hoàng anh, hoàng long, hoàng mai, cao nguyên, lý sơn,
    đinh hợi, đặng tất, hồ gươm, hồ tây, vũng tàu, la hai, văn miếu, chu prông,
    văn phòng, đoàn thanh niên, đoàn kết, kim khánh, hồ sơ, dương lịch, châu âu,
    châu á, châu phi, từ ô, lê lâm, lương tài, văn bản, võ văn tần
"""
FAMOUS = frozenset(name.strip() for name in _FAMOUS.split(","))

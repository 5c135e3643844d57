"""Finds how the money went, and to whom."""

import re
from collections.abc import Iterator

from nlp.facts.page import Found, Page

_PLACE = (
    r"(?:微信收款码|个人收款码|收款码|二维码|微信红包|红包口令|支付宝|个人微信|微信|私人卡|银行卡|信用卡"
    r"|私人账户|个人账户|对公账户|公户|账户|账号|账上|账户上|卡上|卡里|户头|存折|饭卡|卡机子|卡|红包)"
)
_VERB = (
    r"(?:转账到|转账给|交到|交给|交(?!易|流|通|换|谈)|缴到|付到|付给|付|转到|转给|转进|转|打到|打给|打进|打|扫"
    r"|刷|走的是|(?<![带拿卷搬])走|存到|存进|存|汇到|汇给|汇款到|充到|充|收(?!到)的?)"
)
_WHOSE = r"(?:[^,;。!?\n\d去来过说你要放]{0,9}?)"
_DIRECTED = re.compile(rf"{_VERB}(?:了|的|是|全|都|我们?|俺们?|家长|一下){{0,3}}(?P<how>{_WHOSE}{_PLACE})")
_NOT_OF_PAYING = r"(?<!退银行转账)(?!失败|不了|回|记录|截图|凭证|流水|诈骗)"
_CASH = re.compile(
    r"现金|红包口令|花呗(?:分期)?|京东白条|培训贷|信用卡|学费分期|学费月付|分期(?:付款|贷款|月付|还款)?|贷款交|刷卡|次卡|储值卡|充值卡"
    rf"|对公转账|微信转账|支付宝转账|银行转账{_NOT_OF_PAYING}|转账{_NOT_OF_PAYING}|银行卡(?!号|被|里的?钱|丢)"
    r"|微信扫码|支付宝扫码|扫码(?=[付交支转给收缴的嘞,;。!?\s]|$)"
)
_TAIL = re.compile(
    r"(?P<how>个人收款码|收款码|二维码|微信红包|支付宝|微信)(?:上|里)?(?:转|收|付|交|给(?!我|你|他|她|家长)|扫|缴|支付)(?:了|的|款|钱|账|给|嘞)?"
)
# 用的支付宝, or a clause of nothing but 微信: then money or a fee must be spoken of beside it.
_BY = re.compile(r"(?:支付宝|微信|云闪付|数字人民币)(?=$|[,;。!?\s付交转])")
_USED = re.compile(r"(?:^|[,;。!?\s]|(?:用|走|使|拿|通过|是)(?:的|了|嘞)?)$")
_PAID = re.compile(r"交|付|费|钱|元|块|充|缴|报名?|买|学费|[\d一二两三四五六七八九][百千万]|\d{3}")
_REFUSED = re.compile(r"(?:不|没|别|不能|不让|不是)$")
_LEADING = re.compile(r"^(?:了|的|是|款|在|把|到|给|进|全|都|钱|让|叫|我们?|俺)+")
# 押着微信聊天、办了健身卡 are no way of paying.
_NOT_PAID = re.compile(
    r"(?<=企业)微信|微信(?:[\"群]|里(?:说|发|聊|讲|问|叫|通知)|聊|问|号|把|说|发|上说|朋友圈)|卡(?:住|在|车|通|片|着)|打卡|刷(?:题|卷|抖)"
)
_PAYEE = re.compile(
    r"(?:老板娘?|校长|园长|馆长|店长|教练|(?:班主任|[一-鿿]?老师)|法人|负责人|会计|前台|财务)(?:的|个人"
    r"|媳妇|老公|爱人|家属)?(?=的|个人|私人|微信|支付宝|卡|账|收款)|公司(?:账户|账上)?|对公|私人|个人"
)


# Without one of these no way of paying is named.
_PLACES = frozenset({"微信", "收款码", "二维码", "红包", "支付宝", "卡", "账户", "公户", "账号", "账上", "户头", "存折"})
SIGNS = _PLACES | {"现金", "花呗", "白条", "培训贷", "分期", "月付", "贷款交", "转账", "扫码", "云闪付", "人民币"}


def find(page: Page) -> Iterator[Found]:
    """The account the money went to, else the kind of payment."""
    if not page.has(SIGNS):
        return
    how = (_directed(page) if page.has(_PLACES) else None) or _kind(page)
    if not how:
        return
    yield how
    payee = _PAYEE.search(page.text, how.start, how.end)
    if payee:
        yield Found("payee", payee.group(), payee.start(), payee.end())


def _directed(page: Page) -> Found | None:
    for found in _DIRECTED.finditer(page.text):
        if _NOT_PAID.match(page.text, found.end() - 2) or _NOT_PAID.match(page.text, found.end() - 1) or _NOT_PAID.search(found.group()):
            continue
        if _REFUSED.search(page.before(found.start(), 2)):
            continue
        start = found.start("how")
        if found.group("how") in {"卡", "账户"}:
            continue
        lead = _LEADING.match(found.group("how"))
        if found.group().startswith("转账"):
            return Found("pay_method", found.group(), *found.span())
        start += lead.end() if lead and lead.end() < len(found.group("how")) else 0
        return Found("pay_method", page.text[start : found.end()], start, found.end())
    return None


def _kind(page: Page) -> Found | None:
    cash = next((found for found in _CASH.finditer(page.text) if not _REFUSED.search(page.before(found.start(), 2))), None)
    if cash:
        return Found("pay_method", cash.group(), *cash.span())
    tail = _TAIL.search(page.text)
    if tail:
        return Found("pay_method", tail.group("how"), *tail.span("how"))
    for by in _BY.finditer(page.text):
        if _USED.search(page.before(by.start(), 4)) and _PAID.search(page.before(by.start(), 12) + page.after(by.end(), 6)):
            return Found("pay_method", by.group(), *by.span())
    return None

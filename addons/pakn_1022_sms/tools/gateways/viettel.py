import requests
from lxml import etree

from ..gsm import is_gsm
from .base import (
    ACCEPTED,
    ACCOUNT,
    NUMBER,
    OTHER,
    TEMPLATE,
    HttpGateway,
    Outgoing,
    Result,
    to_national,
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CCAPI = "http://impl.bulkSms.ws/"
OUTCOMES = (
    ("CONTENT_NOT_MATCH_TEMPLATE", TEMPLATE),
    ("DUPLICATE MESSAGE", ACCEPTED),
    ("Authenticate", ACCOUNT),
    ("CP_CODE", ACCOUNT),
    ("ALIAS_INVALID", ACCOUNT),
    ("ReceiverID", NUMBER),
    ("UserID", NUMBER),
    ("telco", NUMBER),
)


class ViettelGateway(HttpGateway):
    """Viettel bulk SMS, SOAP operation ``wsCpMt``; tells nothing of the delivery."""

    def build_envelope(self, message: Outgoing) -> bytes:
        """Return the SOAP envelope of a message."""
        number = to_national(message.number)
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP, "i": CCAPI})
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        call = etree.SubElement(body, f"{{{CCAPI}}}wsCpMt")
        for name, value in (
            ("User", self.config["username"]),
            ("Password", self.config["password"]),
            ("CPCode", self.config.get("contract") or ""),
            # Numeric: the first 15 digits' worth of the uuid
            ("RequestID", str(int(message.uuid[:12], 16))),
            ("UserID", number),
            ("ReceiverID", number),
            ("ServiceID", message.sender),
            ("CommandCode", "bulksms"),
            ("Content", message.text),
            ("ContentType", "0" if is_gsm(message.text) else "1"),
        ):
            etree.SubElement(call, name).text = value
        return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")

    def submit(self, message: Outgoing) -> requests.Response:
        return self.call(
            "POST",
            self.config["url"].removesuffix("?wsdl"),
            data=self.build_envelope(message),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": ""},
        )

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            answer = etree.fromstring(response.content, parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(str(error)) from error
        text = answer.findtext(".//return/message") or ""
        if answer.findtext(".//return/result") == "1":
            return Result(message.uuid, ACCEPTED)
        outcome = next((value for key, value in OUTCOMES if key in text), OTHER)
        return Result(message.uuid, outcome, reason=text)

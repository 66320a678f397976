"""A one-stop system on this machine: it answers over JSON and SOAP, or does not."""

import json
import time
from urllib.parse import parse_qs, urlsplit

from odoo.addons.pakn_1022.tests.http_peer import HttpPeer, PeerHandler

WSDL = """<?xml version="1.0" encoding="utf-8"?>
<definitions name="OneStop" targetNamespace="urn:onestop" xmlns:tns="urn:onestop"
  xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
 <types>%(imported)s
  <xsd:schema targetNamespace="urn:onestop" elementFormDefault="qualified">
   <xsd:element name="GetDossier"><xsd:complexType><xsd:sequence>
     <xsd:element name="code" type="xsd:string"/>
   </xsd:sequence></xsd:complexType></xsd:element>
   <xsd:element name="GetDossierResponse"><xsd:complexType><xsd:sequence>
     <xsd:element name="dossier" minOccurs="0"><xsd:complexType><xsd:sequence>
       <xsd:element name="status" type="xsd:string"/>
       <xsd:element name="due" type="xsd:date"/>
     </xsd:sequence></xsd:complexType></xsd:element>
   </xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema>
 </types>
 <message name="In"><part name="p" element="tns:GetDossier"/></message>
 <message name="Out"><part name="p" element="tns:GetDossierResponse"/></message>
 <portType name="Port"><operation name="GetDossier">
   <input message="tns:In"/><output message="tns:Out"/></operation></portType>
 <binding name="Binding" type="tns:Port">
  <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="GetDossier"><soap:operation soapAction="urn:GetDossier"/>
   <input><soap:body use="literal"/></input>
   <output><soap:body use="literal"/></output></operation>
 </binding>
 <service name="OneStop"><port name="Port" binding="tns:Binding">
  <soap:address location="%(address)s"/></port></service>
</definitions>"""
ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<GetDossierResponse xmlns="urn:onestop">%s</GetDossierResponse>'
    "</soap:Body></soap:Envelope>"
)


class _Handler(PeerHandler):
    def do_GET(self):
        peer = self.peer
        peer.seen.append(("GET", self.path, dict(self.headers), b""))
        parts = urlsplit(self.path)
        if parts.path == "/ws":
            address = peer.address or f"{peer.url}/ws"
            values = {"imported": peer.imported, "address": address}
            self.tell(200, (WSDL % values).encode())
            return
        self.answer(parse_qs(parts.query).get("code", [parts.path[1:]])[0])

    def do_POST(self):
        body = self.read_body()
        self.peer.seen.append(("POST", self.path, dict(self.headers), body))
        if self.path == "/ws":
            self.answer_soap(body.decode())
        else:
            self.answer(json.loads(body)["find"]["code"])

    def answer_soap(self, body):
        if self.peer.said is not None:
            self.answer("")
            return
        fields = [
            f"<dossier><status>{one['status']}</status>"
            f"<due>{one['due']}</due></dossier>"
            for code, one in self.peer.dossiers.items()
            if f">{code}<" in body
        ]
        self.tell(200, (ENVELOPE % "".join(fields)).encode())

    def answer(self, code):
        said, dossiers = self.peer.said, self.peer.dossiers
        if isinstance(said, float):
            time.sleep(said)
        if isinstance(said, bytes):
            self.tell(200, said)
        elif isinstance(said, int):
            leads = {"Location": f"{self.peer.url}/elsewhere"} if said == 302 else {}
            self.tell(said, headers=leads)
        else:
            found = [dossiers[code]] if code in dossiers else []
            self.tell(200, json.dumps({"data": found}).encode())


class OneStop(HttpPeer):
    """A one-stop system.

    :ivar dict dossiers: ``{code: record}``
    :ivar list seen: ``(method, path with query, headers, body)`` of all that came
    :ivar said: bytes that are answered whatever is asked, or a number of seconds
        (float) to wait, or a status (int)
    :ivar str imported: XML put into the types of the WSDL
    """

    handler = _Handler

    def __init__(self):
        super().__init__()
        self.dossiers, self.seen, self.said = {}, [], None
        self.imported, self.address = "", None

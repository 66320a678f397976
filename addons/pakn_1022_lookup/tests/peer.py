"""A one-stop system on this machine: it answers over JSON and SOAP, or does not."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

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


class OneStop:
    """An HTTP server on a free port of 127.0.0.1.

    :ivar dict dossiers: ``{code: record}``
    :ivar list seen: ``(method, path with query, headers, body)`` of all that came
    :ivar said: bytes that are answered whatever is asked, or a number of seconds
        (float) to wait, or a status (int)
    :ivar str imported: XML put into the types of the WSDL
    """

    def __init__(self):
        self.dossiers, self.seen, self.said = {}, [], None
        self.imported, self.address = "", None
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                peer.seen.append(("GET", self.path, dict(self.headers), b""))
                parts = urlsplit(self.path)
                if parts.path == "/ws":
                    values = {
                        "imported": peer.imported,
                        "address": peer.address or f"{peer.url}/ws",
                    }
                    self.tell(200, (WSDL % values).encode())
                    return
                code = parse_qs(parts.query).get("code", [parts.path[1:]])[0]
                self.answer(code)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.seen.append(("POST", self.path, dict(self.headers), body))
                if self.path == "/ws":
                    self.answer_soap(body.decode())
                else:
                    self.answer(json.loads(body)["find"]["code"])

            def answer_soap(self, body):
                if peer.said is not None:
                    self.answer("")
                    return
                found = [v for code, v in peer.dossiers.items() if f">{code}<" in body]
                fields = [
                    f"<dossier><status>{one['status']}</status>"
                    f"<due>{one['due']}</due></dossier>"
                    for one in found
                ]
                self.tell(200, (ENVELOPE % "".join(fields)).encode())

            def answer(self, code):
                said = peer.said
                if isinstance(said, float):
                    time.sleep(said)
                if isinstance(said, bytes):
                    self.tell(200, said)
                elif isinstance(said, int):
                    self.tell(said, b"")
                else:
                    found = [peer.dossiers[code]] if code in peer.dossiers else []
                    self.tell(200, json.dumps({"data": found}).encode())

            def tell(self, status, body):
                try:
                    self.send_response(status)
                    if status == 302:
                        self.send_header("Location", f"{peer.url}/elsewhere")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    return  # who asked has hung up

            def log_message(self, *args):
                """Tell the log of the tests nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

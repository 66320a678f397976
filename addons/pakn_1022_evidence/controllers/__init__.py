from . import document, evidence

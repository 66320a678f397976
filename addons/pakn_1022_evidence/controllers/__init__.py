from . import document, evidence, roots

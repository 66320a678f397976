from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.text import parse_number

DATATYPES = [
    ("string", "One line"),
    ("number", "Number"),
    ("datetime", "Date and time"),
    ("text", "Several lines"),
    ("singlevaluelist", "One of several"),
    ("multivaluelist", "Some of several"),
]


class PaknCategoryQuestion(models.Model):
    """A question that a field asks on the site.

    Its attributes are those of Open311 GeoReport v2 (service definition): ``code``,
    ``datatype``, ``required``, ``datatype_description``, ``order`` (``sequence``),
    ``description`` (``name``) and ``values``.
    """

    _name = "pakn.category.question"
    _description = "Question of a field"
    _order = "category_id, sequence, id"

    category_id = fields.Many2one(
        "pakn.category", string="Field", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Question", required=True, translate=True)
    code = fields.Char(required=True, help="Letters, digits and _, for programs.")
    datatype = fields.Selection(DATATYPES, required=True, default="string")
    is_required = fields.Boolean(string="Must be answered")
    datatype_description = fields.Char(
        string="Hint", translate=True, help="How it is to be answered."
    )
    sequence = fields.Integer(default=10)
    value_ids = fields.One2many(
        "pakn.category.question.value", "question_id", string="Choices"
    )

    _code_unique = models.UniqueIndex(
        "(category_id, code)", "This field has a question with this code already."
    )

    @api.constrains("code")
    def _check_code(self):
        for question in self:
            code = question.code
            if not (code.isascii() and code.replace("_", "").isalnum()):
                raise ValidationError(
                    self.env._("A code has letters, digits and _ only: %s", code)
                )

    def _parse_answers(self, given):
        """Return what was answered to these questions.

        :param dict given: code of a question -> list of texts of the form, cleaned
        :return: ``({code: sentence on what is wrong}, list of values of
            ``pakn.question.answer`` without the request)``
        """
        errors, answers = {}, []
        for question in self:
            try:
                keys, text = question._parse(given.get(question.code) or [])
            except ValueError as error:
                errors[question.code] = error.args[0]
                continue
            if text:
                answers.append(
                    {
                        "question_id": question.id,
                        "sequence": question.sequence,
                        "name": question.name,
                        "code": question.code,
                        "keys": keys,
                        "value": text,
                    }
                )
        return errors, answers

    def _parse(self, values):
        """Return what was answered as ``(keys, text)``, both empty for nothing.

        :param list values: of the form, cleaned
        :raise ValueError: a sentence: no such answer
        """
        self.ensure_one()
        values = [value for value in values if value]
        if not values:
            if self.is_required:
                raise ValueError(self.env._("Please answer this question."))
            return "", ""
        if self.datatype in ("singlevaluelist", "multivaluelist"):
            names = {choice.key: choice.name for choice in self.value_ids}
            if self.datatype == "singlevaluelist":
                values = values[:1]
            if not all(value in names for value in values):
                raise ValueError(self.env._("Please choose from the list."))
            return ",".join(values), ", ".join(names[value] for value in values)
        value = values[0]
        if self.datatype == "number":
            if parse_number(value, -1e15, 1e15) is None:
                raise ValueError(self.env._("Please give a number."))
            return value, value
        if self.datatype == "datetime":
            try:
                moment = fields.Datetime.to_datetime(value.replace("T", " ")[:19])
            except ValueError:
                moment = None
            if not moment:
                raise ValueError(self.env._("Please give date and time."))
            return moment.isoformat(), moment.strftime("%H:%M %d/%m/%Y")
        return value, value


class PaknCategoryQuestionValue(models.Model):
    """A choice of a question."""

    _name = "pakn.category.question.value"
    _description = "Choice of a question"
    _order = "sequence, id"

    question_id = fields.Many2one(
        "pakn.category.question", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    _key_unique = models.UniqueIndex(
        "(question_id, key)", "This question has a choice with this key already."
    )

    @api.constrains("key")
    def _check_key(self):
        for choice in self:
            if "," in choice.key:
                raise ValidationError(self.env._("A key has no comma."))

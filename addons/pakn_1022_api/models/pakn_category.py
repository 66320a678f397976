from odoo import api, models

from odoo.addons.pakn_1022.tools.redaction import html_to_text


class PaknCategory(models.Model):
    """A field as a service of Open311."""

    _inherit = "pakn.category"

    @api.model
    def _get_open311_services(self):
        """Return the fields that requests can be handed in for, in sudo.

        Not those whose form stops: such matters are not the hotline's.
        """
        # sudo: pakn.category - the fields of Art. 6 are public
        services_sudo = self.sudo().search(
            [("child_ids", "=", False), ("site_stop", "=", False)], limit=1000
        )
        services_sudo.fetch(["name", "code", "site_keywords", "parent_id"])
        services_sudo.question_ids.fetch(["category_id"])
        return services_sudo

    def _get_open311_service(self):
        """Return a field as GeoReport lists it."""
        self.ensure_one()
        words = (self.site_keywords or "").replace("\n", ",").split(",")
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.complete_name,
            "metadata": bool(self.question_ids),
            "type": "realtime",
            "keywords": ", ".join(word.strip() for word in words if word.strip()),
            "group": self.parent_id.name or self.name,
        }

    def _get_open311_definition(self):
        """Return the questions of a field as GeoReport's service definition."""
        self.ensure_one()
        return {
            "service_code": self.code,
            "attributes": [
                {
                    "variable": True,
                    "code": question.code,
                    "datatype": question.datatype,
                    "required": question.is_required,
                    "datatype_description": question.datatype_description or None,
                    "order": order,
                    "description": question.name,
                    "values": [
                        {"key": choice.key, "name": choice.name}
                        for choice in question.value_ids
                    ],
                }
                for order, question in enumerate(self.question_ids, 1)
            ],
        }

    # ------------------------------------------------------------
    # FOR THE REST API
    # ------------------------------------------------------------

    def _get_rest_card(self):
        """Return a field as a list of the REST API tells of it."""
        service = self._get_open311_service()
        return {
            "code": service["service_code"],
            "name": service["service_name"],
            "group": service["group"],
            "keywords": [word for word in service["keywords"].split(", ") if word],
            "has_questions": service["metadata"],
        }

    def _get_rest_field(self):
        """Return a field with its notice and questions."""
        names = {"datatype": "type", "required": "required", "code": "code"}
        return self._get_rest_card() | {
            "notice": html_to_text(self.site_notice) or None,
            "questions": [
                {name: question[key] for key, name in names.items()}
                | {
                    "question": question["description"],
                    "hint": question["datatype_description"],
                    "choices": question["values"],
                }
                for question in self._get_open311_definition()["attributes"]
            ],
        }

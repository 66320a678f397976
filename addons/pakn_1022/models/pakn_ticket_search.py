from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import search_words
from ..tools.html_text import read_html
from ..tools.ticket_code import PREFIX, complete_codes, normalize_code
from .pakn_ticket_citizen import OPERATOR

# So many hits are put in order, the best first; of more, the newest come first
RANKED = 300
# So many are looked up at once; what is more frequent is met within a few rows anyway
COUNTED = 10000
# Of a long text so much is searched
LONGEST_TEXT = 50000
# Where the cursor keeps what was found in this transaction
_HITS = "pakn.ticket.search"
_SOURCES = (
    *("name", "title", "description", "address"),
    *("private_name", "private_phone", "private_address", "private_email"),
)


class PaknTicketSearch(models.AbstractModel):
    """Requests are found by words: code, title, text, place, citizen (Art. 12, 15).

    A room of ``pakn.ticket``. ``found_by`` is what search views and name searches ask:
    every word by itself, with and without accents, the last one also begun; where
    nothing says them all, with a typing error.

    Two columns hold the words. ``search_text`` is of what everybody reads who reads the
    request; ``search_all`` knows the citizen too and is asked only for those requests
    whose citizen the user may know (Art. 13.1): a search that finds is an answer.
    """

    _name = "pakn.ticket.search"
    _description = "Words that requests are found by"

    found_by = fields.Char(
        string="Search",
        store=False,
        search="_search_found_by",
        help="Words of code, title, content, place, name, phone, address or email.",
    )
    search_text = fields.Text(
        compute="_compute_search_text",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )
    search_all = fields.Text(
        compute="_compute_search_text",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )

    def init(self):
        """Let PostgreSQL keep the words as it compares them, beside the index.

        Worked out for each row that it looks at, they would take most of the time. The
        index takes new rows in small lots, for each search reads what waits.
        """
        super().init()
        if self._abstract:
            return
        for column in ("search_text", "search_all"):
            self.env.cr.execute(
                SQL(
                    """ALTER TABLE %(table)s
                         ADD COLUMN IF NOT EXISTS %(vector)s tsvector
                         GENERATED ALWAYS AS
                         (array_to_tsvector(string_to_array(%(column)s, ' '))) STORED;
                       CREATE INDEX IF NOT EXISTS %(index)s ON %(table)s
                         USING gin (%(vector)s) WITH (gin_pending_list_limit = 256)""",
                    table=SQL.identifier(self._table),
                    column=SQL.identifier(column),
                    vector=SQL.identifier(f"{column}_vector"),
                    index=SQL.identifier(f"{self._table}_{column}_vector_idx"),
                )
            )

    def _create(self, data_list):
        """Insert each row with its words: written later, it would be a second row."""
        columns = {self._fields[name] for name in ("search_text", "search_all")}
        for data in data_list:
            data["stored"].update(_keep_words(data["stored"].get))
            data["protected"] = {*data["protected"], *columns}
        self._learn_words(data["stored"]["search_all"] for data in data_list)
        return super()._create(data_list)

    @api.depends(*_SOURCES)
    def _compute_search_text(self):
        for ticket in self:
            ticket.update(_keep_words(ticket.__getitem__))
        self._learn_words(self.mapped("search_all"))

    @api.model
    def _search_found_by(self, operator, value):
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        if not (value or "").strip():
            return Domain.TRUE
        code = normalize_code(value)
        if code and PREFIX in value.upper():
            return Domain("name", "=", code)
        words = search_words.split(value)[: search_words.MOST_WORDS]
        if not words:
            return Domain.FALSE
        domain = self._get_words_domain(search_words.match_whole(words))
        codes = [code] if code else complete_codes(value, fields.Date.today().year)
        if codes:
            # Without GL it may be another number
            domain |= Domain("name", "in", codes)
        if self._search(domain, limit=1):
            return domain
        known = self.env["pakn.search.word"]._filter_known(words)
        return self._get_words_domain(search_words.match_nearly(words, known))

    @api.model
    def _get_words_domain(self, query):
        """Return the domain of a query, which holds for the user's rights."""
        if self.env.su or self.env.user.has_group(OPERATOR):
            return self._get_hits_domain("search_all", query)
        domain = self._get_hits_domain("search_text", query)
        known = self._get_citizen_known_domain()
        if not known.is_false():
            # sudo: nobody finds by a value what it would not be shown for
            domain |= Domain(
                "id",
                "in",
                self.sudo()._search(known & self._get_hits_domain("search_all", query)),
            )
        return domain

    @api.model
    def _get_hits_domain(self, column, query):
        """Return the domain of what is found in a column, as PostgreSQL does it best.

        It knows little of how often words stand together. Few hits are looked up by
        the index here; of many, the newest are met soon on the way by date.
        """
        hits = self._get_hits(column, query)
        if not hits:
            return Domain.FALSE
        if len(hits) > COUNTED:
            return Domain.custom(
                to_sql=lambda _model, alias, _query: self._match(alias, column, query)
            )
        # An array, which Odoo does not look through as it does a domain's list
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s = ANY(%s)", SQL.identifier(alias, "id"), hits
            )
        )

    @api.model
    def _match(self, alias, column, query):
        return SQL(
            "%s @@ %s::tsquery",
            SQL.identifier(alias, f"{column}_vector"),
            query.text,
        )

    @api.model
    def _get_hits(self, column, query):
        """Return ids of what is found, without regard to rights; in no order.

        One more than :data:`COUNTED` at most. A screen asks for its rows and for their
        number; the second time the answer is there.
        """
        self.flush_model([column])
        known = self.env.cr.cache.setdefault(_HITS, {})
        if (column, query.text) not in known:
            with self._by_index():
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM %s WHERE %s LIMIT %s",
                        SQL.identifier(self._table),
                        self._match(self._table, column, query),
                        COUNTED + 1,
                    )
                )
            known[column, query.text] = [number for [number] in rows]
        return known[column, query.text]

    @api.model
    def _learn_words(self, texts):
        """Remember the words of requests that were written just now."""
        self.env.cr.cache.pop(_HITS, None)
        self.env["pakn.search.word"]._learn(texts)

    @contextmanager
    def _by_index(self):
        """Keep PostgreSQL from looking at every request, where it guesses wrong."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        yield
        # After an error the transaction is over, and this with it
        self.env.cr.execute("SET LOCAL enable_seqscan = on")

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        """Count all that a unit's people may read by the slips that show it to them.

        To count the same, PostgreSQL walks over every request that there is.
        """
        self.check_access("read")
        rule = self.env["ir.rule"]._compute_domain(self._name, "read")
        if (
            self.env.su
            or not Domain(domain).is_true()
            or getattr(rule, "field_expr", None) != "transfer_ids"
            or rule.operator != "any"
        ):
            return super().search_count(domain, limit)
        # sudo: as the rule finds them, by which these requests are read
        slips_sudo = self.env["pakn.transfer"].sudo()
        [(count,)] = slips_sudo._read_group(
            rule.value, [], ["ticket_id:count_distinct"]
        )
        return min(count, limit) if limit else count

    # ------------------------------------------------------------
    # BEST FIRST
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Put what is found by words in order, best first, where none is asked for."""
        query = super()._search(domain, offset, limit, order, **kwargs)
        if order == self._order:
            for condition in Domain(domain).iter_conditions():
                if (
                    condition.field_expr in ("found_by", "display_name")
                    and condition.operator == "ilike"
                    and isinstance(condition.value, str)
                ):
                    best = self._rank(condition.value, query)
                    if best:
                        query.order = SQL(
                            "array_position(%s, %s), %s",
                            best,
                            SQL.identifier(self._table, "id"),
                            query.order,
                        )
                    break
        return query

    @api.model
    def _rank(self, value, query):
        """Return ids of what a query finds, best first; none when there are too many.

        What is found is weighed by the words that its reader may know.
        """
        words = search_words.split(value)[: search_words.MOST_WORDS]
        if not words:
            return []
        knows_all = self.env.su or self.env.user.has_group(OPERATOR)
        column = "search_all" if knows_all else "search_text"
        if len(self._get_hits(column, search_words.match_whole(words))) > RANKED:
            return []
        rows = self.env.execute_query(
            SQL(
                """SELECT id, title, %s FROM %s
                    WHERE id IN (SELECT %s FROM %s WHERE %s LIMIT %s)
                    ORDER BY date_received DESC, id DESC""",
                SQL.identifier(column),
                SQL.identifier(self._table),
                SQL.identifier(self._table, "id"),
                query.from_clause,
                query.where_clause or SQL("TRUE"),
                RANKED + 1,
            )
        )
        if len(rows) > RANKED:
            return []
        weights = {
            number: search_words.weigh(words, title, kept or "")
            for number, title, kept in rows
        }
        return sorted(weights, key=weights.get, reverse=True)


def _keep_words(get):
    """Return the two columns of words of a request.

    :param get: returns the value of one of :data:`_SOURCES`
    """
    text = read_html(str(get("description") or ""))[0][:LONGEST_TEXT]
    shown = search_words.keep(get("name"), get("title"), get("address"), text)
    hidden = search_words.keep(
        get("private_name"), get("private_address"), get("private_email")
    )
    ends = search_words.keep_phone(get("private_phone"))
    words = dict.fromkeys(f"{ends} {hidden} {shown}".split())
    return {"search_text": shown, "search_all": " ".join(words)}

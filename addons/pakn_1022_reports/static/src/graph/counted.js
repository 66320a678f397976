// Of which rows an average is, by the measure that counts these
const AVERAGED = { on_time_share: "due_count", rating: "rated_count" };

/**
 * Return which rows of a group a measure counts, where Odoo would list all of the
 * group, and what the list of them is called.
 *
 * @returns {{ rows: Array, name: string }} ``rows``: a domain
 */
export function getCounted({ fields, measures, title }, measure) {
    const counting = AVERAGED[measure] || measure;
    return {
        // Odoo's own count is of all, and no field
        rows: counting.endsWith("_count") && fields[counting] ? [[counting, ">", 0]] : [],
        name: `${title} · ${measures[measure].string}`,
    };
}

import { patch } from "@web/core/utils/patch";
import { ListController } from "@web/views/list/list_controller";

/** What a record of a list holds; not what the clock changes while one looks at it. */
function read(record) {
    const names = record.fieldNames.filter((name) => record.fields[name].store);
    return JSON.stringify(names.map((name) => record.evalContext[name] ?? null));
}

/**
 * Load a list anew, and keep chosen what nothing was done to: after a dialog that was
 * given up all of it, after an act what was left out.
 */
async function keepSelection(model, load) {
    const { isDomainSelected, count, selection } = model.root;
    const chosen = new Map((selection || []).map((record) => [record.resId, read(record)]));
    await load();
    const { root } = model;
    const kept = root.records.filter(
        (record) => chosen.has(record.resId) && chosen.get(record.resId) === read(record)
    );
    await Promise.all(kept.map((record) => record.toggleSelection(true)));
    if (isDomainSelected && root.count === count && kept.length === chosen.size) {
        await root.selectDomain(true);
    }
}

patch(ListController.prototype, {
    setup() {
        super.setup(...arguments);
        const { model } = this;
        if (!this.props.resModel.startsWith("pakn.") || !model.load) {
            return;
        }
        const load = model.load.bind(model);
        // With parameters it is another search, whose records are others
        model.load = (params) =>
            params || !model.isReady || !model.root.selection?.length
                ? load(params)
                : keepSelection(model, load);
    },
});

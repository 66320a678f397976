import { markup } from "@odoo/owl";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { htmlReplaceAll } from "@web/core/utils/html";

const MILLISECONDS = 8000;
const READS = ["web_read", "web_search_read", "web_read_group"];
// A request's code, which stays on one line
const CODE = /\b[A-Z]{2}\d\d-\d{6}-\d\b/g;

/**
 * Load the view anew, at once or as soon as no dialog is over it.
 *
 * A dialog that closes goes only when the view under it has been read: what is read
 * there may be of before.
 */
async function reload({ services: { action, ui } }) {
    if (ui.activeElement !== document) {
        await new Promise((resolve) => {
            const look = () => {
                if (ui.activeElement === document) {
                    ui.bus.removeEventListener("active-element-changed", look);
                    resolve();
                }
            };
            ui.bus.addEventListener("active-element-changed", look);
        });
    }
    // Equal questions that wait for their answer would get that of before
    rpcBus.trigger("CLEAR-CACHES", READS);
    await action.doAction("soft_reload");
}

/**
 * Say what an act did and who was told; for eight seconds it can be taken back.
 *
 * `params` are `message`, `next` (an action), `type`, `sticky` (it stays, without the
 * button, when that time is over) and `undo`: the operation that takes it back (`model`,
 * `method`, `ids`, `args`), the word on its button (`label`), and what is said afterwards
 * (`done`), unless the operation returns an action that says it.
 */
export function showDone(env, { params }) {
    const { undo, next, type = "success", sticky = false } = params;
    const message = htmlReplaceAll(
        params.message,
        CODE,
        (code) => markup`<span class="text-nowrap">${code}</span>`
    );
    const { notification, orm } = env.services;
    let timer = null;
    const takeBack = async () => {
        close();
        const said = await orm.call(undo.model, undo.method, [undo.ids, ...undo.args]);
        // Said at once and not by the action service: of two actions it forgets the
        // first, and a reload that another one overtakes never comes to its end
        if (undo.done) {
            notification.add(undo.done, { type: "success" });
        } else {
            registry.category("actions").get(said.tag)(env, said);
        }
        await reload(env);
    };
    const close = notification.add(message, {
        type,
        sticky,
        className: "o_pakn_done",
        autocloseDelay: MILLISECONDS,
        buttons: [{ name: undo.label, icon: "fa-undo", onClick: takeBack }],
        onClose: () => clearTimeout(timer),
    });
    if (sticky) {
        timer = setTimeout(() => {
            close();
            notification.add(message, { type, sticky });
        }, MILLISECONDS);
    }
    return next;
}

registry.category("actions").add("pakn_1022.done", showDone);

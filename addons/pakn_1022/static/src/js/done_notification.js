import { registry } from "@web/core/registry";

const MILLISECONDS = 8000;

/**
 * Say what an act did and who was told; for eight seconds it can be taken back.
 *
 * `params` are `message`, `next` (an action) and `undo`: the operation that takes it
 * back (`model`, `method`, `ids`, `args`), the word on its button (`label`), and what is
 * said afterwards (`done`).
 */
function showDone(env, { params }) {
    const { message, undo, next } = params;
    const { action, notification, orm } = env.services;
    const close = notification.add(message, {
        type: "success",
        autocloseDelay: MILLISECONDS,
        buttons: [
            {
                name: undo.label,
                icon: "fa-undo",
                onClick: async () => {
                    close();
                    await orm.call(undo.model, undo.method, [undo.ids, ...undo.args]);
                    await action.doAction("soft_reload");
                    notification.add(undo.done, { type: "success" });
                },
            },
        ],
    });
    return next;
}

registry.category("actions").add("pakn_1022.done", showDone);

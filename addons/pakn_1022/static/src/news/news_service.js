import { EventBus, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { showTickets } from "../desk/show_tickets";

const NEWS = "pakn_1022.news";
const CHANGED = "pakn_1022.changed";
// At most one sound in so many milliseconds
const SILENCE = 60000;

/** Shows what arrives: a toast, a desktop notification, a sound, a number at the bell. */
const newsService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service, notification, orm }) {
        const state = reactive({ count: 0, notices: [], isQuiet: Boolean(session.pakn_quiet) });
        const changes = new EventBus();
        let lastSound = 0;

        let asked = 0;

        async function load() {
            const turn = ++asked;
            try {
                const news = await orm.silent.call("pakn.notice", "get_news", []);
                // An answer that was overtaken by a later one says what was before
                if (turn === asked) {
                    Object.assign(state, news);
                }
            } catch {
                // Odoo itself says that the connection is lost.
            }
        }

        async function open(notice) {
            if (notice.id) {
                await orm.call("pakn.notice", "mark_read", [notice.ids || [notice.id]]);
                load();
            }
            if (notice.res_ids?.length > 1) {
                // Exactly those it is about
                return showTickets(action, notice.title, [["id", "in", notice.res_ids]]);
            }
            if (!notice.res_id) {
                // Many at once: their list
                return action.doAction(notice.action);
            }
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: notice.model,
                res_id: notice.res_id,
                views: [[false, "form"]],
            });
        }

        async function readAll() {
            await orm.call("pakn.notice", "mark_read", []);
            return load();
        }

        function ring() {
            const now = Date.now();
            if (now - lastSound < SILENCE) {
                return;
            }
            lastSound = now;
            new browser.Audio("/mail/static/src/audio/ting.mp3").play().catch(() => {
                // A browser plays nothing before its page was touched.
            });
        }

        function show(notice) {
            const title = notice.title || _t("New request");
            if (document.hidden && browser.Notification?.permission === "granted") {
                const desktop = new browser.Notification(title, { body: notice.text });
                desktop.onclick = () => {
                    window.focus();
                    open(notice);
                };
            }
            const close = notification.add(notice.text, {
                title,
                type: notice.is_urgent ? "warning" : "info",
                buttons: [
                    {
                        name: _t("Open it"),
                        primary: true,
                        onClick: () => {
                            close();
                            open(notice);
                        },
                    },
                ],
            });
            ring();
        }

        bus_service.subscribe(NEWS, (notice) => {
            if (!state.isQuiet) {
                show(notice);
            }
            changes.trigger("changed");
            load();
        });
        bus_service.subscribe(CHANGED, ({ is_bell }) => {
            changes.trigger("changed");
            if (is_bell) {
                load();
            }
        });
        bus_service.start();
        load();
        return { state, changes, open, readAll };
    },
};

registry.category("services").add("pakn_news", newsService);

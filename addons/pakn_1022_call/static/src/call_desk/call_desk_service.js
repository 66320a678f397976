import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const CHANGED = "pakn_1022_call.changed";
// What comes close together is asked for once; in milliseconds
const PAUSE = 30;

/** What the operator's screen shows of the telephone; asked for whenever it changed. */
const callDeskService = {
    dependencies: ["bus_service", "notification", "orm"],

    start(env, { bus_service, notification, orm }) {
        const state = reactive({ isOperator: false, desk: null });
        let timer = null;
        let asked = 0;

        async function load() {
            const turn = ++asked;
            try {
                const desk = await orm.silent.call("pakn.call", "get_desk", []);
                // An answer that was overtaken by a later one says what was before
                if (turn === asked) {
                    state.desk = desk;
                }
            } catch {
                // Odoo itself says that the connection is lost.
            }
        }

        function loadSoon() {
            clearTimeout(timer);
            timer = setTimeout(load, PAUSE);
        }

        /** Have the exchange call a number: the own telephone rings first. */
        async function dial(number) {
            await orm.call("pakn.call", "dial", [number]);
            notification.add(_t("Your telephone rings; then %s is called.", number), {
                type: "info",
            });
            await load();
        }

        /** A phone number, wherever one is shown, is called by the exchange. */
        function onClick(event) {
            const link = event.target.closest?.("a[href^='tel:']");
            if (link && state.desk?.can_dial) {
                event.preventDefault();
                event.stopPropagation();
                dial(decodeURIComponent(link.getAttribute("href").slice(4)));
            }
        }

        async function begin() {
            state.isOperator = await user.hasGroup("pakn_1022.group_operator");
            if (!state.isOperator) {
                return;
            }
            bus_service.subscribe(CHANGED, loadSoon);
            // What was told while the connection was lost
            bus_service.addEventListener("BUS:RECONNECT", loadSoon);
            document.addEventListener("visibilitychange", () => document.hidden || loadSoon());
            bus_service.start();
            document.addEventListener("click", onClick, { capture: true });
            await load();
        }
        begin();
        return { state, load };
    },
};

registry.category("services").add("pakn_call_desk", callDeskService);

import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const LOOKING = "pakn_1022.looking";
// Said again so often while a request is open, and forgotten after so long, in ms
const AGAIN = 30000;
const FORGOTTEN = 75000;
// Who comes later is answered by those who are there, once in so many ms
const ANSWERED = 1000;

/** Who looks at which request: told by the bus, kept in each browser, stored nowhere. */
const presenceService = {
    dependencies: ["bus_service", "orm"],

    start(env, { bus_service, orm }) {
        // {request id: {user id: {name, until}}}
        const others = reactive({});
        let open = null;
        let lastSaid = 0;

        async function say(id, isHere) {
            lastSaid = Date.now();
            try {
                await orm.silent.call("pakn.ticket", "look", [[id], isHere]);
            } catch {
                // Not an operator of this request any more, or the connection is lost.
            }
        }

        function hear({ ticket_id, user_id, name, is_here }) {
            if (user_id === user.userId) {
                return;
            }
            const known = Boolean(others[ticket_id]?.[user_id]);
            if (is_here) {
                others[ticket_id] ||= {};
                others[ticket_id][user_id] = { name, until: Date.now() + FORGOTTEN };
                if (!known && open === ticket_id && Date.now() - lastSaid > ANSWERED) {
                    say(open, true);
                }
            } else if (known) {
                delete others[ticket_id][user_id];
            }
        }

        function forget() {
            const now = Date.now();
            for (const [ticket, people] of Object.entries(others)) {
                for (const [person, { until }] of Object.entries(people)) {
                    if (until < now) {
                        delete people[person];
                    }
                }
                if (!Object.keys(people).length) {
                    delete others[ticket];
                }
            }
            if (open && !document.hidden) {
                say(open, true);
            }
        }

        /** A page that goes has no time for an answer, and need not wait for one. */
        function sayGoodbye() {
            if (!open) {
                return;
            }
            const params = { model: "pakn.ticket", method: "look", args: [[open], false], kwargs: {} };
            const body = new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                type: "application/json",
            });
            browser.navigator.sendBeacon("/web/dataset/call_kw/pakn.ticket/look", body);
        }

        bus_service.subscribe(LOOKING, hear);
        browser.addEventListener("pagehide", sayGoodbye);
        setInterval(forget, AGAIN);

        return {
            others,
            /** The caller opens a request. */
            enter(id) {
                open = id;
                say(id, true);
            },
            /** The caller leaves it. */
            leave(id) {
                if (open === id) {
                    open = null;
                }
                say(id, false);
            },
        };
    },
};

registry.category("services").add("pakn_presence", presenceService);

/** Names of the others who look at a request. */
export function namesOf(others, id) {
    return Object.values(others[id] || {}).map((person) => person.name);
}

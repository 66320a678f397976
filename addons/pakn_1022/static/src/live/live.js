import { onWillDestroy, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const REFRESH = 60000;
// What the bus tells close together is asked for once; in milliseconds
const PAUSE = 300;
const SIGNED_OUT = "odoo.http.SessionExpiredException";

/** Call a function again and again; not on a hidden page, but once it is shown again. */
export function usePolling(callback, milliseconds = REFRESH) {
    const poll = () => document.hidden || callback();
    const timer = setInterval(poll, milliseconds);
    useExternalListener(document, "visibilitychange", poll);
    onWillDestroy(() => clearInterval(timer));
}

/** Say why what is shown is no newer than a time: a screen on the wall asks nobody. */
export function sayFailed(error, time) {
    return error.exceptionName === SIGNED_OUT
        ? _t("You are signed out, please sign in again; this is as of %s", time)
        : _t("The server does not answer; this is as of %s", time);
}

/**
 * What a method of a model returns, asked for anew each minute, and whenever the bus
 * says that something changed.
 *
 * @param {string} [changed] what the bus calls that
 * @returns {{ board: any, time: string, came: number, failed: string }} reactive: the
 *     answer, when it came (as a text, and in milliseconds), and the sentence that none
 *     has come since, empty if one has
 */
export function useBoard(model, method, changed) {
    const orm = useService("orm");
    const state = useState({ board: null, time: "", came: 0, failed: "" });
    const load = async () => {
        try {
            state.board = await orm.silent.call(model, method, []);
            state.failed = "";
            state.came = Date.now();
            state.time = luxon.DateTime.now().toFormat("HH:mm:ss");
        } catch (error) {
            // A wall screen outlives a restart of the server: it says how old it is.
            state.failed = sayFailed(error, state.time);
            if (!state.board) {
                throw error;
            }
        }
    };
    onWillStart(load);
    usePolling(load);
    if (changed) {
        useNews(changed, load);
    }
    return state;
}

/** Call a function soon after the bus tells something, and after a lost connection. */
function useNews(name, callback) {
    const bus = useService("bus_service");
    let timer = null;
    // The first of many is not put off by those that follow
    const soon = () => {
        timer ??= setTimeout(() => {
            timer = null;
            callback();
        }, PAUSE);
    };
    bus.subscribe(name, soon);
    bus.addEventListener("BUS:RECONNECT", soon);
    bus.start();
    onWillDestroy(() => {
        clearTimeout(timer);
        bus.unsubscribe(name, soon);
        bus.removeEventListener("BUS:RECONNECT", soon);
    });
}

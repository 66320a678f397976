import { onWillDestroy, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

const REFRESH = 60000;

/** Call a function again and again; not on a hidden page, but once it is shown again. */
export function usePolling(callback, milliseconds = REFRESH) {
    const poll = () => document.hidden || callback();
    const timer = setInterval(poll, milliseconds);
    useExternalListener(document, "visibilitychange", poll);
    onWillDestroy(() => clearInterval(timer));
}

/**
 * What a method of a model returns, asked for anew each minute.
 *
 * @returns {{ board: any, time: string, failed: boolean }} reactive: the answer, when
 *     it came, and whether the server has not answered since
 */
export function useBoard(model, method) {
    const orm = useService("orm");
    const state = useState({ board: null, time: "", failed: false });
    const load = async () => {
        try {
            state.board = await orm.silent.call(model, method, []);
            state.failed = false;
            state.time = luxon.DateTime.now().toFormat("HH:mm:ss");
        } catch (error) {
            // A wall screen outlives a restart of the server: it says how old it is.
            state.failed = true;
            if (!state.board) {
                throw error;
            }
        }
    };
    onWillStart(load);
    usePolling(load);
    return state;
}

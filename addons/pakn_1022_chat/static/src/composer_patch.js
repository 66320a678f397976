import { Composer } from "@mail/core/common/composer";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { onMounted, onWillUnmount } from "@odoo/owl";

const { DateTime } = luxon;
// Milliseconds after which what is left of a window is looked at again
const TICK = 10000;

/** Return a moment as people say it. */
function say(moment) {
    return moment.toFormat("HH:mm dd/MM");
}

patch(Composer.prototype, {
    setup() {
        super.setup();
        this.paknNotification = useService("notification");
        let timer;
        onMounted(() => {
            if (this.thread?.channel_type === "pakn_chat") {
                // Time shuts a door while somebody writes, or reads
                timer = setInterval(() => this.render(), TICK);
            }
        });
        onWillUnmount(() => clearInterval(timer));
    },

    /** What cannot go out stays where it was written, and who wrote it is told why. */
    async sendMessage() {
        const window = this.paknWindow;
        if (window?.isShut) {
            this.paknNotification.add(window.text, { type: "danger" });
            this.render();
            return;
        }
        return super.sendMessage(...arguments);
    },

    /** Until when an answer to the citizen is free, charged, impossible: text and colour. */
    get paknWindow() {
        const window = this.thread?.pakn_window;
        if (!window || this.props.composer.message) {
            return undefined;
        }
        const now = DateTime.now();
        const until = window.open_until && deserializeDateTime(window.open_until);
        if (window.reason || !until || until <= now) {
            const reason = window.reason || _t("The time to answer here is over.");
            const text = _t("%s Call, or write on the request: SMS or mail.", reason);
            return { text, className: "alert-danger", icon: "fa-ban", isShut: true };
        }
        if (!window.is_counted) {
            const text = _t("Can be answered here until %s.", say(until));
            return { text, className: "alert-secondary", icon: "fa-clock-o" };
        }
        const free = window.free_until && deserializeDateTime(window.free_until);
        if (window.left > 0 && free > now) {
            const text = _t(
                "Free: %(left)s messages until %(free)s; then charged until %(until)s.",
                { left: window.left, free: say(free), until: say(until) }
            );
            return { text, className: "alert-success", icon: "fa-clock-o" };
        }
        const text = _t("The door charges for an answer now; possible until %s.", say(until));
        return { text, className: "alert-warning", icon: "fa-money" };
    },
});

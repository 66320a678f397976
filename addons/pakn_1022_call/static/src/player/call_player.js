import { Component, onWillUnmount, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
/** Of the drawing, in its own units: one for each part of the recording. */
const HEIGHT = 40;

/** Return the path of a waveform; "" where there is none to draw. */
export function drawPeaks(peaks) {
    if (!/^([0-9a-f]{2})+$/.test(peaks || "")) {
        return "";
    }
    return peaks
        .match(/../g)
        .map((digits, index) => {
            // A line where it is silent, so that the bar is seen whole
            const height = Math.max(1, (parseInt(digits, 16) / 255) * HEIGHT);
            return `M${index + 0.5} ${((HEIGHT - height) / 2).toFixed(1)}v${height.toFixed(1)}`;
        })
        .join("");
}

/** Plays the recording of a call: fetched once when it is asked for, then sought in. */
export class CallPlayer extends Component {
    static template = "pakn_1022_call.CallPlayer";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.speeds = SPEEDS;
        this.height = HEIGHT;
        this.audio = useRef("audio");
        this.state = useState(this.nothing);
        onWillUpdateProps((next) => {
            // Another call in the same form: its recording has not been asked for
            if (next.record.data[next.name]?.id !== this.recordingId) {
                this.release();
                Object.assign(this.state, this.nothing);
            }
        });
        onWillUnmount(() => this.release());
    }

    get nothing() {
        return { url: null, error: "", isLoading: false, speed: 1, wave: "", count: 0, done: 0 };
    }

    get recordingId() {
        return this.props.record.data[this.props.name]?.id;
    }

    release() {
        if (this.state.url) {
            URL.revokeObjectURL(this.state.url);
        }
    }

    async load() {
        this.state.isLoading = true;
        this.state.error = "";
        const id = this.recordingId;
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        try {
            const reply = await fetch(`/pakn_call/recording/${id}`, {
                method: "POST",
                body,
            });
            if (!reply.ok) {
                this.state.error =
                    reply.status === 403
                        ? await reply.text()
                        : _t("The recording is not to be had at the moment.");
                return;
            }
            const sound = await reply.blob();
            if (id === this.recordingId) {
                this.state.url = URL.createObjectURL(sound);
                this.loadWave(id);
            }
        } catch {
            this.state.error = _t("The recording is not to be had at the moment.");
        } finally {
            this.state.isLoading = false;
        }
    }

    /** Beside the bar of the browser, which is there without it as well. */
    async loadWave(id) {
        const [found] = await this.orm.silent
            .read("pakn.call.recording", [id], ["peaks"])
            .catch(() => []);
        if (found && id === this.recordingId) {
            this.state.wave = drawPeaks(found.peaks);
            this.state.count = (found.peaks || "").length / 2;
        }
    }

    /** How much of it has been heard is left uncovered. */
    get cover() {
        return `clip-path: inset(0 ${(100 - 100 * this.state.done).toFixed(1)}% 0 0)`;
    }

    onProgress() {
        const { currentTime, duration } = this.audio.el;
        this.state.done = Number.isFinite(duration) && duration ? currentTime / duration : 0;
    }

    /** By mouse or finger; by keyboard it is the browser's bar that seeks. */
    seek(ev) {
        const { left, width } = ev.currentTarget.getBoundingClientRect();
        const { duration } = this.audio.el;
        if (Number.isFinite(duration) && width) {
            const share = Math.min(Math.max((ev.clientX - left) / width, 0), 1);
            this.audio.el.currentTime = share * duration;
            this.onProgress();
        }
    }

    setSpeed(speed) {
        this.state.speed = speed;
        this.audio.el.playbackRate = speed;
    }
}

registry.category("fields").add("pakn_call_player", {
    component: CallPlayer,
    supportedTypes: ["many2one"],
});

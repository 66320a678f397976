/** The switch on the page of a request: this device is told of it, or no more. */

const box = document.querySelector(".o_pakn_push");

function toBytes(text) {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
}

/** Tell the hotline; return whether it has taken it. */
async function tell(form, subscription, action) {
    const { endpoint, keys } = subscription.toJSON();
    const data = new FormData(form);
    for (const [name, value] of Object.entries({ action, endpoint, p256dh: keys.p256dh, auth: keys.auth })) {
        data.set(name, value);
    }
    const reply = await fetch(form.getAttribute("action"), { method: "POST", body: data });
    return reply.ok;
}

/**
 * @param {string} state "on", "off" or "busy"
 * @param {string} error "denied", "failed" or none
 */
function show(state, error = "") {
    box.hidden = false;
    for (const el of box.querySelectorAll("[data-state]")) {
        el.hidden = el.dataset.state !== state;
    }
    for (const el of box.querySelectorAll("[data-error]")) {
        el.hidden = el.dataset.error !== error;
    }
}

async function start(form) {
    const { pushManager } = await navigator.serviceWorker.ready;
    // Which requests this device is told of, the browser alone knows
    const store = `pakn_1022_push_${box.dataset.code}`;
    let isOn = localStorage.getItem(store) === "1" && Boolean(await pushManager.getSubscription());
    const say = (error) => show(isOn ? "on" : "off", error);
    say();
    form.addEventListener("submit", async (ev) => {
        ev.preventDefault();
        show("busy");
        try {
            if (!isOn && (await Notification.requestPermission()) !== "granted") {
                say("denied");
                return;
            }
            const options = { userVisibleOnly: true, applicationServerKey: toBytes(box.dataset.key) };
            const subscription = (await pushManager.getSubscription()) || (await pushManager.subscribe(options));
            if (!(await tell(form, subscription, isOn ? "off" : "on"))) {
                say("failed");
                return;
            }
            isOn = !isOn;
            localStorage.setItem(store, isOn ? "1" : "");
            say();
        } catch {
            say("failed"); // no connection, or no push service
        }
    });
}

if (box && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    start(box.querySelector("form"));
}

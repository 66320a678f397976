/**
 * The switch on the page of a request: this device is told of it, of all or some of what
 * there is to tell, or no more.
 */

const box = document.querySelector(".o_pakn_push");

function toBytes(text) {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
}

/**
 * Return how this browser is reached; null where it is not. One that knows another key of
 * the hotline, from before it was changed, is reached by nobody any more.
 */
async function getSubscription(pushManager) {
    const subscription = await pushManager.getSubscription();
    const known = subscription?.options?.applicationServerKey;
    const key = toBytes(box.dataset.key);
    if (known && String(new Uint8Array(known)) !== String(key)) {
        await subscription.unsubscribe();
        return null;
    }
    return subscription;
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
 * @param {string} note "kept", "denied", "failed", "none" or nothing
 */
function show(state, note = "") {
    box.hidden = false;
    for (const el of box.querySelectorAll("[data-state]")) {
        el.hidden = el.dataset.state !== state;
    }
    for (const el of box.querySelectorAll("[data-note]")) {
        el.hidden = el.dataset.note !== note;
    }
}

async function start(form) {
    const { pushManager } = await navigator.serviceWorker.ready;
    const topics = [...form.querySelectorAll("[name=topic]")];
    // Which requests this device is told of, the browser alone knows: "1", then what of
    // each it is not told of
    const store = `pakn_1022_push_${box.dataset.code}`;
    const [kept, ...unwanted] = (localStorage.getItem(store) || "").split(" ");
    let isOn = kept === "1" && Boolean(await getSubscription(pushManager));
    if (isOn) {
        topics.forEach((topic) => (topic.checked = !unwanted.includes(topic.value)));
    }
    const say = (note) => show(isOn ? "on" : "off", note);
    say();
    form.addEventListener("submit", async (ev) => {
        ev.preventDefault();
        const action = ev.submitter?.value || "on";
        const left = topics.filter((topic) => !topic.checked).map((topic) => topic.value);
        if (action === "on" && left.length === topics.length) {
            say("none");
            return;
        }
        show("busy");
        try {
            if (action === "on" && (await Notification.requestPermission()) !== "granted") {
                say("denied");
                return;
            }
            const options = { userVisibleOnly: true, applicationServerKey: toBytes(box.dataset.key) };
            const subscription = (await getSubscription(pushManager)) || (await pushManager.subscribe(options));
            if (!(await tell(form, subscription, action))) {
                say("failed");
                return;
            }
            const note = isOn && action === "on" ? "kept" : "";
            isOn = action === "on";
            localStorage.setItem(store, isOn ? ["1", ...left].join(" ") : "");
            say(note);
        } catch {
            say("failed"); // no connection, or no push service
        }
    });
}

if (box && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    start(box.querySelector("form"));
}

// The news are read here too. As read.js, which the other pages take: a file less to fetch
if ("serviceWorker" in navigator) {
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage("pakn-read"));
}

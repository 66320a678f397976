/* eslint-env serviceworker */
// The site on a phone without a network: one page that names the hotline's number.
// Kept are that page and files that are the same for everybody and never change under
// their address; no page, for pages say what is meant for one reader.
const VERSION = "1022-2";
const OFFLINE = "/1022-offline";
const ICON = "/pakn_1022_website/static/icons/icon-192.png";
// Files kept at most; the oldest go first
const FILES = 60;

function isStatic(url) {
    return (
        url.origin === self.location.origin &&
        (/^\/web\/assets\/[^/]+\/[0-9a-f]{7,}\//.test(url.pathname) ||
            /^\/1022-site\/[0-9a-f]{16}\//.test(url.pathname) ||
            url.pathname.startsWith("/pakn_1022_website/static/icons/"))
    );
}

async function getFile(request) {
    const cache = await caches.open(VERSION);
    const kept = await cache.match(request);
    if (kept) {
        return kept;
    }
    const response = await fetch(request);
    if (response.ok && response.type === "basic") {
        await cache.put(request, response.clone());
        const keys = (await cache.keys()).filter(({ url }) => isStatic(new URL(url)));
        for (const key of keys.slice(0, Math.max(0, keys.length - FILES))) {
            await cache.delete(key);
        }
    }
    return response;
}

async function getPage(request) {
    try {
        return await fetch(request);
    } catch (error) {
        const page = await caches.match(OFFLINE);
        if (page) {
            return page;
        }
        throw error;
    }
}

self.addEventListener("install", (event) => {
    event.waitUntil(
        caches
            .open(VERSION)
            .then((cache) =>
                cache.addAll([new Request(OFFLINE, { cache: "reload", credentials: "omit" }), ICON])
            )
            .then(() => self.skipWaiting())
    );
});

self.addEventListener("activate", (event) => {
    event.waitUntil(
        caches
            .keys()
            .then((names) =>
                Promise.all(
                    names
                        .filter((name) => name.startsWith("1022-") && name !== VERSION)
                        .map((name) => caches.delete(name))
                )
            )
            .then(() => self.clients.claim())
    );
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    // No form is held back here (see below); the backend has a worker of its own.
    if (request.method !== "GET" || /^\/(odoo|web\/(login|session))(\/|$)/.test(url.pathname)) {
        return;
    }
    if (isStatic(url)) {
        event.respondWith(getFile(request));
    } else if (request.mode === "navigate") {
        event.respondWith(getPage(request));
    }
});

// ------------------------------------------------------------
// What was sent without a network goes later, with the page closed too
// ------------------------------------------------------------

// As the form keeps its drafts: common/drafts.js, submit/submit.js
const DATABASE = "pakn_1022";
const STORE = "drafts";
const FORM = "/phan-anh";
const SEND = "pakn-send";

/** Do something with the drafts of this device; throws where there are none. */
function useDrafts(mode, act) {
    return new Promise((resolve, reject) => {
        const asked = indexedDB.open(DATABASE, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
        asked.onerror = asked.onblocked = () => reject(asked.error);
        asked.onsuccess = () => {
            const database = asked.result;
            const transaction = database.transaction(STORE, mode);
            const done = act(transaction.objectStore(STORE));
            transaction.oncomplete = () => {
                database.close();
                resolve(done.result);
            };
            transaction.onabort = transaction.onerror = () => reject(transaction.error);
        };
    });
}

/** Return a server's answer; throws where it cannot take anything now, as without a network. */
async function ask(url, options) {
    const reply = await fetch(url, options);
    if (reply.status >= 500 || reply.status === 429) {
        throw new TypeError(`not now: ${reply.status}`);
    }
    return reply;
}

/**
 * Send a request as its page would have. The key of the form makes it one request,
 * whoever sends it and how often.
 */
async function sendDraft(draft) {
    const page = await (await ask(FORM, { headers: { Accept: "text/html" } })).text();
    const data = new FormData();
    for (const [name, values] of Object.entries(draft.fields)) {
        values.forEach((value) => data.append(name, value));
    }
    draft.files.forEach((file) => data.append("files", file));
    data.set("csrf_token", /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] || "");
    data.set("action", "send");
    const reply = await ask(FORM, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (!reply.headers.get("Content-Type")?.startsWith("application/json")) {
        throw new TypeError(`no answer of the form: ${reply.status}`);
    }
    const { url } = await reply.json();
    if (!url) {
        // Something is missing: it stays a draft, which the form shows
        await useDrafts("readwrite", (store) => store.put({ ...draft, waiting: false }));
        return;
    }
    const key = draft.fields.key[0];
    const sent = { id: `sent:${key}`, key, url, fields: {}, files: [], date: Date.now(), later: true };
    await useDrafts("readwrite", (store) => store.put(sent));
    await useDrafts("readwrite", (store) => store.delete(draft.id));
    if (self.Notification?.permission === "granted") {
        await self.registration.showNotification("1022", { body: draft.told, icon: ICON, tag: key, data: { url } });
    }
}

async function sendKept() {
    const drafts = await useDrafts("readonly", (store) => store.getAll());
    let failed = null;
    for (const draft of drafts.filter(({ waiting }) => waiting)) {
        // One that cannot go now does not hold back the others
        await sendDraft(draft).catch((error) => {
            failed = error;
        });
    }
    if (failed) {
        // The browser comes back
        throw failed;
    }
}

self.addEventListener("sync", (event) => {
    if (event.tag === SEND) {
        event.waitUntil(sendKept());
    }
});

// Browsers that do not come back by themselves: when the form is opened again
self.addEventListener("message", (event) => {
    if (event.data === SEND) {
        event.waitUntil(sendKept().catch(() => {}));
    }
});

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
    // Forms are never held back or repeated; the backend has a worker of its own.
    if (request.method !== "GET" || /^\/(odoo|web\/(login|session))(\/|$)/.test(url.pathname)) {
        return;
    }
    if (isStatic(url)) {
        event.respondWith(getFile(request));
    } else if (request.mode === "navigate") {
        event.respondWith(getPage(request));
    }
});

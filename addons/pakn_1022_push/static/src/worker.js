/* eslint-env serviceworker */
// Messages on a request (Web Push), their number on the app's icon, and what other apps
// share to 1022. Stands behind the site's own worker, whose drafts it uses.

const SHARE = "/1022-chia-se";
// As read.js and push.js send it
const READ = "pakn-read";
// Where the number of news stands among the drafts
const BADGE = "badge";

/** One more on the app's icon than since the own requests were last looked at. */
async function countNews() {
    if (!navigator.setAppBadge) {
        return;
    }
    let before;
    try {
        // In one go: two messages may come at the same moment
        before = await useDrafts("readwrite", (store) => {
            const asked = store.get(BADGE);
            asked.onsuccess = () => store.put({ id: BADGE, news: (asked.result?.news || 0) + 1 });
            return asked;
        });
    } catch {
        // Storage is forbidden: it says at least that there is something
    }
    await navigator.setAppBadge((before?.news || 0) + 1);
}

async function forgetNews() {
    if (!navigator.clearAppBadge) {
        return;
    }
    await navigator.clearAppBadge();
    await useDrafts("readwrite", (store) => store.delete(BADGE));
}

self.addEventListener("message", (event) => {
    if (event.data === READ) {
        event.waitUntil(forgetNews().catch(() => {}));
    }
});

self.addEventListener("push", (event) => {
    const { title, body, url, tag, seen } = event.data.json();
    event.waitUntil(countNews().catch(() => {})); // an icon without a number is no loss
    event.waitUntil(
        self.registration
            .showNotification(title, { body, tag, renotify: true, data: { url }, icon: ICON, badge: ICON })
            .then(() =>
                fetch("/1022-push/da-hien", {
                    method: "POST",
                    body: new URLSearchParams({ token: seen }),
                    credentials: "omit",
                })
            )
            .catch(() => {}) // the hotline tells it another way then
    );
});

self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(self.clients.openWindow(event.notification.data.url));
});

/** What was shared becomes a draft of the form, which shows it and says so. */
async function takeShared(request) {
    const shared = await request.formData();
    const words = ["title", "text", "url"].map((name) => shared.get(name)).filter(Boolean);
    const key = crypto.randomUUID();
    const files = shared.getAll("files").filter((file) => file instanceof File && file.size);
    const fields = { key: [key], description: [[...new Set(words)].join("\n")] };
    try {
        const draft = { id: `submit:${key}`, date: Date.now(), fields, files };
        await useDrafts("readwrite", (store) => store.put(draft));
    } catch {
        // Storage is forbidden: the form opens empty
    }
    return Response.redirect("/phan-anh", 303);
}

self.addEventListener("fetch", (event) => {
    if (event.request.method === "POST" && new URL(event.request.url).pathname === SHARE) {
        event.respondWith(takeShared(event.request));
    }
});

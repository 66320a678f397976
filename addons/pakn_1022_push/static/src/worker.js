/* eslint-env serviceworker */
// Messages on a request (Web Push), and what other apps share to 1022. Stands behind the
// site's own worker, whose drafts it uses.

const SHARE = "/1022-chia-se";

self.addEventListener("push", (event) => {
    const { title, body, url, tag, seen } = event.data.json();
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

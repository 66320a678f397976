import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Fetch the file of an export without leaving the page and without a new window. */
export async function fetchExport(orm, id) {
    const { url } = await orm.call("pakn.export.log", "action_download", [[id]]);
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
}

/** Tells who closed the dialog of an export that it has ended. */
const exportService = {
    dependencies: ["bus_service", "notification", "orm"],

    /** @returns {Set} ids of the exports that a dialog looks at */
    start(env, { bus_service, notification, orm }) {
        const watched = new Set();
        bus_service.subscribe("pakn_1022_reports.export", ({ id, state, count }) => {
            if (watched.has(id)) {
                return;
            }
            if (state === "failed") {
                notification.add(_t("Your export failed; “Log of exports” says why."), {
                    type: "danger",
                    sticky: true,
                });
                return;
            }
            const close = notification.add(
                _t("Your export of %s requests is ready.", count.toLocaleString("vi-VN")),
                {
                    type: "success",
                    sticky: true,
                    buttons: [
                        {
                            name: _t("Download"),
                            primary: true,
                            onClick: () => {
                                close();
                                fetchExport(orm, id);
                            },
                        },
                    ],
                }
            );
        });
        bus_service.start();
        return watched;
    },
};

registry.category("services").add("pakn_export", exportService);

import { fields } from "@mail/core/common/record";
import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

import "@mail/discuss/core/public_web/thread_model_patch";

patch(Thread.prototype, {
    setup() {
        super.setup();
        /** @type {{is_counted, left, free_until, open_until, reason}|undefined} */
        this.pakn_window = fields.Attr();
    },
    /** Conversations with citizens stand among the direct messages of who answers. */
    _computeDiscussAppCategory() {
        if (this.channel_type === "pakn_chat") {
            return this.store.discuss.chats;
        }
        return super._computeDiscussAppCategory();
    },
});

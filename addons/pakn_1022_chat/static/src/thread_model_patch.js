import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";

import "@mail/discuss/core/public_web/thread_model_patch";

patch(Thread.prototype, {
    /** Conversations with citizens stand among the direct messages of who answers. */
    _computeDiscussAppCategory() {
        if (this.channel_type === "pakn_chat") {
            return this.store.discuss.chats;
        }
        return super._computeDiscussAppCategory();
    },
});

import { Store } from "@mail/core/common/store_service";
import { rpc } from "@web/core/network/rpc";
import { isHtmlEmpty } from "@web/core/utils/html";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    /**
     * Say why an answer to a citizen was refused, and give it back to who wrote it:
     * Discuss shows a sign alone, and forgets the words when the page is left.
     */
    async doMessagePost(params, tmpMessage) {
        const thread = tmpMessage?.thread;
        if (thread?.channel_type !== "pakn_chat") {
            return super.doMessagePost(...arguments);
        }
        return this.messagePostMutex.exec(async () => {
            try {
                return await rpc("/mail/message/post", params, { silent: true });
            } catch (error) {
                const reason = error.data?.message;
                if (reason) {
                    this.env.services.notification.add(reason, {
                        type: "danger",
                        sticky: true,
                    });
                }
                const { composer } = thread;
                const isTaken = !isHtmlEmpty(composer.composerHtml);
                if (!reason || isTaken || composer.attachments.length) {
                    // No answer at all, or something else is being written: once more
                    tmpMessage.postFailRedo = () => {
                        tmpMessage.postFailRedo = undefined;
                        this.doMessagePost(params, tmpMessage);
                    };
                    return undefined;
                }
                composer.composerHtml = tmpMessage.body;
                composer.attachments = [...tmpMessage.attachment_ids];
                thread.messages.delete(tmpMessage);
                tmpMessage.delete();
                return undefined;
            }
        });
    },
});

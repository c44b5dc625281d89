package io.mailkeep.mailbox;

/** The standard limits, some of them small enough for a test to meet. */
final class SmallLimits {
    private static final MailboxLimits STANDARD = MailboxLimits.standard();

    private SmallLimits() {}

    static MailboxLimits folders(int folders) {
        return of(folders, STANDARD.copyBytes(), STANDARD.openBytes());
    }

    static MailboxLimits copyBytes(long bytes) {
        return of(STANDARD.folders(), bytes, STANDARD.openBytes());
    }

    static MailboxLimits openBytes(long bytes) {
        return of(STANDARD.folders(), STANDARD.copyBytes(), bytes);
    }

    static MailboxLimits delivery(
            int groupMessages, long groupBytes, int queueMessages, long queueBytes) {
        return new MailboxLimits(
                STANDARD.folders(),
                STANDARD.copyMessages(),
                STANDARD.copyBytes(),
                STANDARD.openMessages(),
                STANDARD.openBytes(),
                groupMessages,
                groupBytes,
                queueMessages,
                queueBytes,
                STANDARD.company(),
                STANDARD.attempts());
    }

    private static MailboxLimits of(int folders, long copyBytes, long openBytes) {
        return new MailboxLimits(
                folders,
                STANDARD.copyMessages(),
                copyBytes,
                STANDARD.openMessages(),
                openBytes,
                STANDARD.groupMessages(),
                STANDARD.groupBytes(),
                STANDARD.queueMessages(),
                STANDARD.queueBytes(),
                STANDARD.company(),
                STANDARD.attempts());
    }
}
